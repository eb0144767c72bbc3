"""Smooth schedules: the response of the last iterate across whole panels of steps, whatever their length.

Formula: in a panel every mode x_n and the totals are polynomials of degree p in the step (see `collocation`); each
mode is eliminated, x_n = response_n x_n(0) + inverse_n L (gamma^2/B) k_n (E + tau), and a p x p system for E is left.
A panel stands when the last Legendre coefficients of both totals are small against the excess in it.
Source: D26.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.collocation import Panel
from riskcalc.dynamics.grading import Crossed, Grading, Stepped
from riskcalc.dynamics.modes import Modes, Values
from riskcalc.dynamics.recursion import advance
from riskcalc.schedule import Smooth, sizes_beyond

Real = NDArray[np.float64]

TAIL = 1e-12  # of the last coefficients, relative to the excess
_ROUNDING = 64 * np.finfo(float).eps
_SOLVED = 16 * np.finfo(float).eps  # of the feedback's solution, times what that amplifies
_VANISHED = 1e-290  # of the largest mode at the start; what has decayed below it is 0: float64 ends at 1e-308
BLOCK = 2048  # modes whose systems are formed together


@dataclass(frozen=True, kw_only=True)
class Driven(Crossed[Values]):
    """A panel done, with L (gamma^2/B)(E + tau) at the step before each node, shape (2, p): what drives each k_n.

    amplified: how many times the rounding of one step the feedback may make of it, 1/(1 - kappa) in a long panel.
    """

    drive: Real
    amplified: float

    @property
    def rounding(self) -> float:
        """What no shorter panel removes, relative to the modes' sizes."""
        return float(_ROUNDING + _SOLVED * self.amplified)


@dataclass(frozen=True, kw_only=True)
class SmoothRun:
    """Modes under a smooth schedule. noise: sigma2 + approximation. degree: of the polynomials in a panel."""

    modes: Modes
    schedule: Smooth
    horizon: int
    batch_size: int
    noise: float
    degree: int

    @property
    def start(self) -> Values:
        """The state before the first step."""
        return np.stack([self.modes.signal, np.zeros_like(self.modes.signal)])

    def cross(self, state: Values, *, last: int, start: int = 0) -> Iterator[Crossed[Values] | Stepped[Values]]:
        """The run from step `start` to `last`, in pieces."""
        grading = Grading(horizon=self.horizon, kinks=self.kinks, degree=self.degree)
        origin = max([0, *(kink for kink in self.kinks if kink <= start)])
        return grading.cross(self, state, start=start, last=last, origin=origin)

    @property
    def kinks(self) -> tuple[int, ...]:
        return self.schedule.breaks(horizon=self.horizon) or ()

    def sizes_at_steps(self, start: int, stop: int) -> Real:
        return sizes_beyond(self.schedule, start, np.arange(stop - start), horizon=self.horizon)

    def sizes_before_nodes(self, panel: Panel) -> Real:
        return sizes_beyond(self.schedule, panel.start, panel.before, horizon=self.horizon)

    def step(self, state: Values, start: int, stop: int) -> Stepped[Values]:
        sizes = self.sizes_at_steps(start, stop)
        state, totals = advance(self.modes, self._kept(state), sizes, batch_size=self.batch_size, noise=self.noise)
        return Stepped(start=start, totals=totals, state=state)

    def try_panel(self, state: Values, panel: Panel) -> Driven | None:
        """One panel, None where its polynomials are not good enough."""
        sizes = self.sizes_before_nodes(panel)
        crossed = cross_panel(
            self.modes, self._kept(state), panel, sizes, batch_size=self.batch_size, noise=self.noise
        )
        tail = np.abs(panel.coefficients(crossed.totals)[:, -2:]).max()
        excess = self.modes.floor + crossed.totals.sum(axis=0)
        rounding = crossed.rounding * float(np.abs(crossed.state).sum())
        return crossed if tail <= TAIL * max(0.0, excess.min()) + rounding else None

    def _kept(self, state: Values) -> Values:
        """The state without what has vanished, which no panel could follow and no step would end."""
        kept: Values = np.where(np.abs(state) < _VANISHED * np.abs(self.modes.signal).max(), 0, state)
        return kept


def cross_panel(
    modes: Modes, state: Values, panel: Panel, step_sizes: Real, *, batch_size: int, noise: float
) -> Driven:
    """Both responses across one panel. state: shape (2, n). step_sizes: at the panel's `before`."""
    gain = panel.length * step_sizes**2 / batch_size
    blocks = [slice(start, start + BLOCK) for start in range(0, modes.position.size, BLOCK)]
    feedback, free = np.zeros((panel.degree, panel.degree)), np.zeros((2, panel.degree))
    last_rows, last_responses = [], []
    weight = 2 if modes.paired else 1
    for block in blocks:
        scaled = modes.position[block, None] * step_sizes
        decay = panel.length * scaled * (2 - (1 + 1 / batch_size) * scaled)
        inverse, response = panel.solve(decay)
        feedback += weight * np.real(np.tensordot(modes.kernel[block], inverse, axes=1))
        free += weight * np.real(state[:, block] @ response)
        last_rows.append(inverse[:, -1])
        last_responses.append(response[:, -1])
    start = modes.total(state)
    known = start[:, None] * panel.shift[:, 0] + np.array([0.0, noise])[:, None]  # of E + tau before the nodes
    feedback *= gain
    inverse = np.linalg.inv(np.eye(panel.degree) - feedback @ panel.shift[:, 1:])
    at_nodes = (free + known @ feedback.T) @ inverse.T
    drive = (at_nodes @ panel.shift[:, 1:].T + known) * gain
    final = state * np.concatenate(last_responses) + drive @ np.concatenate(last_rows).T * modes.kernel
    totals = np.concatenate([start[:, None], at_nodes], axis=1)
    amplified = float(np.abs(inverse).sum(axis=1).max())
    return Driven(panel=panel, totals=totals, state=final, drive=drive, amplified=amplified)
