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

from riskcalc.dynamics.characteristic import Characteristic
from riskcalc.dynamics.dead_modes import count_dead
from riskcalc.dynamics.elimination import Eliminated, Rows, Table, eliminated
from riskcalc.dynamics.moments import MomentMap
from riskcalc.dynamics.points import Points
from riskcalc.dynamics.served import FORGOTTEN
from riskcalc.dynamics.slowest import slowest_rate
from riskcalc.dynamics.standing import less_what_stood, standing
from riskcalc.numeric.inversion import Cotangent, cotangent, windows
from riskcalc.quantity import Array, Complex, Real
from riskcalc.spectral.modes import Modes


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

    @property
    def _kind(self) -> type[np.complexfloating[Any, Any]]:
        """Complex numbers of the same floats."""
        return np.result_type(self.modes.real, np.complex64).type

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        """From the mode that dies out first on: all that has a private name stands in this order.

        It is not that of the positions where gamma z > 1/(1 + 1/B).
        """
        rates = _rates(self.moments.core_of(self.modes.position))
        return np.argsort(-rates, kind="stable")

    def _as_listed(self, values: Array) -> Array:
        """Values of the modes (last axis) in the order in which they are listed."""
        listed = np.empty_like(values)
        listed[..., self._order] = values
        return listed

    @cached_property
    def _rate(self) -> np.floating[Any]:
        """nu, of the factor (1 - nu)^t that is taken out."""
        alone = self.moments.size == 1 and not self.modes.paired
        if not alone or self.noise or self.state[1].any():
            return self.modes.number(0.0)
        return self.modes.number(slowest_rate(self.modes, float(self.step_size), self.batch_size))

    @cached_property
    def _loss(self) -> Table:
        """Entries of N; of (N - nu)/(1 - nu) where a factor is taken out."""
        z, rate = self.modes.position[self._order], self._rate
        joined = self.moments.joined
        return [
            [
                (self.moments.loss(i, j, z)[0] - (rate if i == j else 0.0)) / (1 - rate) if joined[i, j] else None
                for j in range(self.moments.size)
            ]
            for i in range(self.moments.size)
        ]

    @cached_property
    def _everywhere(self) -> Table:
        """Entries of N, conjugate partners side by side."""
        return [[None if entry is None else self.modes.everywhere(entry) for entry in row] for row in self._loss]

    @cached_property
    def _kernel(self) -> Array:
        """D k/B, (m, n); over 1 - nu where a factor is taken out."""
        weights = self.modes.kernel[self._order] / self.batch_size / (1 - self._rate)
        return np.asarray(self.moments.feed[0][:, None] * weights)

    @cached_property
    def _state(self) -> Array:
        return self.state[..., self._order]

    @cached_property
    def _sources(self) -> Complex:
        """Columns: bias state, variance state, kernel; rows: moments of the modes, conjugate partners side by side."""
        rows = self.modes.everywhere(np.concatenate([self._state, self._kernel[None]]))
        return np.ascontiguousarray(rows.transpose(2, 1, 0), dtype=self._kind)  # (n, m, 3)

    @cached_property
    def _core(self) -> Array:
        """The core of N, (n, core, core); of (N - nu)/(1 - nu) where a factor is taken out."""
        core = self.moments.core_of(self.modes.position[self._order])
        return np.asarray((core - self._rate * np.eye(self.moments.core)) / (1 - self._rate))

    @cached_property
    def _rates(self) -> Real:
        """How fast modes die out, in the order in which they do."""
        return _rates(self._core).astype(float)

    @cached_property
    def _followers(self) -> list[tuple[slice, Real]]:
        """Blocks of moments that follow the core, and how fast they forget a mode: it, or any before it, at the least.
        """
        least, found = np.full(len(self._rates), np.inf), []
        for block in self.moments.blocks[1:]:
            rows = range(self.moments.size)[block]
            entries = [[self._filled(self._loss[i][j]) for j in rows] for i in rows]
            rates = _rates(np.moveaxis(np.array(entries), -1, 0)).astype(float)
            least = np.minimum(least, np.minimum.accumulate(rates))
            found.append((block, least))
        return found

    def _filled(self, entry: Complex | None) -> Complex:
        return np.zeros(len(self._rates), dtype=self._kind) if entry is None else entry

    def _silent(self, dead: int, time: float) -> int:
        """How many of the first `dead` modes everything has forgotten."""
        return min([dead, *(int((rates[:dead] * time > FORGOTTEN).sum()) for _, rates in self._followers)])

    def _lasting(self, dead: int, time: float) -> NDArray[np.bool_]:
        """Moments that hold what the core of a dead mode has forgotten."""
        kept = np.zeros(self.moments.size, dtype=bool)
        for block, rates in self._followers:
            kept[block] = bool((rates[:dead] * time <= FORGOTTEN).any())
        return kept

    @cached_property
    def _masses(self) -> Array:
        """C.N^-1 D k/B, which add up to kappa; twice, where a mode has a partner."""
        moving = self._core.any(axis=(1, 2))  # without movement there is no feedback
        drive, kernel = self.moments.drive[: self.moments.core], self._kernel[: self.moments.core].T
        masses = np.zeros(len(self._core), dtype=self._core.dtype)
        if self.moments.core == 1:
            masses[moving] = kernel[moving, 0] / self._core[moving, 0, 0] * drive[0]
        else:
            masses[moving] = np.linalg.solve(self._core[moving], kernel[moving][..., None])[..., 0] @ drive
        return masses * (2 if self.modes.paired else 1)

    def _taken_out(self, times: Real | float) -> Real:
        """(1 - nu)^t."""
        return np.asarray(np.exp(times * np.log1p(-self._rate)))

    @cached_property
    def _alternating(self) -> NDArray[np.bool_]:
        """Modes that turn round in some direction at every step."""
        factors = 1 - self.moments.losses(self.modes.position[self._order])
        return np.asarray((np.real(factors) < 0).any(axis=-1))

    def reads(self, times: Real, *, nodes: int) -> Real:
        """sum_n R.x_n(t) for both responses, shape (times, 2), at ascending times that the transform serves."""
        found = np.empty((times.size, 2), dtype=self.modes.real)
        for start, part in windows(times):
            if not self._taken_out(start):  # nothing is left that floats could hold
                found[part] = 0
                continue
            found[part] = self._read(cotangent(start=start, nodes=nodes, real=self.modes.real), start, times[part]).T
        return found * self._taken_out(times)[:, None]

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
        if self._alternating.any():
            mirrored = self._whole_read(Points.near_minus_one(contour.nodes))
            found += contour.invert(mirrored, times) * (1 - 2 * (times % 2))
        return found

    def state_after(self, duration: int, *, nodes: int) -> Array:
        """The state after `duration` steps that the transform serves, shape (2, m, n)."""
        left = self._taken_out(float(duration))
        if not left:
            return np.zeros_like(self.state)
        contour = cotangent(start=float(duration), nodes=nodes, stretch=1.0, real=self.modes.real)
        p = np.concatenate([contour.nodes, contour.nodes.conj()])
        weight = np.exp(p * self.modes.number(duration)) * np.concatenate([contour.weights, contour.weights.conj()])
        near = Points.near_one(p)
        inverse = eliminated(near.zeta, near.gap, self._loss).inverse()
        still = standing(self._loss, duration)
        own = less_what_stood(near.zeta, near.gap, inverse, self._loss, still)
        found = self._lasting_drive(p, float(duration))
        final = self._forgotten(near, inverse, own, found, weight)
        if any(kept := self._lasting(found.dead, float(duration))):
            driven = self._driven(inverse, self._whole_drive(near) * weight)
            final[:, kept] = (driven + self._left(own, weight))[:, kept]
        final[..., still] += self._state[..., still]
        if (turning := self._alternating).any():
            mirror = Points.near_minus_one(p)
            drive = self._whole_drive(mirror) * weight
            inverse = eliminated(mirror.zeta, mirror.gap, _chosen(self._loss, turning)).inverse()
            turned = self._driven(inverse, drive, turning) + self._left(inverse, weight, turning)
            final[..., turning] += (1 - 2 * (duration % 2)) * turned
        return self._as_listed(final if self.modes.paired else final.real) * left

    def _shares(self, p: Complex, count: int) -> Complex:
        """zeta C.M^-1 D k/B of the first modes at each point, partners included, (points, modes)."""
        points, core = Points.near_one(p), slice(self.moments.core)
        if self._by_powers is not None:
            partners = 2 if self.modes.paired else 1
            each = self._by_powers[0].each(points, slice(partners * count), source=-1)
            return np.asarray(each.reshape(p.size, count, partners).sum(axis=-1))
        loss = [row[core] for row in _chosen(self._loss, slice(count))[core]]
        shares = self._core_shares(points, loss, count)
        if not self.modes.paired:
            return shares
        mirrored = Points(zeta=points.zeta.conj(), gap=points.gap.conj())
        return np.asarray(shares + self._core_shares(mirrored, loss, count).conj())

    def _core_shares(self, points: Points, loss: Table, count: int) -> Complex:
        rows = eliminated(points.zeta, points.gap, loss).functional(self.moments.drive[: self.moments.core])
        kernel = self._kernel[:, :count]
        parts = [row * kernel[k] for k, row in enumerate(rows) if row is not None]
        return np.asarray(points.zeta[:, None] * sum(parts[1:], start=parts[0]))

    def _everywhere_at(self, points: Points) -> Eliminated:
        return eliminated(points.zeta, points.gap, self._everywhere)

    def _lasting_drive(self, p: Complex, time: float) -> _Drive:
        """E^ from about `time` on, without what is analytic at p = 0."""
        points = Points.near_one(p)
        zeta, gap = points.zeta, points.gap
        simple = self.moments.core == 1
        dead = count_dead(self._rates, self._masses, self._shares, time=time, simple=simple)
        first = dead * (2 if self.modes.paired else 1)
        (*left, left_kernel), (*free, kernel) = self._parted(points, first, drives=True)
        early = 1 - zeta * left_kernel  # 1 - zeta K without the live modes: analytic at p = 0
        late = early - zeta * kernel
        response = (np.stack(free) * early + np.stack(left) * zeta * kernel) / (early * late)
        response[1] += self.noise / gap * zeta * kernel / (early * late)
        analytic = np.stack(left) / early
        # noise (1/early - 1)/(1 - zeta): its pole at p = 0 is a constant, the rest is analytic
        mass = np.real(self._masses[:dead].sum())
        settled = self.noise * mass / (1 - mass)
        analytic[1] += (self.noise * (1 / early - 1) - settled) / gap
        silent = self._silent(dead, time)
        return _Drive(response=response, analytic=analytic, settled=settled, dead=dead, silent=silent)

    def _lasting_read(self, points: Points, drive: _Drive) -> _Read:
        """sum R.x^ likewise: what is read through moments that have died out follows the drive."""
        first = drive.silent * (2 if self.modes.paired else 1)
        (*_, left_kernel), (*free, kernel) = self._parted(points, first, drives=False)
        constant = np.array([0.0, self.noise + drive.settled], dtype=self.modes.real)[:, None] / points.gap
        following = drive.response * (left_kernel + kernel) + (drive.analytic + constant) * kernel
        settled = (self.noise + drive.settled) * self._read_mass(drive.silent)
        return _Read(response=np.stack(free) + points.zeta * following, settled=settled)

    def _read_mass(self, count: int) -> float | np.floating[Any]:
        """sum R.N^-1 D k/B over the first modes."""
        at_one = Points(zeta=np.ones(1, dtype=self._kind), gap=np.zeros(1, dtype=self._kind))
        rows = eliminated(at_one.zeta, at_one.gap, _chosen(self._loss, slice(count))).functional(self.moments.read)
        kernel = self._kernel[:, :count]
        found = sum(self.modes.total(row[0] * kernel[k]) for k, row in enumerate(rows) if row is not None)
        return self.modes.real(found)

    @cached_property
    def _by_powers(self) -> tuple[Characteristic, Characteristic] | None:
        """What drives and what is read, where they are functionals of three moments."""
        if self.moments.size != 3:
            return None
        z, sources = self.modes.position[self._order], self._sources
        loss = np.array([[self.moments.loss(i, j, z)[0] for j in range(3)] for i in range(3)])
        everywhere = np.moveaxis(self.modes.everywhere(loss), -1, 0)
        drive, read = (Characteristic.of(everywhere, of, sources) for of in (self.moments.drive, self.moments.read))
        return drive, read

    def _parted(self, points: Points, first: int, *, drives: bool) -> tuple[Complex, Complex]:
        """What drives, or is read, of both states and of the kernel, over the first modes and over the others."""
        parts = slice(first), slice(first, None)
        if self._by_powers is not None:
            found = self._by_powers[0 if drives else 1]
            return found.summed(points, parts[0]), found.summed(points, parts[1])
        rows = self._everywhere_at(points).functional(self.moments.drive if drives else self.moments.read)
        return self._summed(rows, parts[0]), self._summed(rows, parts[1])

    def _summed(self, rows: Rows, modes: slice = slice(None)) -> Complex:
        """A functional of both states and of the kernel, summed over modes: (3, points)."""
        parts = [row[:, modes] @ self._sources[modes, k] for k, row in enumerate(rows) if row is not None]
        return np.asarray(sum(parts[1:], start=parts[0]).T)

    def _closed(self, points: Points, sums: Complex) -> Complex:
        """zeta (E^ + noise/(1 - zeta)), shape (2, points), from X of both responses and K; nothing taken out."""
        *free, kernel = sums
        drive = np.stack(free)
        drive[1] += self.noise / points.gap
        return np.asarray(drive * points.zeta / (1 - points.zeta * kernel))

    def _whole_drive(self, points: Points) -> Complex:
        return self._closed(points, self._summed(self._everywhere_at(points).functional(self.moments.drive)))

    def _whole_read(self, points: Points) -> Complex:
        """sum R.x^, shape (2, points), nothing taken out."""
        system = self._everywhere_at(points)
        drive = self._closed(points, self._summed(system.functional(self.moments.drive)))
        *free, kernel = self._summed(system.functional(self.moments.read))
        return np.asarray(np.stack(free) + drive * kernel)

    def _forgotten(self, points: Points, inverse: Table, own: Table, found: _Drive, weight: Complex) -> Complex:
        """The state of all that dies out by itself, (2, m, n)."""
        alive = slice(found.dead, None)
        # a dead mode follows the drive, of which only the part that is not analytic at p = 0 counts
        constant = np.array([0.0, self.noise + found.settled], dtype=self.modes.real)[:, None] / points.gap
        following = (found.response + constant) * (points.zeta * weight)
        leading = found.analytic * (points.zeta * weight)
        final = self._driven(inverse, following)
        final[..., alive] += self._driven(_chosen(inverse, (slice(None), alive)), leading, alive)
        final[..., alive] += self._left(_chosen(own, (slice(None), alive)), weight, alive)
        return final

    def _driven(self, inverse: Table, drive: Complex, chosen: slice | NDArray[np.bool_] = slice(None)) -> Complex:
        """What a drive (2, points) has made of the chosen modes, (2, m, modes); M^-1 is theirs."""
        kernel = self._kernel[:, chosen]
        final = np.zeros((2, len(inverse), kernel.shape[1]), dtype=self._kind)
        for row, column, entry in _entries(inverse):
            if self.moments.feed[0, column]:
                final[:, row] += drive @ entry * kernel[column]
        return final

    def _left(self, own: Table, weight: Complex, chosen: slice | NDArray[np.bool_] = slice(None)) -> Complex:
        """What is left of the state of the chosen modes, (2, m, modes)."""
        state = self._state[..., chosen]
        final = np.zeros(state.shape, dtype=self._kind)
        for row, column, entry in _entries(own):
            final[:, row] += weight @ entry * state[:, column]
        return final


def _entries(table: Table) -> Iterator[tuple[int, int, Complex]]:
    return ((i, j, entry) for i, row in enumerate(table) for j, entry in enumerate(row) if entry is not None)


def _chosen(table: Table, modes: Any) -> Table:
    return [[None if entry is None else entry[modes] for entry in row] for row in table]


def _rates(core: Array) -> Real:
    """How fast modes die out: |1 - q| with one buffer, in general the harmonic mean of what all directions lose."""
    if core.shape[-1] == 1:
        return np.asarray(np.abs(core[:, 0, 0]))
    moving = core.any(axis=(1, 2))
    found = np.zeros(len(core))
    found[moving] = 1 / np.abs(np.trace(np.linalg.inv(core[moving]), axis1=-2, axis2=-1))
    return found
