"""Spectral sums in a numeric field, of a finite problem with numbers given one by one. Source: D20."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from riskcalc.numeric.field import Element, Field
from riskcalc.problem import Problem
from riskcalc.spectral.precise.problem_elements import eigenvalue_elements, signal_elements
from riskcalc.spectral.precise.sums import GUARD, Values


class TermByTerm:
    """Sums of a finite problem with numbers given one by one, for spectrum, signal or both."""

    def __init__(self, problem: Problem, field: Field) -> None:
        self.field, self._problem = field, problem
        eigenvalues, power = problem.eigenvalues(), problem.signal_power()
        positive = eigenvalues > 0
        self.trace = _above(eigenvalues[positive].sum())
        self.largest, self.rank = _above(eigenvalues.max()), float(np.count_nonzero(positive))
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


def _above(value: float) -> Fraction:
    """A rational above a float that was computed from few rounded numbers."""
    return Fraction(value) * (1 + Fraction(1, 10**9))
