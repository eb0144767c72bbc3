"""The spectral sums of a problem in a numeric field, at as many digits as each stage of a computation needs.

Formula: d1 = sum lambda/(lambda + u), d2 = sum lambda^2/(lambda + u)^2, sig = sum h/(lambda + u), and
sig2 = sum h/(lambda + u)^2 = -sig'. Source: D02, D20.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from riskcalc.dynamics.problem_elements import eigenvalue_elements, positive_coordinates, signal_elements
from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.precise_sum import PowerLawTables
from riskcalc.problem import LogarithmicPowerLaw, PowerLaw, PowerLawSignal, Problem, Regression
from riskcalc.problem.multiple_outputs import as_one
from riskcalc.quantity import held

GUARD = 10  # working digits beyond those asked of a sum


@dataclass(frozen=True, kw_only=True)
class Values:
    """The sums at one point."""

    d1: Element
    d2: Element
    sig: Element
    sig2: Element


class Sums(Protocol):
    """The sums at any point; call it inside `field.working(digits + GUARD)` or more."""

    field: Field
    trace: Fraction  # an upper bound of sum lambda, for starting points
    largest: Fraction
    signal: Fraction  # an upper bound of sum h

    def at(self, u: Element, digits: int) -> Values:
        """d1, d2, sig, sig2 at u with about so many digits."""


class PowerLawSums:
    """Sums of a power-law problem, at a cost independent of the dimension; proved: remainders bounded for certain."""

    def __init__(self, spectrum: PowerLaw, signal: PowerLawSignal, field: Field, *, proved: bool) -> None:
        self.field, self.proved = field, proved
        self.a, self.b, self.dimension = Fraction(spectrum.a), Fraction(signal.b), spectrum.dimension
        self.largest, self._height = Fraction(spectrum.scale), Fraction(signal.scale)
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


class TermByTerm:
    """Sums of a finite problem with numbers given one by one, for spectrum, signal or both."""

    def __init__(self, problem: Problem, field: Field) -> None:
        self.field, self._problem = field, problem
        eigenvalues, power = problem.eigenvalues(), problem.signal_power()
        positive = eigenvalues > 0
        self.trace = _above(eigenvalues[positive].sum())
        self.largest = _above(eigenvalues.max())
        self.signal = _above(power[positive].sum())
        self._elements: dict[int, list[tuple[Element, Element]]] = {}

    def at(self, u: Element, digits: int) -> Values:
        field = self.field
        with field.working(digits + GUARD):
            if digits not in self._elements:
                eigenvalues, powers = (read(self._problem, field) for read in (eigenvalue_elements, signal_elements))
                self._elements[digits] = list(zip(eigenvalues, powers, strict=True))
            d1 = d2 = sig = sig2 = field.real(0)
            for value, power in self._elements[digits]:
                inverse = 1 / (value + u)
                share, weighted = value * inverse, power * inverse
                d1, d2, sig, sig2 = d1 + share, d2 + share * share, sig + weighted, sig2 + weighted * inverse
            return Values(d1=d1, d2=d2, sig=sig, sig2=sig2)


def precise_sums(regression: Regression, field: Field, *, proved: bool = False) -> Sums:
    """The sums of a problem; a float among its numbers stands for exactly the binary fraction it is."""
    problem = as_one(regression)
    spectrum, signal = problem.spectrum, problem.power_law_signal
    if isinstance(spectrum, PowerLaw) and signal is not None:
        return PowerLawSums(spectrum, signal, field, proved=proved)
    if isinstance(spectrum, LogarithmicPowerLaw) and spectrum.dimension is None:
        if proved:
            raise InvalidInput(
                "sums of a logarithmic spectrum in infinite dimension have no proved remainder: leave certified "
                "out, or give a finite dimension"
            )
        from riskcalc.equivalent.precise.logarithmic import LogarithmicSums

        return LogarithmicSums(problem, field)
    positive_coordinates(problem)  # refuses what has no such list
    return TermByTerm(problem, field)


def _above(value: float) -> Fraction:
    """A rational above a float that was computed from few rounded numbers."""
    return Fraction(value) * (1 + Fraction(1, 10**9))


def _power_sum_bound(exponent: Fraction, dimension: int | None) -> Fraction:
    """A rational at least sum_{j=1}^{v} j^-exponent: its first term and an integral, or v terms of the largest."""
    if exponent > 1:
        return 1 + 1 / (exponent - 1)
    v = Fraction(held(dimension, "the dimension"))
    return v if exponent >= 0 else v ** (1 - int(exponent) + 1)
