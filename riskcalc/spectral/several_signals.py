"""Spectral sums of several signals on one spectrum: those of the spectrum, and the signals' added up. Source: D29."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.problem import Regression
from riskcalc.problem.multiple_outputs import MultipleOutputs
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.sums import Moments, SpectralSums


@dataclass(frozen=True, kw_only=True)
class SeveralSignals:
    """each: of one signal, all on one spectrum."""

    each: Sequence[SpectralSums]

    @property
    def largest(self) -> float:
        return self.each[0].largest

    @property
    def smallest(self) -> float:
        return self.each[0].smallest

    @property
    def rank(self) -> float:
        return self.each[0].rank

    @property
    def target_norm(self) -> float | None:
        norms = [one.target_norm for one in self.each if one.target_norm is not None]
        return sum(norms) if len(norms) == len(self.each) else None

    def at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return _added([one.at(u) for one in self.each])

    def tame_at(self, u: ArrayLike) -> tuple[Complex, Complex, Complex]:
        return _added([one.tame_at(u) for one in self.each])

    def complements_at(self, u: ArrayLike) -> tuple[Complex, Complex]:
        return self.each[0].complements_at(u)

    def freedom_at(self, u: Real, order: int = 1) -> Real:
        return self.each[0].freedom_at(u, order)

    def unfitted_at(self, u: Real) -> tuple[Real, Real, Real, Real]:
        found = [one.unfitted_at(u) for one in self.each]
        once, twice = (np.sum([one[place] for one in found], axis=0) for place in (2, 3))
        return found[0][0], found[0][1], once, twice

    def moments(self) -> Moments:
        found = [one.moments() for one in self.each]
        return replace(found[0], signal=sum(one.signal for one in found))


def total_sums(regression: Regression) -> SpectralSums:
    """The sums behind the total risk, whatever laws the outputs follow."""
    laws = regression.pooled() if isinstance(regression, MultipleOutputs) else (regression,)
    each = [spectral_sums(law) for law in laws]
    return each[0] if len(each) == 1 else SeveralSignals(each=each)


def _added(found: Sequence[tuple[Complex, Complex, Complex]]) -> tuple[Complex, Complex, Complex]:
    return found[0][0], found[0][1], np.asarray(sum(one[2] for one in found))
