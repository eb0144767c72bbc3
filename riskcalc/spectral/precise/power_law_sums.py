"""Spectral sums of power laws in a numeric field, at a cost independent of the dimension. Source: D20."""

from __future__ import annotations

import math
from fractions import Fraction

from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.precise_sum import PowerLawTables
from riskcalc.problem import PowerLaw, PowerLawSignal
from riskcalc.quantity import held
from riskcalc.spectral.precise.sums import GUARD, Values


class PowerLawSums:
    """Sums of a power-law problem, at a cost independent of the dimension; proved: remainders bounded for certain."""

    def __init__(self, spectrum: PowerLaw, signal: PowerLawSignal, field: Field, *, proved: bool) -> None:
        self.field, self.proved = field, proved
        self.a, self.b, self.dimension = Fraction(spectrum.a), Fraction(signal.b), spectrum.dimension
        self.largest, self._height = Fraction(spectrum.scale), Fraction(signal.scale)
        self.rank = math.inf if self.dimension is None else float(self.dimension)
        self.trace = self.largest * _power_sum_bound(self.a, self.dimension)
        self.signal = self._height * _power_sum_bound(self.b, self.dimension)
        self._tables: dict[int, tuple[PowerLawTables, Element, Element]] = {}  # with lambda_1, and h_1/lambda_1

    def at(self, u: Element, digits: int) -> Values:
        with self.field.working(digits + GUARD):
            if digits not in self._tables:
                scale = self.field.real(self.largest)
                self._tables[digits] = self._built(digits), scale, self.field.real(self._height) / scale
            tables, scale, height = self._tables[digits]
            inner = u / scale
            (d1, d2), (sig, spread) = tables.at(inner)
            # 1/(l + u)^2 = (1/(l + u) - l/(l + u)^2)/u
            return Values(d1=d1, d2=d2, sig=height * sig, sig2=height / scale * (sig - spread) / inner)

    def _built(self, digits: int) -> PowerLawTables:
        return PowerLawTables(
            self.field,
            a=self.a,
            dimension=self.dimension,
            powers=(self.a, self.b),
            digits=digits,
            proved=self.proved,
        )


def _power_sum_bound(exponent: Fraction, dimension: int | None) -> Fraction:
    """A rational at least sum_{j=1}^{v} j^-exponent: its first term and an integral, or v terms of the largest."""
    if exponent > 1:
        return 1 + 1 / (exponent - 1)
    v = Fraction(held(dimension, "the dimension"))
    return v if exponent >= 0 else v ** (1 - int(exponent) + 1)
