"""Limits from the profile of a fit: how far a statistic can be moved, all else fitted again, before it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.fitting.loss import Loss
from riskcalc.fitting.power_sum import PowerSum
from riskcalc.fitting.robust import robust_fit
from riskcalc.quantity import Real

_MOVES = np.array([0.5, 0.9, 1.1, 1.5, 2, 3, 5, 10, 30])  # in units of the linear reach
_STRAIGHT = 0.25  # of the profile in units of the reach: so short a stretch is a straight line
_TURNS = 16
_FAINT = -6.0  # log of the share of the smallest value at which a floor of 0 is let in again


@dataclass(frozen=True, kw_only=True, eq=False)
class Profile:
    """A fitted model of one data set. free: the parameters that move.

    A parameter of `free` that stands at -inf (a floor of 0) is let in again while others are moved.
    """

    model: PowerSum
    data: Real
    parameters: Real
    free: Sequence[int]
    loss: Loss

    def limits(self, statistic: Real, reach: float) -> tuple[float, float]:
        """Where the profile of a statistic, linear in the parameters, passes `reach`; infinite where it never does.

        Formula: the cost at the minimum with the statistic held at g is cost_0 + (g - g_0)^2/q for a linear model, q
            the entry of (J' D J)^-1; g is the limit where sqrt(q (cost - cost_0)) = reach.
        Source: D60.
        """
        if reach == 0:
            value = self._value(statistic)
            return value, value
        return self._end(statistic, reach, -1.0), self._end(statistic, reach, 1.0)

    def _value(self, statistic: Real) -> float:
        used = statistic != 0
        return float(statistic[used] @ self.parameters[used])

    def _end(self, statistic: Real, reach: float, side: float) -> float:
        """Moves in steps from the estimate outwards, each fit begun where the one before ended."""
        held = int(np.argmax(np.abs(statistic)))
        turned = replace(self.model, design=_turned(self.model.design, statistic, held))
        others = tuple(column for column in self.free if column != held)
        start = np.array(self.parameters, dtype=np.float64)
        start[np.isneginf(start) & np.isin(np.arange(start.size), self.free)] = self.data.min() + _FAINT
        value, curvature = self._value(statistic), self._curvature(statistic)
        start[held] = value
        lowest = float(self.loss.value(self.data - self.model.values(self.parameters[None])[0]).sum())

        def passed(move: float, begin: Real) -> tuple[float, Real]:
            """The profile in units of the reach, and the parameters there."""
            begin = begin.copy()
            begin[held] = value + side * move * reach
            found = robust_fit(turned, self.data[None], begin[None], free=others, loss=self.loss)
            gained = float(found.cost[0]) - lowest
            return float(np.sqrt(curvature * max(gained, 0.0))) / reach, found.parameters[0]

        inside = (0.0, 0.0)
        for move in _MOVES:
            size, there = passed(float(move), start)
            if not np.isfinite(size):
                break
            if size >= 1:
                return value + side * reach * _crossing(passed, start, inside, (float(move), size))
            inside, start = (float(move), size), there
        return side * np.inf

    def _curvature(self, statistic: Real) -> float:
        """q: the variance of the statistic in units of the noise, if that were independent."""
        inverse, places, share = inverse_normal(self)
        part = statistic[places]
        return float(part @ inverse @ part) / share


def _crossing(
    passed: Callable[[float, Real], tuple[float, Real]],
    start: Real,
    inside: tuple[float, float],
    outside: tuple[float, float],
) -> float:
    """The move at which the profile passes 1, between two moves with their profiles; by halves where it bends."""
    for turn in range(_TURNS):
        if outside[1] - inside[1] < _STRAIGHT:
            break
        move = float(np.interp(1.0, (inside[1], outside[1]), (inside[0], outside[0])))
        if turn % 2:
            move = (inside[0] + outside[0]) / 2
        size, there = passed(move, start)
        if size >= 1:
            outside = (move, size)
        else:
            inside, start = (move, size), there
    return float(np.interp(1.0, (inside[1], outside[1]), (inside[0], outside[0])))


def inverse_normal(fit: Profile) -> tuple[Real, list[int], float]:
    """(J'J)^-1 of the parameters that stand at finite values, their places, and the mean curvature of the loss."""
    places = [column for column in fit.free if np.isfinite(fit.parameters[column])]
    values, jacobian = fit.model.evaluate(fit.parameters[None])
    moving = jacobian[0][:, places]
    share = float(np.mean(fit.loss.curvature(fit.data - values[0])))
    return np.linalg.pinv(moving.T @ moving, hermitian=True), places, max(share, 1.0 / fit.data.size)


def _turned(design: Real, statistic: Real, held: int) -> Real:
    """The design in which the parameter `held` is the statistic itself, the others as they were."""
    turned = design - statistic / statistic[held] * design[:, :, held, None]
    turned[:, :, held] = design[:, :, held] / statistic[held]
    return np.asarray(turned)
