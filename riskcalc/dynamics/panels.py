"""Smooth schedules: the response across whole panels of steps, whatever their length.

Formula: in a panel every mode x_n and the totals are polynomials of degree p in the step (see `collocation`); each
mode is eliminated, x_n = response_n x_n(0) + inverse_n L (gamma^2/B) k_n (E + tau), and a p x p system for E is left.
Panels start short at the beginning of the run and at every kink and at most double; towards a vanishing step size they
shrink again. A panel stands when the last Legendre coefficients of both totals are small against the excess in it,
otherwise it is halved; what is too short for a panel goes step by step.
Source: D26.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.collocation import Panel, shortest_panel
from riskcalc.dynamics.modes import Modes, Values
from riskcalc.dynamics.recursion import advance
from riskcalc.errors import ToleranceNotMet
from riskcalc.schedule import Smooth
from riskcalc.schedule.smooth import whole_steps

Real = NDArray[np.float64]

_TAIL = 1e-12  # of the last coefficients, relative to the excess
_ROUNDING = 64 * np.finfo(float).eps  # of the modes' sizes; no shorter panel removes it
_VANISHED = 1e-290  # of the largest mode at the start; what has decayed below it is 0: float64 ends at 1e-308
_SHORTEST = 1024  # steps, at least: fewer are as fast one by one
_MOST_PANELS = 20_000  # accepted or not; some minutes
_BLOCK = 2048  # modes whose systems are formed together


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """A panel done. totals: both responses at its start and its nodes, shape (2, p + 1). state: at its end."""

    panel: Panel
    totals: Real
    state: Values

    @property
    def stop(self) -> int:
        return self.panel.stop


@dataclass(frozen=True, kw_only=True)
class Stepped:
    """Steps gone through one by one. totals: before each of them, shape (steps, 2). state: after all of them."""

    start: int
    totals: Real
    state: Values

    @property
    def stop(self) -> int:
        return self.start + len(self.totals)


@dataclass(frozen=True, kw_only=True)
class SmoothRun:
    """Modes under a smooth schedule. noise: sigma2 + approximation. degree: of the polynomials in a panel."""

    modes: Modes
    schedule: Smooth
    horizon: int
    batch_size: int
    noise: float
    degree: int

    def cross(self, state: Values, *, last: int) -> Iterator[Crossed | Stepped]:
        """The run from step 0 to `last`, in pieces."""
        kinks = [kink for kink in self.schedule.breaks(horizon=self.horizon) if kink < last]
        shortest = max(_SHORTEST, shortest_panel(self.degree))
        tried, vanished = 0, _VANISHED * float(np.abs(state).max())
        for origin, end in pairwise([0, *kinks, last]):
            place, length = origin, end - origin
            while place < end:
                length = min(length, self._longest(place, origin, end))
                piece: Crossed | Stepped | None = None
                while piece is None and length >= shortest:
                    piece = self._try(state, Panel(start=place, length=length, degree=self.degree))
                    length, tried = length // 2, tried + 1
                if tried > _MOST_PANELS:
                    raise ToleranceNotMet(
                        f"this schedule needs more than {_MOST_PANELS} panels to be followed: the risk changes too "
                        "fast against the length of the run; ask for fewer steps"
                    )
                if piece is None:
                    piece = self._step(state, place, min(end, place + shortest))
                yield piece
                length = 2 * (piece.stop - place)
                state, place = np.where(np.abs(piece.state) < vanished, 0, piece.state), piece.stop

    def _longest(self, place: int, origin: int, end: int) -> int:
        """The longest panel from `place`: up to the next end, at most doubling from the kink and halving to the end."""
        left = self.horizon - place
        return min(end - place, place - origin, left // 2 if end == self.horizon else left)

    def _step(self, state: Values, start: int, stop: int) -> Stepped:
        sizes = self.schedule.at(*whole_steps(start, stop, horizon=self.horizon), horizon=self.horizon)
        state, totals = advance(self.modes, state, sizes, batch_size=self.batch_size, noise=self.noise)
        return Stepped(start=start, totals=totals, state=state)

    def _try(self, state: Values, panel: Panel) -> Crossed | None:
        """One panel, None where its polynomials are not good enough."""
        crossed = cross_panel(
            self.modes, state, panel, self._step_sizes(panel), batch_size=self.batch_size, noise=self.noise
        )
        tail = np.abs(panel.coefficients(crossed.totals)[:, -2:]).max()
        excess = self.modes.floor + crossed.totals.sum(axis=0)
        rounding = _ROUNDING * float(np.abs(crossed.state).sum())
        return crossed if tail <= _TAIL * max(0.0, excess.min()) + rounding else None

    def _step_sizes(self, panel: Panel) -> Real:
        before = panel.before
        return self.schedule.at(panel.start + before, (self.horizon - panel.start) - before, horizon=self.horizon)


def cross_panel(
    modes: Modes, state: Values, panel: Panel, step_sizes: Real, *, batch_size: int, noise: float
) -> Crossed:
    """Both responses across one panel. state: shape (2, n). step_sizes: at the panel's `before`."""
    gain = panel.length * step_sizes**2 / batch_size
    blocks = [slice(start, start + _BLOCK) for start in range(0, modes.position.size, _BLOCK)]
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
    at_nodes = np.linalg.solve(np.eye(panel.degree) - feedback @ panel.shift[:, 1:], (free + known @ feedback.T).T).T
    drive = (at_nodes @ panel.shift[:, 1:].T + known) * gain
    final = state * np.concatenate(last_responses) + drive @ np.concatenate(last_rows).T * modes.kernel
    return Crossed(panel=panel, totals=np.concatenate([start[:, None], at_nodes], axis=1), state=final)
