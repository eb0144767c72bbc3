"""Resolvents of one sketch at points off the spectrum: what their means owe the equivalent, and how they covary.

Formula: Phi_S(z) = w.(W - z/Lambda)^-1 w and T_S(z) = tr (K - z)^-1 are derivatives of log det(W - Z), so that with
1/m = -u/z, D = sum lambda^2/((lambda + u1)(lambda + u2))/M and N = 1 - D their covariances are
2 (X12/N + X1 X2/N^2), X1 = -dD for T, and for Phi what moves D along w w^T. The floor A = -z Phi at z = 0 is one more
point, u0, where u stands for 1/m.
Valid: real Gaussian sketches; every u on the physical sheet, sum lambda^2/|lambda + u|^2 < M. Source: D50, D51.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

import numpy as np

from riskcalc.equivalent.known import Known
from riskcalc.errors import ToleranceNotMet
from riskcalc.quantity import Complex
from riskcalc.spectral.companion import companions
from riskcalc.spectral.eigenvalue_rule import EigenvalueRule
from riskcalc.spectral.landmarks import dispersion
from riskcalc.spectral.resolvent import solve_dispersion

_COMPLEX = ("z", "u", "lead", "slope", "twice", "thrice", "bare", "freedom", "signal")
_NEAR = 1e-3  # of the smallest mode: below, u(z) is nearly straight
_NEWTON_STEPS = 5
_BLOCK = 2_000_000  # entries of a points-by-places table


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """Points z off the spectrum, in any half plane, and last the floor.

    u, lead (1/m), slope (-dz/du = 1 - d2/M), twice (sum h lambda/(lambda + u)^2), thrice
    (sum h lambda^2/(lambda + u)^3), bare (sum lambda^2/(lambda + u)^3): shape (points + 1,). freedom, signal: d1(u) and
    Phi(z), of the points alone.
    drawn: whether the target is drawn anew with each sketch.
    """

    rule: EigenvalueRule
    size: float
    drawn: bool
    z: Complex
    u: Complex
    lead: Complex
    slope: Complex
    twice: Complex
    thrice: Complex
    bare: Complex
    freedom: Complex
    signal: Complex

    @property
    def count(self) -> int:
        """Of the points, without the floor."""
        return self.z.size

    @property
    def mirrored(self) -> Points:
        """The conjugate points."""
        return replace(self, **{name: getattr(self, name).conj() for name in _COMPLEX})

    @property
    def pull(self) -> Complex:
        """mu = dm/ds: what m moves along w w^T."""
        return self.twice / (self.size * self.slope)

    def mean(self) -> Complex:
        """What the means of Phi (points), T (points) and the floor owe the equivalent, at order 1/M."""
        bare = self.bare / (self.size * self.slope)
        signal = (self.thrice - self.twice * self.u * bare) / (self.size * self.slope) * self.lead
        return np.concatenate([signal[:-1], (bare / self.slope)[:-1], signal[-1:]])

    def covariance(self, other: Points) -> Complex:
        """Of (Phi, T, floor) here with those of other points; not conjugated."""
        sums = two_point_sums(self, other)
        here, there = self.pull * self.u, other.pull * other.u
        distance = 1 - sums.bare[0, 0]
        leads, slopes = self.lead[:, None] * other.lead, self.slope[:, None] * other.slope
        signal = self.lead[:, None] * (sums.signal[1, 0] - here[:, None] * sums.bare[1, 0])
        trace = sums.bare[1, 0] / self.slope[:, None]
        their_signal = other.lead * (sums.signal[0, 1] - there * sums.bare[0, 1])
        their_trace = sums.bare[0, 1] / other.slope

        def moved(twice: Complex, first: Complex, second: Complex) -> Complex:
            return np.asarray(2 * (twice / distance + first * second / distance**2))

        mixed = (sums.signal[1, 1] - here[:, None] * sums.bare[1, 1]) * self.lead[:, None] / other.slope
        turned = (sums.signal[1, 1] - there * sums.bare[1, 1]) * other.lead / self.slope[:, None]
        if self.rule.targets is None and not self.drawn:
            both = np.multiply.outer(here, there) * sums.bare[1, 1] - (here[:, None] + there) * sums.signal[1, 1]
            signals = moved((both + sums.squares / self.size) * leads, signal, their_signal)
        else:  # of a fixed target all other terms are of the next order
            signals = 2 * leads * (sums.squares / self.size / distance + sums.drawn)
        traces = moved(sums.bare[1, 1] / slopes, trace, their_trace)
        mixed, turned = moved(mixed, signal, their_trace), moved(turned, trace, their_signal)
        own, theirs = slice(self.count), slice(other.count)
        return np.block(
            [
                [signals[own, theirs], mixed[own, theirs], signals[own, -1:]],
                [turned[own, theirs], traces[own, theirs], turned[own, -1:]],
                [signals[-1:, theirs], mixed[-1:, theirs], signals[-1:, -1:]],
            ]
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoPointSums:
    """Sums over the spectrum at pairs of points, each (points, other points).

    bare, signal: sum lambda^2/((lambda + u1)^(i+1) (lambda + u2)^(j+1))/M, and with h beside lambda^2, by [i, j].
    squares: (sum h lambda/((lambda + u1)(lambda + u2)))^2, for averaged targets sum h^2 lambda^2/((lambda + u1)^2
    (lambda + u2)^2). drawn: sum h^2/((lambda + u1)(lambda + u2)), 0 where no target is drawn.
    """

    bare: Complex
    signal: Complex
    squares: Complex
    drawn: Complex | float


def two_point_sums(left: Points, right: Points) -> TwoPointSums:
    """All sums at the pairs of two lists of points."""
    rule, shape = left.rule, (left.u.size, right.u.size)
    tables = np.zeros((2, 2, 2, *shape), dtype=np.complex128)
    averaged = rule.targets is None and not left.drawn
    targets = rule.targets if rule.targets is not None else np.sqrt(rule.power)[None]
    crossed = np.zeros((1 if averaged else len(targets) * (len(targets) + 1) // 2, *shape), dtype=np.complex128)
    drawn = np.zeros(shape, dtype=np.complex128)
    for part in _parts(rule, left.u.size + right.u.size):
        eigenvalue, count, power = rule.eigenvalue[part], rule.count[part], rule.power[part]
        ours, theirs = (1 / (eigenvalue + points.u[:, None]) for points in (left, right))
        powers = np.concatenate([ours, ours**2]), np.concatenate([theirs, theirs**2])
        bare = count * eigenvalue**2 / left.size
        for table, weight in zip(tables, (bare, bare * power), strict=True):
            found = (powers[0] * weight) @ powers[1].T
            table += found.reshape(2, shape[0], 2, shape[1]).transpose(0, 2, 1, 3)
        if averaged:
            crossed[0] += (ours**2 * (count * (power * eigenvalue) ** 2)) @ (theirs**2).T
            continue
        for place, (one, other) in enumerate(combinations_with_replacement(targets[:, part], 2)):
            crossed[place] += (ours * (count * one * other * eigenvalue)) @ theirs.T
        if left.drawn:
            drawn += (ours * (count * power**2)) @ theirs.T
    pairs = combinations_with_replacement(range(len(targets)), 2)
    times = np.array([1.0 if one == other else 2.0 for one, other in pairs])
    squares = crossed[0] if averaged else np.tensordot(times, crossed**2, axes=1)
    return TwoPointSums(bare=tables[0], signal=tables[1], squares=squares, drawn=drawn if left.drawn else 0.0)


def preimages(known: Known, z: Complex) -> Complex:
    """u of points z off the real axis."""
    u = np.empty_like(z)
    near = np.abs(z) < _NEAR * known.marks.smallest
    if near.any():
        u[near] = _near_the_floor(known, z[near])
    if not near.all():
        far, below = z[~near], z[~near].imag < 0
        log_z = np.log(np.where(below, far.conj(), far))
        roots = solve_dispersion(known.sums, known.model_size, known.marks.floor, log_z)
        u[~near] = np.where(below, roots.u.conj(), roots.u)
    return u


def _near_the_floor(known: Known, z: Complex) -> Complex:
    """u of points far below the spectrum: from u0, by Newton's method for u itself, whose digits z = -u m lacks."""
    u = np.full_like(z, known.marks.floor)
    for _ in range(_NEWTON_STEPS):
        d1, d2, _ = known.sums.at(u)
        first, second = companions(known.sums, known.model_size, u, d1, d2)
        u = u - (u * first + z) / second
    return u


