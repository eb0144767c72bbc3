"""Kernels on a sphere that depend on the inner product alone."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.kernel.breaks import read_breaks
from riskcalc.kernel.directions import directions
from riskcalc.kernel.expansion import RULES, Projection, Target
from riskcalc.kernel.harmonics import gegenbauer_steps, harmonics, multiplicity, zonal_polynomials
from riskcalc.kernel.kernel import Kernel
from riskcalc.kernel.quadrature import Rule, panels
from riskcalc.kernel.zonal import ON_SPHERE, Zonal
from riskcalc.quantity import GivenWhole, NumberLike, Real, real_array, whole

_MOST_POINTS = 1_000_000
_LEAST = 4  # degrees added, so that a rule for few features resolves targets too
_FIRST = 8  # degrees looked at first
_MOST_VALUES = 2**27  # of harmonics at points (1 GB)


class Sphere(Kernel):
    """Common to such kernels: the uniform measure on the unit sphere of R^d, d >= 3, and spherical harmonics.

    All harmonics of one degree share an eigenvalue; within a degree the zonal one, a function of the last coordinate,
    comes first. An eigenvalue is given out once no degree that was not looked at can hold a larger one.
    """

    d: GivenWhole
    highest_degree: ClassVar[int] = 4096

    @abstractmethod
    def profile(self, cosines: Real) -> Real:
        """k as a function of the inner product."""

    @abstractmethod
    def by_degree(self, highest: int) -> Real:
        """The eigenvalue of each degree 0..highest, zero where the degree is absent."""

    @abstractmethod
    def largest_beyond(self, highest: int) -> float:
        """No eigenvalue of a degree above `highest` is larger than this; zero where there is none."""

    def __call__(self, x: ArrayLike, y: ArrayLike) -> Real:
        return self.profile(np.clip(self.on_sphere(x) @ self.on_sphere(y).T, -1.0, 1.0))

    def eigenvalues(self, dimension: int) -> Real:
        return np.concatenate([np.full(width, value) for _, width, value in self.blocks(dimension)])

    def eigenfunctions(self, points: ArrayLike, dimension: int) -> Real:
        rows, blocks = self.on_sphere(points), self.blocks(dimension)
        highest = max(degree for degree, _, _ in blocks)
        held = len(rows) * sum(multiplicity(self.d, degree) for degree in range(highest + 1))
        if held > _MOST_VALUES:
            raise InvalidInput(
                f"{held:.3g} values of the harmonics up to degree {highest} at {len(rows)} points are more than "
                f"{_MOST_VALUES}: use a smaller dimension, or fewer points"
            )
        found = harmonics(rows, highest)
        return np.column_stack([found[degree][:, :width] for degree, width, _ in blocks])

    def blocks(self, dimension: int) -> list[tuple[int, int, float]]:
        """(degree, how many of its harmonics, eigenvalue), largest eigenvalue first; only the last may be cut."""
        left, result = directions(dimension), []
        for degree, value in self._order(left):
            width = min(left, multiplicity(self.d, degree))
            result.append((degree, width, value))
            left -= width
            if not left:
                break
        return result

    def _order(self, dimension: int) -> list[tuple[int, float]]:
        """(degree, eigenvalue) of those that are certainly the largest, in order, enough for the dimension."""
        highest = _FIRST
        while True:
            values, beyond = self.by_degree(highest), self.largest_beyond(highest)
            certain = [int(degree) for degree in np.flatnonzero((values > 0) & (values >= beyond))]
            found = sum(multiplicity(self.d, degree) for degree in certain)
            if found >= dimension:
                return [(degree, float(values[degree])) for degree in sorted(certain, key=lambda n: (-values[n], n))]
            if beyond == 0:
                raise InvalidInput(
                    f"dimension {dimension} exceeds the {found} positive eigenvalues of this kernel: use a smaller "
                    "dimension"
                )
            if highest >= self.highest_degree:
                raise InvalidInput(
                    f"dimension {dimension} exceeds the {found} eigenvalues that are certainly the largest up to "
                    f"degree {highest}: higher degrees may hold one of {beyond:.3g}. Use a smaller dimension, or a "
                    "kernel that varies less over the sphere"
                )
            highest *= 2

    def sample(self, generator: np.random.Generator, count: int) -> Real:
        drawn = generator.standard_normal((count, self.d))
        return np.asarray(drawn / np.sqrt((drawn**2).sum(axis=1))[:, None])

    def rule(self, dimension: int, *, factors: int, breaks: Iterable[float] = ()) -> Rule:
        """breaks: heights, values of the last coordinate."""
        ends, many = read_breaks(breaks), whole(factors, "factors", least=1)
        degree = many * (_LEAST + max(found for found, _, _ in self.blocks(dimension)))
        nodes = degree // 2 + 1
        if (degree + 1) * nodes ** (self.d - 2) > _MOST_POINTS:
            raise InvalidInput(
                f"a product rule of degree {degree} on the sphere in {self.d} dimensions has more than {_MOST_POINTS} "
                "points: use a smaller dimension, or simulate"
            )
        angles = 2 * np.pi * np.arange(degree + 1) / (degree + 1)
        points, weights = np.column_stack([np.cos(angles), np.sin(angles)]), np.full(degree + 1, 1 / (degree + 1))
        for d in range(3, self.d + 1):
            heights = self.heights(degree, breaks=ends) if ends and d == self.d else _gauss(nodes, (d - 2) / 2)
            radii = np.sqrt(1 - heights.points**2)
            points = np.column_stack([np.kron(radii[:, None], points), np.repeat(heights.points, len(points))])
            weights = np.kron(heights.weights, weights)
        return Rule(points=points, weights=weights)

    def heights(self, degree: int, *, breaks: Iterable[float] = ()) -> Rule:
        """A rule for the last coordinate alone; in the angle, where its density is smooth."""
        top, ends = whole(degree, "degree"), read_breaks(breaks)
        return self.turns(top, breaks=(math.acos(at) for at in ends if abs(at) < 1))

    def turns(self, degree: int, *, breaks: Iterable[float] = ()) -> Rule:
        """The same with the breaks given as angles: near the pole cosines cannot tell them apart.

        Formula: the fastest of polynomials of that degree has the phase sqrt(degree (degree + d - 2)) a radian.
        """
        phase = math.pi * math.sqrt(degree * (degree + self.d - 2))
        angles = panels(0.0, math.pi, phase=phase, breaks=breaks)
        sizes = self.density(angles.points) * angles.weights
        return Rule(points=np.cos(angles.points), weights=sizes / sizes.sum())

    def _projections(self, target: Target, v: int, breaks: tuple[float, ...]) -> tuple[Projection, Projection]:
        """Of a zonal target in the last coordinate alone."""
        if not isinstance(target, Zonal):
            return super()._projections(target, v, breaks)
        coarse, fine = (self._along_the_axis(target, v, factors) for factors in RULES)
        return coarse, fine

    def _along_the_axis(self, target: Zonal, v: int, factors: int) -> Projection:
        blocks = self.blocks(v)
        highest = max(degree for degree, _, _ in blocks)
        rule = self.heights(factors * (highest + 8), breaks=target.breaks)
        values = target.at_height(rule.points)
        by_degree = zonal(rule.points, self.d, highest).T @ (rule.weights * values)
        coefficients, place = np.zeros(v), 0
        for degree, width, _ in blocks:
            coefficients[place] = by_degree[degree]  # the zonal harmonic comes first
            place += width
        return coefficients, float(rule.weights @ values**2)

    def density(self, angles: Real) -> Real:
        """Of the angle to the pole, relative to that on the equator."""
        return np.asarray(np.sin(angles) ** (self.d - 2))

    def on_sphere(self, points: ArrayLike) -> Real:
        """Points as a matrix of unit rows."""
        needed = f"unit vectors of R^{self.d}, shape (n, {self.d})"
        rows = np.atleast_2d(real_array(points, "points", needed=needed))
        if rows.ndim != 2 or rows.shape[1] != self.d or not (abs((rows**2).sum(axis=1) - 1) < ON_SPHERE).all():
            raise InvalidInput(f"points must be {needed}")
        return rows


def zonal(heights: Real, d: int, degree: int) -> Real:
    """The zonal harmonics of degree 0..degree as functions of the height, shape (n, degree + 1)."""
    return np.column_stack(list(zonal_polynomials(heights, d, degree)))


def checked_sphere(d: NumberLike) -> int:
    """The dimension of the space that holds the sphere."""
    return whole(d, "d, the dimension of the space that holds the sphere,", least=3)


def _gauss(nodes: int, index: float) -> Rule:
    """Gauss-Gegenbauer nodes: eigenvalues of the Jacobi matrix."""
    steps = np.array(gegenbauer_steps(index, nodes - 1))
    values, vectors = np.linalg.eigh(np.diag(steps, 1) + np.diag(steps, -1))
    return Rule(points=values, weights=vectors[0] ** 2)
