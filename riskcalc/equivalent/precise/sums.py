"""The spectral sums of a problem in a numeric field, at as many digits as each stage of a computation needs.

Formula: d1 = sum lambda/(lambda + u), d2 = sum lambda^2/(lambda + u)^2, sig = sum h/(lambda + u), and
sig2 = sum h/(lambda + u)^2 = -sig'. Source: D02, D20.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.precise_sum import PowerLawTables
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

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


class ExplicitSums:
    """Sums over a spectrum of given numbers, term by term; zero eigenvalues play no part."""

    def __init__(self, problem: Problem, field: Field) -> None:
        self.field = field
        pairs = [
            (Fraction(value), Fraction(value) * Fraction(target) ** 2)
            for value, target in zip(problem.eigenvalues().tolist(), _exact_targets(problem), strict=True)
            if value > 0
        ]
        self.pairs = pairs
        self.trace = sum((value for value, _ in pairs), start=Fraction(0))
        self.largest = max(value for value, _ in pairs)
        self.signal = sum((power for _, power in pairs), start=Fraction(0))
        self._elements: dict[int, list[tuple[Element, Element]]] = {}

    def at(self, u: Element, digits: int) -> Values:
        field = self.field
        with field.working(digits + GUARD):
            if digits not in self._elements:
                self._elements[digits] = [(field.real(value), field.real(power)) for value, power in self.pairs]
            d1 = d2 = sig = sig2 = field.real(0)
            for value, power in self._elements[digits]:
                inverse = 1 / (value + u)
                share, weighted = value * inverse, power * inverse
                d1, d2, sig, sig2 = d1 + share, d2 + share * share, sig + weighted, sig2 + weighted * inverse
            return Values(d1=d1, d2=d2, sig=sig, sig2=sig2)


def precise_sums(problem: Problem, field: Field, *, proved: bool = False) -> Sums:
    """The sums of a problem; a float among its numbers stands for exactly the binary fraction it is."""
    spectrum, signal = problem.spectrum, problem.signal
    if isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal):
        return PowerLawSums(spectrum, signal, field, proved=proved)
    if isinstance(signal, PowerLawSignal) or isinstance(spectrum, PowerLaw):
        raise InvalidInput(
            "more digits than float64 need spectrum and signal both as power laws, or both as explicit numbers"
        )
    return ExplicitSums(problem, field)


def _exact_targets(problem: Problem) -> list[float]:
    return list(problem.target().tolist())


def _power_sum_bound(exponent: Fraction, dimension: int | None) -> Fraction:
    """A rational at least sum_{j=1}^{v} j^-exponent: its first term and an integral, or v terms of the largest."""
    if exponent > 1:
        return 1 + 1 / (exponent - 1)
    assert dimension is not None
    return Fraction(dimension) if exponent >= 0 else Fraction(dimension) ** (1 - int(exponent) + 1)
