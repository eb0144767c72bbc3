"""Smooth schedules: the moments of a method across whole panels of steps, whatever their length.

Formula: in a panel the moments of every mode and the totals are polynomials of degree p in the step (see
`collocation`); the core of each mode is eliminated, x_n = response_n x_n(0) + inverse_n L (k_n/B) D (E + tau), and a
p x p system for E is left. What follows the core, as sums of iterates do, is then solved for block after block, each
with what feeds it as its source: in one system, moments of very different size would lose each other's digits.

A panel stands when the last Legendre coefficients of the totals, and of what is read, are small against the excess in
it. Where a factor alternates in sign, none stands until that has died out. Source: D24, D26, D38.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.dynamics.collocation import Panel
from riskcalc.dynamics.grading import Crossed, Grading, Stepped
from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import MomentMap, moment_map
from riskcalc.dynamics.panel_core import BLOCK, seen
from riskcalc.dynamics.recursion import advance
from riskcalc.quantity import Array, Real
from riskcalc.schedule import Smooth, sizes_beyond
from riskcalc.spectral.modes import Modes

TAIL = 1e-12  # of the last coefficients, relative to the excess
_ROUNDING = 64 * np.finfo(float).eps
_SOLVED = 16 * np.finfo(float).eps  # of the feedback's solution, times what that amplifies
_VANISHED = 1e-290  # of the largest mode at the start; what has decayed below it is 0: float64 ends at 1e-308


@dataclass(frozen=True, kw_only=True)
class SmoothRun:
    """Modes under a method and a smooth schedule, from step `begin` on.

    noise: sigma2 + approximation. degree: of the polynomials in a panel.
    """

    modes: Modes
    method: Method
    schedule: Smooth
    horizon: int
    batch_size: int
    noise: float | np.floating[Any]
    degree: int
    begin: int = 0

    def cross(self, state: Array, *, last: int, start: int) -> Iterator[Crossed[Array] | Stepped[Array]]:
        """The run from step `start` to `last`, in pieces; their totals are what is read."""
        if last == start:
            return iter(())
        kinks = self.schedule.breaks(horizon=self.horizon) or ()
        grading = Grading(horizon=self.horizon, kinks=kinks, degree=self.degree)
        origin = max([self.begin, *(kink for kink in kinks if self.begin < kink <= start)])
        return grading.cross(self, state, start=start, last=last, origin=origin)

    def step(self, state: Array, start: int, stop: int) -> Stepped[Array]:
        sizes = sizes_beyond(self.schedule, start, np.arange(stop - start), horizon=self.horizon)
        after, reads = advance(
            self.modes,
            self.method,
            self._kept(state),
            sizes,
            start=start,
            batch_size=self.batch_size,
            noise=self.noise,
        )
        return Stepped(start=start, totals=reads, state=after)

    def try_panel(self, state: Array, panel: Panel) -> Crossed[Array] | None:
        """One panel, None where its polynomials are not good enough."""
        before = panel.before
        sizes = sizes_beyond(self.schedule, panel.start, before, horizon=self.horizon)
        moments = moment_map(self.method, panel.start + before, sizes, batch_size=self.batch_size)
        crossing = _Crossing(
            modes=self.modes, moments=moments, panel=panel, state=self._kept(state), batch_size=self.batch_size
        )
        core = crossing.core(self.noise)
        if not self._stands(panel, core.totals, core.rounding * float(np.abs(core.final).sum())):
            return None
        if moments.reads_where_it_drives:
            return Crossed(panel=panel, totals=core.totals, state=core.final)
        reads, final, gained = crossing.followers(core)
        count = panel.start - self.begin + panel.places if moments.remembers else 1.0
        if not self._stands(panel, reads, core.rounding * gained, count):
            return None
        return Crossed(panel=panel, totals=reads, state=final)

    def _stands(self, panel: Panel, values: Real, rounding: float, count: Real | float = 1.0) -> bool:
        tail = np.abs(panel.coefficients(values)[:, -2:]).max()
        excess = self.modes.floor * count**2 + values.sum(axis=0)
        return bool(tail <= TAIL * max(0.0, excess.min()) + rounding)

    def _kept(self, state: Array) -> Array:
        """The state without a response that has vanished, which no panel could follow and no step would end.

        Single modes stay, however small: a fast one follows the total, and would start from nothing in every panel.
        """
        core = self.method.core * (self.method.core + 1) // 2
        gone = np.abs(state[:, :core]).max(axis=(1, 2)) < _VANISHED * np.abs(self.modes.signal).max()
        kept = state.copy()
        kept[gone, :core] = 0
        return kept


@dataclass(frozen=True, kw_only=True)
class _Core:
    """totals: E at the start and the nodes, (2, p + 1). drive: E + tau at the step before each node, (2, p).

    rounding: what no shorter panel removes, relative to the modes' sizes: the feedback may make 1/(1 - kappa) of that
    of one step.
    """

    totals: Real
    drive: Real
    final: Array
    rounding: float


@dataclass(frozen=True, kw_only=True)
class _Crossing:
    """One panel of both responses. moments: at the panel's `before`. state: shape (2, m, n)."""

    modes: Modes
    moments: MomentMap
    panel: Panel
    state: Array
    batch_size: int

    def core(self, noise: float | np.floating[Any]) -> _Core:
        """The moments that drive, and their totals."""
        panel, moments, modes = self.panel, self.moments, self.modes
        first, degree = slice(moments.core), panel.degree
        functional, size = moments.drive[first], moments.core
        gain = panel.length / self.batch_size * moments.feed[:, first].T  # (s, p)
        found = seen(panel, moments, modes, self.state[:, first])
        start = modes.total(np.tensordot(self.state[:, first], functional, axes=(1, 0)))
        known = start[:, None] * panel.shift[:, 0] + np.array([0.0, noise])[:, None]  # of E + tau before the nodes
        loop = np.einsum("ajb,jb->ab", found.feedback.reshape(degree, size, degree), gain)
        inverse = np.linalg.inv(np.eye(degree) - loop @ panel.shift[:, 1:])
        at_nodes = (found.free + known @ loop.T) @ inverse.T
        drive = at_nodes @ panel.shift[:, 1:].T + known
        final = found.carried + found.driven((drive[:, None] * gain).reshape(2, -1)) * modes.kernel
        return _Core(
            totals=np.concatenate([start[:, None], at_nodes], axis=1),
            drive=drive,
            final=final,
            rounding=float(_ROUNDING + _SOLVED * np.abs(inverse).sum(axis=1).max()),
        )

    def followers(self, core: _Core) -> tuple[Real, Array, float]:
        """What is read at the start and the nodes, the whole state at the end, and the size of what adds up to it."""
        reads, final, gained = np.zeros((2, self.panel.degree + 1)), [], 0.0
        for block in self._blocks():
            values, sources = self._values(block, core.drive)
            reads += self.modes.total(np.tensordot(values, self.moments.read, axes=(1, 0)).swapaxes(1, 2))
            final.append(values[..., -1])
            gained += float(np.abs(np.tensordot(sources, self.moments.read, axes=(1, 0))).sum())
        return reads, np.concatenate(final, axis=2), gained

    def _values(self, block: slice, drive: Real) -> tuple[Array, Array]:
        """All moments of some modes at the start and the nodes, (2, m, n, p + 1); what fed the last one, (2, m, n)."""
        panel, moments = self.panel, self.moments
        gain = panel.length / self.batch_size * moments.feed.T
        kernel = self.modes.kernel[block]
        found: list[Array] = []
        sources: list[Array] = []
        for part in moments.blocks:
            start = self.state[:, part, block]
            source = drive[:, None, None, :] * gain[part][:, None, :] * kernel[:, None]
            if found:
                before = np.concatenate(found, axis=1) @ panel.shift.T
                source = source - np.einsum("nijp,rjnp->rinp", self._decay(block, part, slice(part.start)), before)
            if moments.joined[part, part].any():
                found.append(panel.follow(self._decay(block, part, part), start, source))
            else:
                found.append(panel.add_up(start, source))
            sources.append(source[..., -1])
        return np.concatenate(found, axis=1), np.concatenate(sources, axis=1)

    def _decay(self, block: slice, rows: slice, columns: slice) -> Array:
        """L N at the nodes, (n, rows, columns, p)."""
        return self.panel.length * self.moments.part(self.modes.position[block], rows, columns)

    def _blocks(self) -> list[slice]:
        return [slice(start, start + BLOCK) for start in range(0, self.modes.position.size, BLOCK)]
