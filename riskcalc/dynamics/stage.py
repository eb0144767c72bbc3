"""Constant step size: what is read at any step, and the state after a whole stage, by generating functions.

Formula: with M = (1 - zeta) + zeta N of each mode and the drive g = E^ + tau/(1 - zeta), x^ = M^-1 (x + zeta k/B g D),
E^ = (X + tau zeta K/(1 - zeta))/(1 - zeta K), X = sum C.M^-1 x, K = sum (k/B) C.M^-1 D, where tau is the noise that the
response is driven by; what is read is sum R.x^. All of them come back by one inverse transform. With one buffer and
R = C this is D03; sums of iterates are read by another R (D24).

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
from riskcalc.dynamics.elimination import Eliminated, Rows, Table, eliminated
from riskcalc.dynamics.moments import MomentMap
from riskcalc.dynamics.slowest import slowest_rate
from riskcalc.numeric.inversion import Cotangent, cotangent, windows
from riskcalc.quantity import Array, Complex, Real
from riskcalc.spectral.modes import Modes

EARLIEST = 64  # steps; below that the recursion is as fast, and the contour would not fit its strip
_FORGOTTEN = 40.0  # what has fallen to exp(-40) may be left out
_SECTOR = (0.55, 0.5)  # slopes to the negative axis up to which contours go round poles, near p = 0 and p = i pi


@dataclass(frozen=True, kw_only=True)
class _Points:
    """Where transforms are taken: zeta, and 1 - zeta without cancellation."""

    zeta: Complex
    gap: Complex

    @classmethod
    def near_one(cls, p: Complex) -> _Points:
        """zeta = exp(-p)."""
        return cls(zeta=np.exp(-p), gap=-np.expm1(-p))

    @classmethod
    def near_minus_one(cls, p: Complex) -> _Points:
        """zeta = -exp(-p)."""
        return cls(zeta=-np.exp(-p), gap=1 + np.exp(-p))


@dataclass(frozen=True, kw_only=True)
class _Drive:
    """response and analytic: shape (2, points), their sum is E^ less settled/(1 - zeta) in the variance.

    settled: what the variance has risen to on the dead modes, of which there are `dead`.
    """

    response: Complex
    analytic: Complex
    settled: float | np.floating[Any]
    dead: int


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
        near = _Points.near_one(contour.nodes)
        if self.moments.remembers:
            found = contour.invert(self._whole_read(near), times)
        else:
            drive = self._lasting_drive(contour.nodes, start)
            found = contour.invert(drive.response, times)
            found[1] += drive.settled
        if self._alternating.any():
            mirrored = self._whole_read(_Points.near_minus_one(contour.nodes))
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
        near = _Points.near_one(p)
        inverse = eliminated(near.zeta, near.gap, self._loss).inverse()
        still = self._still(duration)
        own = self._less_what_stood(near, inverse, still)
        final = self._forgotten(near, inverse, own, p, weight, float(duration))
        if any(kept := ~np.diag(self.moments.joined)):
            driven = self._driven(inverse, self._whole_drive(near) * weight)
            final[:, kept] = (driven + self._left(own, weight))[:, kept]
        final[..., still] += self._state[..., still]
        if (turning := self._alternating).any():
            mirror = _Points.near_minus_one(p)
            drive = self._whole_drive(mirror) * weight
            inverse = eliminated(mirror.zeta, mirror.gap, _chosen(self._loss, turning)).inverse()
            turned = self._driven(inverse, drive, turning) + self._left(inverse, weight, turning)
            final[..., turning] += (1 - 2 * (duration % 2)) * turned
        return self._as_listed(final if self.modes.paired else final.real) * left

    def _shares(self, p: Complex, count: int) -> Complex:
        """zeta C.M^-1 D k/B of the first modes at each point, partners included, (points, modes)."""
        points, core = _Points.near_one(p), slice(self.moments.core)
        loss = [row[core] for row in _chosen(self._loss, slice(count))[core]]
        shares = self._core_shares(points, loss, count)
        if not self.modes.paired:
            return shares
        mirrored = _Points(zeta=points.zeta.conj(), gap=points.gap.conj())
        return np.asarray(shares + self._core_shares(mirrored, loss, count).conj())

    def _core_shares(self, points: _Points, loss: Table, count: int) -> Complex:
        rows = eliminated(points.zeta, points.gap, loss).functional(self.moments.drive[: self.moments.core])
        kernel = self._kernel[:, :count]
        parts = [row * kernel[k] for k, row in enumerate(rows) if row is not None]
        return np.asarray(points.zeta[:, None] * sum(parts[1:], start=parts[0]))

    def _everywhere_at(self, points: _Points) -> Eliminated:
        return eliminated(points.zeta, points.gap, self._everywhere)

    def _lasting_drive(self, p: Complex, time: float) -> _Drive:
        """E^ from about `time` on, without what is analytic at p = 0."""
        points = _Points.near_one(p)
        zeta, gap = points.zeta, points.gap
        simple = self.moments.core == 1
        dead = count_dead(self._rates, self._masses, self._shares, time=time, simple=simple)
        first = dead * (2 if self.modes.paired else 1)
        system = self._everywhere_at(points)
        rows = system.functional(self.moments.drive)
        *left, left_kernel = self._summed(rows, slice(first))
        *free, kernel = self._summed(rows, slice(first, None))
        early = 1 - zeta * left_kernel  # 1 - zeta K without the live modes: analytic at p = 0
        late = early - zeta * kernel
        response = (np.stack(free) * early + np.stack(left) * zeta * kernel) / (early * late)
        response[1] += self.noise / gap * zeta * kernel / (early * late)
        analytic = np.stack(left) / early
        # noise (1/early - 1)/(1 - zeta): its pole at p = 0 is a constant, the rest is analytic
        mass = np.real(self._masses[:dead].sum())
        settled = self.noise * mass / (1 - mass)
        analytic[1] += (self.noise * (1 / early - 1) - settled) / gap
        return _Drive(response=response, analytic=analytic, settled=settled, dead=dead)

    def _summed(self, rows: Rows, modes: slice = slice(None)) -> Complex:
        """A functional of both states and of the kernel, summed over modes: (3, points)."""
        parts = [row[:, modes] @ self._sources[modes, k] for k, row in enumerate(rows) if row is not None]
        return np.asarray(sum(parts[1:], start=parts[0]).T)

    def _closed(self, points: _Points, sums: Complex) -> Complex:
        """zeta (E^ + noise/(1 - zeta)), shape (2, points), from X of both responses and K; nothing taken out."""
        *free, kernel = sums
        drive = np.stack(free)
        drive[1] += self.noise / points.gap
        return np.asarray(drive * points.zeta / (1 - points.zeta * kernel))

    def _whole_drive(self, points: _Points) -> Complex:
        return self._closed(points, self._summed(self._everywhere_at(points).functional(self.moments.drive)))

    def _whole_read(self, points: _Points) -> Complex:
        """sum R.x^, shape (2, points), nothing taken out."""
        system = self._everywhere_at(points)
        drive = self._closed(points, self._summed(system.functional(self.moments.drive)))
        *free, kernel = self._summed(system.functional(self.moments.read))
        return np.asarray(np.stack(free) + drive * kernel)

    def _still(self, duration: int) -> NDArray[np.bool_]:
        """Modes that hardly move in so many steps."""
        losses = [np.abs(entry) for row in self._loss for entry in row if entry is not None]
        return np.asarray(np.max(losses, axis=0) * duration < 1)

    def _less_what_stood(self, points: _Points, inverse: Table, still: NDArray[np.bool_]) -> Table:
        """M^-1; where modes are still M^-1 - 1/(1 - zeta) = -zeta N M^-1/(1 - zeta), so that x(T) - x is transformed.

        A transform returns a constant but for some ten roundings, always the same: over many stages they would add up.
        """
        if not still.any():
            return inverse
        falling = -(points.zeta / points.gap)[:, None]
        return [[self._fallen(i, j, inverse, falling, still) for j in range(len(inverse))] for i in range(len(inverse))]

    def _fallen(
        self, row: int, column: int, inverse: Table, falling: Complex, still: NDArray[np.bool_]
    ) -> Complex | None:
        parts = [
            falling * loss[still] * entry[:, still]
            for loss, entry in zip(self._loss[row], [line[column] for line in inverse], strict=True)
            if loss is not None and entry is not None
        ]
        if (found := inverse[row][column]) is None:
            return None
        found = found.copy()
        found[:, still] = sum(parts)
        return found

    def _forgotten(
        self, points: _Points, inverse: Table, own: Table, p: Complex, weight: Complex, duration: float
    ) -> Complex:
        """The state of all that dies out by itself, (2, m, n)."""
        found = self._lasting_drive(p, duration)
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


def served_from(moments: MomentMap, modes: Modes, *, length: int) -> int:
    """The first step that the transform serves, at most `length`.

    Factors whose poles lie at an angle that neither contour goes round, near p = 0 or p = i pi, must have died out.
    Near p = 0 the contour goes round the positions of modes as they are laid; a method that oscillates there does so at
    real positions too.
    """
    losses = moments.losses(modes.position)
    around = moments.losses(np.abs(modes.position)) if modes.paired else losses
    slowest = min(_slowest_outside(1 - around, _SECTOR[0]), _slowest_outside(losses - 1, _SECTOR[1]))
    early = max(float(EARLIEST), _FORGOTTEN / slowest if slowest > 0 else np.inf)
    return int(np.ceil(min(early, length)))


def _slowest_outside(factors: Array, slope: float) -> float:
    """The least -log|factor| of those to the right of 0 and at an angle outside the sector of this slope."""
    if np.isrealobj(factors):
        return float("inf")
    angle = np.abs(np.angle(factors))
    with np.errstate(divide="ignore"):
        falls = -np.log(np.abs(factors))
    outside = (np.real(factors) > 0) & (angle > 0) & (angle > slope * falls)
    return float(falls[outside].min(initial=np.inf))
