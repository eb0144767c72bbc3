"""The numbers in which the leading terms are evaluated: float64 arrays, or mpmath numbers of any length.

Which terms enter, and with which factors, is written once (`question`); both arithmetics give it constants, powers,
kappa and S. An array of mpmath numbers is a NumPy array of objects, so + and * read the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from sympy import Expr

from riskcalc.asymptotic import feedback
from riskcalc.asymptotic.noise_at_the_end import noise_constant, precise_noise_constant
from riskcalc.asymptotic.power_term import PowerTerm
from riskcalc.asymptotic.shape import Shape
from riskcalc.asymptotic.values import constant_value, precise_constant, term_values
from riskcalc.errors import InvalidInput
from riskcalc.formula.on_mpmath import on_mpmath
from riskcalc.numeric.arb_field import Arb
from riskcalc.numeric.mpmath_context import mp
from riskcalc.numeric.mpmath_field import Mpmath
from riskcalc.numeric.precise_sum import PowerLawTables
from riskcalc.quantity import Array

_GUARD = 10


class Arithmetic(Protocol):
    """What the leading terms need from a kind of number."""

    def number(self, value: Fraction) -> Any:
        """A rational."""

    def numbers(self, values: tuple[int, ...]) -> Array:
        """An array of them."""

    def expression(self, value: Expr) -> Any:
        """A number that SymPy has."""

    def constant(self, term: PowerTerm, *, a: Fraction, ratio: Any) -> Any:
        """The constant of a term; ratio: v/M, None for an infinite dimension."""

    def values(self, term: PowerTerm, constant: Any, letters: Mapping[str, Any], steps: Array) -> Array:
        """The term at each step."""

    def kernel_mass(self, a: Fraction, step_size: Fraction, *, batch_size: int, dimension: int | None) -> Any:
        """kappa."""

    def early_bias(self, a: Fraction, b: Fraction, *, step_size: Any, batch_size: int, dimension: int | None) -> Any:
        """S."""

    def noise_constant(
        self, shape: Shape, a: Fraction, *, step_size: Any, batch_size: int, dimension: int | None
    ) -> Any:
        """The constant of the noise at the end of a schedule, feedback included."""


@dataclass(frozen=True)
class Floats:
    """float64."""

    def number(self, value: Fraction) -> float:
        return float(value)

    def numbers(self, values: tuple[int, ...]) -> Array:
        return np.array(values, dtype=np.float64)

    def expression(self, value: Expr) -> float:
        return float(value)

    def constant(self, term: PowerTerm, *, a: Fraction, ratio: Any) -> float:
        return constant_value(term, a=float(a), ratio=ratio)

    def values(self, term: PowerTerm, constant: Any, letters: Mapping[str, Any], steps: Array) -> Array:
        return term_values(term, constant, letters, steps)

    def kernel_mass(self, a: Fraction, step_size: Fraction, *, batch_size: int, dimension: int | None) -> float:
        sizes = np.array([float(step_size)])
        return float(feedback.kernel_mass(a, sizes, batch_size=batch_size, dimension=dimension)[0])

    def early_bias(self, a: Fraction, b: Fraction, *, step_size: Any, batch_size: int, dimension: int | None) -> float:
        return feedback.early_bias(a, b, step_size=step_size, batch_size=batch_size, dimension=dimension)

    def noise_constant(
        self, shape: Shape, a: Fraction, *, step_size: Any, batch_size: int, dimension: int | None
    ) -> float:
        return noise_constant(shape, a, step_size=step_size, batch_size=batch_size, dimension=dimension)


@dataclass(frozen=True)
class InMpmath:
    """mpmath numbers of `level` digits; use it within `Mpmath().working(level)`."""

    level: int

    def number(self, value: Fraction) -> Any:
        return mp.mpf(value.numerator) / value.denominator

    def numbers(self, values: tuple[int, ...]) -> Array:
        return np.array([mp.mpf(value) for value in values], dtype=object)

    def expression(self, value: Expr) -> Any:
        return on_mpmath([], value)()

    def constant(self, term: PowerTerm, *, a: Fraction, ratio: Any) -> Any:
        return precise_constant(term, a=self.number(a), ratio=ratio, digits=self.level)

    def values(self, term: PowerTerm, constant: Any, letters: Mapping[str, Any], steps: Array) -> Array:
        fixed, exponent = constant, self._rational(term.exponent("t"))
        for name, power in term.exponents.items():
            fixed = fixed * (1 if name == "t" else letters[name] ** self._rational(power))
        for name, power in term.logs.items():
            fixed = fixed * (1 if name == "t" else mp.log(letters[name]) ** power)
        found = [fixed * step**exponent * mp.log(step) ** term.logs.get("t", 0) for step in steps]
        return np.array(found, dtype=object)

    def kernel_mass(self, a: Fraction, step_size: Any, *, batch_size: int, dimension: int | None) -> Any:
        return -self._sums(a, a, dimension)(self._edge(step_size, batch_size)) / (batch_size + 1)

    def early_bias(self, a: Fraction, b: Fraction, *, step_size: Any, batch_size: int, dimension: int | None) -> Any:
        if b <= a + 1:
            raise InvalidInput(f"S is finite for b > a + 1 only, but a = {a} and b = {b}")
        place = self._edge(step_size, batch_size)
        return place * self._sums(a, b - a, dimension)(place) / (2 * step_size)

    def noise_constant(
        self, shape: Shape, a: Fraction, *, step_size: Any, batch_size: int, dimension: int | None
    ) -> Any:
        sums = self._sums(a, a, dimension)

        def mass(size: Any) -> Any:
            return -sums(self._edge(size, batch_size)) / (batch_size + 1)

        return precise_noise_constant(shape, a, step_size=step_size, mass=mass, digits=self.level)

    def _edge(self, step_size: Any, batch_size: int) -> Any:
        """-2/(gamma (1 + 1/B))."""
        size = self.number(step_size) if isinstance(step_size, Fraction) else step_size
        return -2 / (size * (1 + mp.mpf(1) / batch_size))

    def _sums(self, a: Fraction, p: Fraction, dimension: int | None) -> Callable[[Any], Any]:
        """u -> sum_j j^-p/(j^-a + u) at real u, summed in Arb for speed."""
        field = Arb()
        with field.working(self.level + _GUARD):
            tables = PowerLawTables(field, a=a, dimension=dimension, powers=(p,), digits=self.level)

        def at(u: Any) -> Any:
            place = Mpmath().rational(u)
            with field.working(self.level + _GUARD):
                found = field.rational(tables.at(field.real(place))[0][0])
            return self.number(found)

        return at

    def _rational(self, value: Any) -> Any:
        return mp.mpf(int(value.p)) / int(value.q)
