"""Constant step size: what is read at any step, and the state after a whole stage, by generating functions.

Formula: with M = (1 - zeta) + zeta N of each mode and the drive g = E^ + tau/(1 - zeta), x^ = M^-1 (x + zeta k/B g D),
E^ = (X + tau zeta K/(1 - zeta))/(1 - zeta K), X = sum C.M^-1 x, K = sum (k/B) C.M^-1 D, where tau is the noise that the
response is driven by; what is read is sum R.x^. All of them come back by one inverse transform. With one buffer and
R = C this is D03; sums of iterates (D24), and methods that take gradients elsewhere than they are read, have another R.

Modes that have long died out make X and K large but analytic near p = 0, where the inverse transform of anything
analytic is zero. That part is taken out by hand, so that what is left of the response at late times keeps its relative
accuracy however small it is. Which modes these are, `dead_modes` says. A sum remembers what has died out, so that
nothing may be left out of it.

Where nothing drives the run, the bias is all there is, and dies out as (1 - nu)^t: that factor is taken out beforehand,
x(t) = (1 - nu)^t y(t), and y is found in the same way, with (N - nu)/(1 - nu) and D/(1 - nu).

Where an eigenvalue of 1 - N is negative, it alternates in sign, and M^-1 has its pole near zeta = -1: f(t) is the
contour integral of f^(exp(-p)), and (-1)^t times that of f^(-exp(-p)). Source: D03, D24, D38.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.dead_modes import count_dead
from riskcalc.dynamics.elimination import Eliminated, Table, eliminated, part_of
from riskcalc.dynamics.functionals import Functional, functional, summed
from riskcalc.dynamics.moments import MomentMap
from riskcalc.dynamics.ordered_modes import OrderedModes
from riskcalc.dynamics.points import Points
from riskcalc.dynamics.standing import less_what_stood, standing
from riskcalc.numeric.inversion import Cotangent, cotangent, upright, windows
from riskcalc.quantity import Array, Complex, Real
from riskcalc.spectral.modes import Modes

_TOGETHER = 64  # points of a long contour that are gone through at a time


@dataclass(frozen=True, kw_only=True)
class _Drive:
    """response and analytic: shape (2, points), their sum is E^ less settled/(1 - zeta) in the variance.

    settled: what the variance has risen to on the dead modes, of which there are `dead`; `silent` of them are not read
    through anything that lives longer.
    """

    response: Complex
    analytic: Complex
    settled: float | np.floating[Any]
    dead: int
    silent: int


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What is read, as in `_Drive`."""

    response: Complex
    settled: float | np.floating[Any]


