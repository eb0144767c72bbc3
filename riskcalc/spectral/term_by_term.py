"""Spectral sums over a list of eigenvalues. Source: D02, D67."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.problem import Problem
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.far_blocks import FarBlock, far_blocks
from riskcalc.spectral.sums import Moments, moderate

_BLOCK = 4_000_000  # entries of a spectrum-by-points table
_MANY = 4096  # eigenvalues; fewer are summed as they are
_WORTH = 128  # eigenvalues of a block, from which on moments are worth forming


@dataclass(frozen=True)
class _Sum:
    """sum_j w_j lambda_j^power u^left/(lambda_j + u)^order. weights: w_j, from eigenvalues and signal power."""

    weights: Callable[[Real, Real], Real]
    power: int
    order: int
    left: int = 0


def _one(eigenvalues: Real, power: Real) -> Real:
    return np.ones_like(eigenvalues)


def _signal(eigenvalues: Real, power: Real) -> Real:
    return power


def _target(eigenvalues: Real, power: Real) -> Real:
    return power / eigenvalues


_D1, _D2, _FREE, _SHARE_OVER = _Sum(_one, 1, 1), _Sum(_one, 2, 2), _Sum(_one, 0, 1), _Sum(_one, 1, 2)
_SIGNAL, _TAME = _Sum(_signal, 0, 1), _Sum(_target, 0, 1)
_UNFITTED, _UNFITTED_TWICE = _Sum(_signal, 0, 1, left=1), _Sum(_signal, 0, 2, left=2)


class ExplicitSums:
    """Sums over an explicit spectrum, term by term or, where eigenvalues are many, from moments of blocks of them.

    Zero eigenvalues play no part.
    """

    def __init__(self, problem: Problem) -> None:
        eigenvalues, power = problem.eigenvalues(), problem.signal_power()
        positive = eigenvalues > 0
        self.eigenvalues, self.power = eigenvalues[positive], power[positive]
        self._far: list[FarBlock] = []
        self._near = [slice(0, self.eigenvalues.size)]
        if self.eigenvalues.size > _MANY:
            order = np.argsort(-self.eigenvalues, kind="stable")
            self.eigenvalues, self.power = self.eigenvalues[order], self.power[order]
            self._far, self._near = far_blocks(self.eigenvalues, least=_WORTH)
        self._moments: list[dict[_Sum, Real]] = [{} for _ in self._far]

    @property
    def largest(self) -> float:
        return float(self.eigenvalues.max())

    @property
    def smallest(self) -> float:
        return float(self.eigenvalues.min())

    @property
    def rank(self) -> float:
        return self.eigenvalues.size

    @property
    def target_norm(self) -> float | None:
        with np.errstate(over="ignore"):  # of eigenvalues near the smallest floats: infinite, and not taken out
            return moderate(float((self.power / self.eigenvalues).sum()), self)

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        d1, d2, signal = self._summed(u, _D1, _D2, _SIGNAL)
        return d1, d2, signal

    def tame_at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        d1, d2, tame = self._summed(u, _D1, _D2, _TAME)
        return d1, d2, tame

    def complements_at(self, u: ArrayLike) -> tuple[Complex, Complex]:
        points = np.asarray(u, dtype=np.complex128)
        inverse, share = self._summed(points, _FREE, _SHARE_OVER)
        return points * inverse, points * (inverse + share)

    def freedom_at(self, u: Real, order: int = 1) -> Real:
        return np.asarray(self._summed(u, _D1 if order == 1 else _D2)[0].real)

    def unfitted_at(self, u: Real) -> tuple[Real, Real, Real, Real]:
        d1, d2, once, twice = self._summed(u, _D1, _D2, _UNFITTED, _UNFITTED_TWICE).real
        return d1, d2, once, twice

    def moments(self) -> Moments:
        return Moments(
            trace=float(self.eigenvalues.sum()),
            square=float((self.eigenvalues**2).sum()),
            signal=float(self.power.sum()),
        )

    def _summed(self, u: ArrayLike, *sums: _Sum) -> Complex:
        """These sums at points u, (sums, *shape of u)."""
        points = np.asarray(u, dtype=np.complex128)
        flat = points.reshape(-1)
        found = np.zeros((len(sums), flat.size), dtype=np.complex128)
        for place, block in enumerate(self._far):
            view = block.seen_from(flat)
            far = view.is_far
            if not far.all():
                found[:, ~far] += self._term_by_term(flat[~far], block.part, sums)
                view = block.seen_from(flat[far])
            for row, one, moments in zip(found, sums, self._moments_of(place, block, sums), strict=True):
                seen = view.once(moments) if one.order == 1 else view.twice(moments)
                seen *= (flat[far] / block.half) ** one.left
                row[far] += seen * block.half ** (one.power + one.left - one.order)
        for part in self._near:
            found += self._term_by_term(flat, part, sums)
        return found.reshape(len(sums), *points.shape)

    def _moments_of(self, place: int, block: FarBlock, sums: tuple[_Sum, ...]) -> Real:
        """The moments of a block for each of these sums, formed when they are first asked for."""
        known = self._moments[place]
        if new := [one for one in sums if one not in known]:
            eigenvalues, power = self.eigenvalues[block.part], self.power[block.part]
            scaled = eigenvalues / block.half
            weights = np.array([one.weights(eigenvalues, power) * scaled**one.power for one in new])
            known.update(zip(new, block.moments(self.eigenvalues, weights), strict=True))
        return np.array([known[one] for one in sums])

    def _term_by_term(self, points: Complex, part: slice, sums: tuple[_Sum, ...]) -> Complex:
        """The sums over a part of the spectrum, block by block of the points."""
        eigenvalues, power = self.eigenvalues[part], self.power[part]
        found = np.empty((len(sums), points.size), dtype=np.complex128)
        block = max(1, _BLOCK // max(1, eigenvalues.size))
        for start in range(0, points.size, block):
            some = slice(start, start + block)
            inverse = 1 / (eigenvalues + points[some, None])
            share, left = eigenvalues * inverse, points[some, None] * inverse
            for row, one in zip(found, sums, strict=True):
                terms = [share] * one.power + [left] * one.left + [inverse] * (one.order - one.power - one.left)
                row[some] = (reduce(np.multiply, terms) * one.weights(eigenvalues, power)).sum(axis=1)
        return found