def real_point(known: Known, rule: EigenvalueRule, u: float) -> Points:
    """The point of a real u beyond the spectrum, with the floor."""
    z = dispersion(known.sums, known.model_size, u)
    return points_at(known, rule, np.array([z + 0j]), np.array([u + 0j]), drawn=False)


def points_at(known: Known, rule: EigenvalueRule, z: Complex, places: Complex, *, drawn: bool) -> Points:
    """The points z, whose u are `places`, with the floor; refused where one is not on the physical sheet."""
    u = np.append(places, known.marks.floor)
    d1, d2, signal = known.sums.at(u)
    _, second = companions(known.sums, known.model_size, u, d1, d2)
    once = np.zeros((3, u.size), dtype=np.complex128)
    reached = np.zeros(u.size)
    for part in _parts(rule, u.size):
        eigenvalue, count, power = rule.eigenvalue[part], rule.count[part], rule.power[part]
        inverse = 1 / (eigenvalue + u[:, None])
        square = inverse**2
        cube = square * inverse
        once[0] += square @ (count * power * eigenvalue)
        once[1] += cube @ (count * power * eigenvalue**2)
        once[2] += cube @ (count * eigenvalue**2)
        reached += np.abs(square) @ (count * eigenvalue**2)
    _check_sheet(reached.max(), float(known.model_size))
    return Points(
        rule=rule,
        size=float(known.model_size),
        drawn=drawn,
        z=z,
        u=u,
        lead=np.append(-places / z, known.marks.floor),  # 1/m, whose digits are those of z
        slope=second,
        twice=once[0],
        thrice=once[1],
        bare=once[2],
        freedom=d1[:-1],
        signal=-signal[:-1] * places / z,
    )


def _check_sheet(reached: float, size: float) -> None:
    if not reached < size:
        raise ToleranceNotMet(
            f"the dispersion was inverted on another sheet: sum lambda^2/|lambda + u|^2 = {reached:.6g} is not below "
            f"M = {size:.6g}; move away from the edge of stability"
        )


def _parts(rule: EigenvalueRule, points: int) -> Iterator[slice]:
    """The places in parts, whose tables fit."""
    length = max(1, _BLOCK // points)
    return (slice(start, start + length) for start in range(0, rule.eigenvalue.size, length))