@dataclass(frozen=True, kw_only=True)
class ConstantStage:
    """Modes under one map of their moments, from a state of shape (2, m, n): bias response, variance response.

    noise: sigma2 + approximation. step_size: of the map.
    """

    modes: Modes
    moments: MomentMap
    state: Array
    step_size: float | np.floating[Any]
    batch_size: int
    noise: float | np.floating[Any]

    @cached_property
    def _ordered(self) -> OrderedModes:
        """All that follows is counted in this order of the modes."""
        return OrderedModes(
            modes=self.modes,
            moments=self.moments,
            listed=self.state,
            step_size=self.step_size,
            batch_size=self.batch_size,
            driven=bool(self.noise),
        )

    @cached_property
    def _driving(self) -> Functional:
        return functional(self._ordered, self.moments.drive)

    @cached_property
    def _reading(self) -> Functional:
        return functional(self._ordered, self.moments.read)

    def _taken_out(self, times: Real | float) -> Real:
        """(1 - nu)^t."""
        return np.asarray(np.exp(times * np.log1p(-self._ordered.rate)))

    def reads(self, times: Real, *, nodes: int) -> Real:
        """sum_n R.x_n(t) for both responses, shape (times, 2), at ascending times that the transform serves."""
        found = np.empty((times.size, 2), dtype=self.modes.real)
        for start, part in windows(times):
            if not self._taken_out(start):  # nothing is left that floats could hold
                found[part] = 0
                continue
            found[part] = self._read(cotangent(start=start, nodes=nodes, real=self.modes.real), start, times[part]).T
        return found * self._taken_out(times)[:, None]

    def reads_while_turning(self, times: Real, *, extent: float, nodes: int) -> Real:
        """The same before what turns round has died out. extent: how far it turns in a step."""
        found = np.empty((times.size, 2), dtype=self.modes.real)
        for start, part in windows(times):
            contour = upright(start=start, extent=extent, nodes=nodes, real=self.modes.real)
            found[part] = contour.invert(self._turning_read(contour.nodes), times[part]).T
            if self._ordered.alternating.any():
                found[part] += self._mirrored(cotangent(start=start, nodes=nodes, real=self.modes.real), times[part]).T
        return found

    def _turning_read(self, p: Complex) -> Complex:
        """sum R.x^, shape (2, points), nothing taken out: so early no mode has died out by itself."""
        parts = []
        for first in range(0, p.size, _TOGETHER):
            points = Points.near_one(p[first : first + _TOGETHER])
            drive = self._closed(points, self._driving.parted(points, 0)[1])
            *free, kernel = self._reading.parted(points, 0)[1]
            parts.append(np.stack(free) + drive * kernel)
        return np.concatenate(parts, axis=1)

    def _mirrored(self, contour: Cotangent, times: Real) -> Real:
        """What changes its sign at every step."""
        mirrored = self._whole_read(Points.near_minus_one(contour.nodes))
        return contour.invert(mirrored, times) * (1 - 2 * (times % 2))

    def _read(self, contour: Cotangent, start: float, times: Real) -> Real:
        """(2, times)."""
        near = Points.near_one(contour.nodes)
        if self.moments.remembers:
            found = contour.invert(self._whole_read(near), times)
        else:
            drive = self._lasting_drive(contour.nodes, start)
            reads = drive if self.moments.reads_where_it_drives else self._lasting_read(near, drive)
            found = contour.invert(reads.response, times)
            found[1] += reads.settled
        if self._ordered.alternating.any():
            found += self._mirrored(contour, times)
        return found

    def state_after(self, duration: int, *, nodes: int) -> Array:
        """The state after `duration` steps that the transform serves, shape (2, m, n)."""
        left = self._taken_out(float(duration))
        if not left:
            return np.zeros_like(self.state)
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0, real=self.modes.real)
        ((p, weight),) = _around(contour, self.modes.number(duration))
        near = Points.near_one(p)
        inverse = eliminated(near.zeta, near.gap, self._ordered.loss).inverse()
        still = standing(self._ordered.loss, duration)
        own = less_what_stood(near.zeta, near.gap, inverse, self._ordered.loss, still)
        found = self._lasting_drive(p, float(duration))
        final = self._forgotten(near, inverse, own, found, weight)
        if any(kept := self._ordered.lasting(found.dead, float(duration))):
            driven = self._driven(inverse, self._whole_drive(near) * weight)
            final[:, kept] = (driven + self._left(own, weight))[:, kept]
        final[..., still] += self._ordered.state[..., still]
        if self._ordered.alternating.any():
            self._add_alternating(final, p, weight, duration)
        return self._ordered.as_listed(final if self.modes.paired else final.real) * left

    def state_while_turning(self, duration: int, *, extent: float, nodes: int) -> Array:
        """The same before what turns round has died out."""
        contour = upright(start=float(duration), extent=extent, nodes=nodes, real=self.modes.real)
        still = standing(self._ordered.loss, duration)
        final = np.zeros(self.state.shape, dtype=self._ordered.kind)
        for p, weight in _around(contour, self.modes.number(duration)):
            near = Points.near_one(p)
            inverse = eliminated(near.zeta, near.gap, self._ordered.loss).inverse()
            own = less_what_stood(near.zeta, near.gap, inverse, self._ordered.loss, still)
            drive = self._closed(near, self._driving.parted(near, 0)[1])
            final += self._driven(inverse, drive * weight) + self._left(own, weight)
        final[..., still] += self._ordered.state[..., still]
        if self._ordered.alternating.any():
            short = cotangent(start=float(duration), nodes=nodes, stretch=1.0, real=self.modes.real)
            for p, weight in _around(short, self.modes.number(duration)):
                self._add_alternating(final, p, weight, duration)
        return self._ordered.as_listed(final if self.modes.paired else final.real)

    def _add_alternating(self, final: Array, p: Complex, weight: Complex, duration: int) -> None:
        """What changes its sign at every step."""
        turning, mirror = self._ordered.alternating, Points.near_minus_one(p)
        inverse = eliminated(mirror.zeta, mirror.gap, part_of(self._ordered.loss, turning)).inverse()
        turned = self._driven(inverse, self._whole_drive(mirror) * weight, turning)
        turned += self._left(inverse, weight, turning)
        final[..., turning] += (1 - 2 * (duration % 2)) * turned

    def _shares(self, p: Complex, count: int) -> Complex:
        """zeta C.M^-1 D k/B of the first modes at each point, partners included, (points, modes)."""
        return self._driving.shares(Points.near_one(p), count)

    def _everywhere_at(self, points: Points) -> Eliminated:
        return eliminated(points.zeta, points.gap, self._ordered.everywhere)

    def _lasting_drive(self, p: Complex, time: float) -> _Drive:
        """E^ from about `time` on, without what is analytic at p = 0."""
        points = Points.near_one(p)
        zeta, gap = points.zeta, points.gap
        simple = self.moments.core == 1
        dead = count_dead(self._ordered.rates, self._ordered.masses, self._shares, time=time, simple=simple)
        first = dead * self._ordered.partners
        (*left, left_kernel), (*free, kernel) = self._driving.parted(points, first)
        early = 1 - zeta * left_kernel  # 1 - zeta K without the live modes: analytic at p = 0
        late = early - zeta * kernel
        response = (np.stack(free) * early + np.stack(left) * zeta * kernel) / (early * late)
        response[1] += self.noise / gap * zeta * kernel / (early * late)
        analytic = np.stack(left) / early
        # noise (1/early - 1)/(1 - zeta): its pole at p = 0 is a constant, the rest is analytic
        mass = np.real(self._ordered.masses[:dead].sum())
        settled = self.noise * mass / (1 - mass)
        analytic[1] += (self.noise * (1 / early - 1) - settled) / gap
        silent = self._ordered.silent(dead, time)
        return _Drive(response=response, analytic=analytic, settled=settled, dead=dead, silent=silent)

    def _lasting_read(self, points: Points, drive: _Drive) -> _Read:
        """sum R.x^ likewise: what is read through moments that have died out follows the drive."""
        first = drive.silent * self._ordered.partners
        (*_, left_kernel), (*free, kernel) = self._reading.parted(points, first)
        constant = np.array([0.0, self.noise + drive.settled], dtype=self.modes.real)[:, None] / points.gap
        following = drive.response * (left_kernel + kernel) + (drive.analytic + constant) * kernel
        settled = (self.noise + drive.settled) * self._read_mass(drive.silent)
        return _Read(response=np.stack(free) + points.zeta * following, settled=settled)

    def _read_mass(self, count: int) -> float | np.floating[Any]:
        """sum R.N^-1 D k/B over the first modes."""
        at_one = Points(zeta=np.ones(1, dtype=self._ordered.kind), gap=np.zeros(1, dtype=self._ordered.kind))
        system = eliminated(at_one.zeta, at_one.gap, part_of(self._ordered.loss, slice(count)))
        rows, kernel = system.functional(self.moments.read), self._ordered.kernel[:, :count]
        found = sum(self.modes.total(row[0] * kernel[k]) for k, row in enumerate(rows) if row is not None)
        return self.modes.real(found)

    def _closed(self, points: Points, sums: Complex) -> Complex:
        """zeta (E^ + noise/(1 - zeta)), shape (2, points), from X of both responses and K; nothing taken out."""
        *free, kernel = sums
        drive = np.stack(free)
        drive[1] += self.noise / points.gap
        return np.asarray(drive * points.zeta / (1 - points.zeta * kernel))

    def _whole_drive(self, points: Points) -> Complex:
        rows = self._everywhere_at(points).functional(self.moments.drive)
        return self._closed(points, summed(rows, self._ordered.sources))

    def _whole_read(self, points: Points) -> Complex:
        """sum R.x^, shape (2, points), nothing taken out."""
        system, sources = self._everywhere_at(points), self._ordered.sources
        drive = self._closed(points, summed(system.functional(self.moments.drive), sources))
        *free, kernel = summed(system.functional(self.moments.read), sources)
        return np.asarray(np.stack(free) + drive * kernel)

    def _forgotten(self, points: Points, inverse: Table, own: Table, found: _Drive, weight: Complex) -> Complex:
        """The state of all that dies out by itself, (2, m, n)."""
        alive = slice(found.dead, None)
        # a dead mode follows the drive, of which only the part that is not analytic at p = 0 counts
        constant = np.array([0.0, self.noise + found.settled], dtype=self.modes.real)[:, None] / points.gap
        following = (found.response + constant) * (points.zeta * weight)
        leading = found.analytic * (points.zeta * weight)
        final = self._driven(inverse, following)
        final[..., alive] += self._driven(part_of(inverse, (slice(None), alive)), leading, alive)
        final[..., alive] += self._left(part_of(own, (slice(None), alive)), weight, alive)
        return final

    def _driven(self, inverse: Table, drive: Complex, chosen: slice | NDArray[np.bool_] = slice(None)) -> Complex:
        """What a drive (2, points) has made of the chosen modes, (2, m, modes); M^-1 is theirs."""
        kernel = self._ordered.kernel[:, chosen]
        final = np.zeros((2, len(inverse), kernel.shape[1]), dtype=self._ordered.kind)
        for row, column, entry in _entries(inverse):
            if self.moments.feed[0, column]:
                final[:, row] += drive @ entry * kernel[column]
        return final

    def _left(self, own: Table, weight: Complex, chosen: slice | NDArray[np.bool_] = slice(None)) -> Complex:
        """What is left of the state of the chosen modes, (2, m, modes)."""
        state = self._ordered.state[..., chosen]
        final = np.zeros(state.shape, dtype=self._ordered.kind)
        for row, column, entry in _entries(own):
            final[:, row] += weight @ entry * state[:, column]
        return final


def _around(contour: Cotangent, time: float | np.floating[Any]) -> Iterator[tuple[Complex, Complex]]:
    """Nodes and weights at one time, partners included, some at a time."""
    for first in range(0, contour.nodes.size, _TOGETHER):
        part = slice(first, first + _TOGETHER)
        p, weight = contour.nodes[part], contour.weights[part]
        p, weight = np.concatenate([p, p.conj()]), np.concatenate([weight, weight.conj()])
        yield p, weight * np.exp(p * time)


def _entries(table: Table) -> Iterator[tuple[int, int, Complex]]:
    return ((i, j, entry) for i, row in enumerate(table) for j, entry in enumerate(row) if entry is not None)
