"""Smooth schedules: averages of iterates across whole panels of steps.

Formula: in a panel the crosses c_n and the totals of the squared sums follow the polynomials of the moments x_n, by the
same collocation: c_n(t+1) = (1 - gamma z_n)(c_n(t) + x_n(t)), total(t+1) = total(t) + sum_n (2 c_n(t) + x_n(t)).
An average that starts inside the run starts there with c = total = 0, and its panels are short there. A panel stands
when that of the moments does and the last Legendre coefficients of the totals are small against the totals. Where
factors 1 - gamma z alternate in sign, no panel stands until that has died out.
Source: D24, D26.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.averaged_recursion import SumState, advance_sum
from riskcalc.dynamics.collocation import Panel
from riskcalc.dynamics.grading import Crossed, Grading, Stepped
from riskcalc.dynamics.modes import Values
from riskcalc.dynamics.panels import BLOCK, TAIL, Driven, SmoothRun

Real = NDArray[np.float64]


def smooth_averages(run: SmoothRun, windows: dict[int, tuple[int, ...]]) -> dict[int, Real]:
    """bias and variance of the averages at every recorded step, shape (2,) each.

    windows: recorded steps by the first iterate of their averages, both ascending.
    """
    found: dict[int, Real] = {}
    moments, at = run.start, 0
    for first, ends in windows.items():
        for piece in run.cross(moments, start=at, last=first):
            moments = piece.state
        at = first
        # step 0 has no iterate before it: there the average is the start itself
        found |= {end: run.modes.total(moments) for end in ends if end == first}
        found |= _SmoothSum(run=run, first=first).averages(moments, ends)
    return found


@dataclass(frozen=True, kw_only=True)
class _SmoothSum:
    """The sum of the iterates of a run from the one at step `first` on."""

    run: SmoothRun
    first: int

    def averages(self, moments: Values, ends: tuple[int, ...]) -> dict[int, Real]:
        """Mean squares of the averages at each of `ends` beyond the first step."""
        found: dict[int, Real] = {}
        for piece in self._cross(SumState.fresh(moments), last=ends[-1]):
            for end in ends:
                if piece.start < end <= piece.stop:
                    found[end] = _total_at(piece, end) / float(end - self.first) ** 2
        return found

    def _cross(self, state: SumState, *, last: int) -> Iterator[Crossed[SumState] | Stepped[SumState]]:
        run = self.run
        if last == self.first:
            return iter(())
        grading = Grading(horizon=run.horizon, kinks=run.kinks, degree=run.degree)
        return grading.cross(self, state, start=self.first, last=last, origin=self.first)

    def step(self, state: SumState, start: int, stop: int) -> Stepped[SumState]:
        run = self.run
        sizes = run.sizes_at_steps(start, stop)
        after, totals = advance_sum(run.modes, state, sizes, batch_size=run.batch_size, noise=run.noise)
        return Stepped(start=start, totals=np.concatenate([state.totals[None], totals[:-1]]), state=after)

    def try_panel(self, state: SumState, panel: Panel) -> Crossed[SumState] | None:
        """One panel, None where its polynomials are not good enough."""
        run = self.run
        moments = run.try_panel(state.moments, panel)
        if moments is None:
            return None
        crosses, final = self._crosses(state, moments)
        totals = panel.add_up(2 * crosses + moments.totals, state.totals)
        tail = np.abs(panel.coefficients(totals)[:, -2:]).max()
        counts = panel.start - self.first + panel.places
        squares = run.modes.floor * counts**2 + totals.sum(axis=0)
        rounding = moments.rounding * panel.length * float(np.abs(final).sum())
        if tail > TAIL * max(0.0, squares.min()) + rounding:
            return None
        after = SumState(moments=moments.state, crosses=final, totals=totals[:, -1])
        return Crossed(panel=panel, totals=totals, state=after)

    def _crosses(self, state: SumState, moments: Driven) -> tuple[Real, Values]:
        """Totals of the crosses at the start of the panel and its nodes, (2, p + 1), and the crosses at its end."""
        run, panel = self.run, moments.panel
        sizes = run.sizes_before_nodes(panel)
        totals, final = np.zeros((2, panel.degree + 1)), []
        for start in range(0, run.modes.position.size, BLOCK):
            block = slice(start, start + BLOCK)
            scaled = run.modes.position[block, None] * sizes
            decay = panel.length * scaled * (2 - (1 + 1 / run.batch_size) * scaled)
            driven = moments.drive[:, None] * run.modes.kernel[block, None]
            values = panel.follow(decay, state.moments[:, block], driven)
            fed = panel.length * (1 - scaled) * (values @ panel.shift.T)
            crosses = panel.follow(panel.length * scaled, state.crosses[:, block], fed)
            totals += run.modes.total(np.moveaxis(crosses, 1, -1))
            final.append(crosses[:, :, -1])
        return totals, np.concatenate(final, axis=1)


def _total_at(piece: Crossed[SumState] | Stepped[SumState], end: int) -> Real:
    if end == piece.stop:
        return piece.state.totals
    if isinstance(piece, Stepped):
        return np.asarray(piece.totals[end - piece.start])
    return piece.panel.inside(piece.totals, np.array([float(end - piece.start)]))[:, 0]
