"""Power sums of a problem in a numeric field: what its spectral sums are made of at u = infinity.

Formula: T_p = sum lambda^p and H_p = sum h lambda^p; for power laws zeta values, less what lies beyond the
dimension. d1 = sum_{p >= 1} (-1)^{p-1} T_p u^-p and u sig = sum_{p >= 0} (-1)^p H_p u^-p. Source: D56.
"""

from __future__ import annotations

from fractions import Fraction

from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.problem import PowerLaw, Problem, Regression
from riskcalc.problem.multiple_outputs import as_one
from riskcalc.spectral.precise.problem_elements import eigenvalue_elements, signal_elements

_SHORT = 2000  # terms that are added up one by one


def power_sums(regression: Regression, field: Field, count: int) -> tuple[list[Element], list[Element]]:
    """T_1, ..., T_count and H_0, ..., H_count-1 at the working precision."""
    problem = as_one(regression)
    spectrum, signal = problem.spectrum, problem.power_law_signal
    long = problem.dimension is None or problem.dimension > _SHORT
    if isinstance(spectrum, PowerLaw) and signal is not None and long:
        a, b = Fraction(spectrum.a), Fraction(signal.b)
        scale, height = field.real(Fraction(spectrum.scale)), field.real(Fraction(signal.scale))
        eigenvalues = [scale**p * _zeta(field, a * p, problem.dimension) for p in range(1, count + 1)]
        return eigenvalues, [height * scale**p * _zeta(field, b + a * p, problem.dimension) for p in range(count)]
    return _one_by_one(problem, field, count)


def _one_by_one(problem: Problem, field: Field, count: int) -> tuple[list[Element], list[Element]]:
    values, weights = eigenvalue_elements(problem, field), signal_elements(problem, field)
    ones = [field.real(1)] * len(values)
    powers, eigenvalues, signals = ones, [], []
    for _ in range(count):
        signals.append(field.dot(weights, powers))
        powers = [power * value for power, value in zip(powers, values, strict=True)]
        eigenvalues.append(field.dot(ones, powers))
    return eigenvalues, signals


def _zeta(field: Field, exponent: Fraction, dimension: int | None) -> Element:
    """sum_{j=1}^{v} j^-s."""
    if exponent == 1:
        raise InvalidInput(
            f"a sum of 1/j over {dimension} terms has no zeta value: with digits, use another exponent, or at most "
            f"{_SHORT} dimensions"
        )
    total = field.zeta(field.real(exponent), 1)
    return total if dimension is None else total - field.zeta(field.real(exponent), dimension + 1)
