"""The numbers of a finite problem as elements of a numeric field, at its working precision.

Powers of j are computed; a float the user gave stands for the binary fraction it is. Coordinates of eigenvalue zero are
left out, because nothing is learnt on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.problem import ExplicitSignal, GaussianPrior, PowerLaw, Problem
from riskcalc.problem.spectrum import Law, powers_at
from riskcalc.quantity import of_type

LARGEST = 1_000_000  # coordinates


def positive_coordinates(problem: Problem) -> list[int]:
    """Indices, from zero, of the positive eigenvalues."""
    dimension = problem.dimension
    if dimension is None or dimension > LARGEST:
        raise InvalidInput(
            f"dimension {dimension or 'infinity'} is too large for sums term by term in more digits than float64: at "
            f"most {LARGEST:.0e}, or use power laws for both spectrum and signal and the equivalent road"
        )
    if isinstance(problem.spectrum, Law):
        return list(range(dimension))
    return [j for j, value in enumerate(problem.eigenvalues().tolist()) if value > 0]


def eigenvalue_elements(problem: Problem, field: Field) -> list[Element]:
    """lambda_j at the positive coordinates."""
    places, spectrum = positive_coordinates(problem), problem.spectrum
    if isinstance(spectrum, Law):
        return spectrum.at(_whole(field, places), field)
    return [field.real(Fraction(value)) for value in spectrum.eigenvalues()[places].tolist()]


def signal_elements(problem: Problem, field: Field) -> list[Element]:
    """lambda_j w_j^2 at the positive coordinates."""
    places, signal = positive_coordinates(problem), problem.signal
    if problem.power_law_signal is not None:
        return signal_at(problem, field, _whole(field, places))
    eigenvalues = eigenvalue_elements(problem, field)
    if not isinstance(signal, ExplicitSignal):  # an isotropic prior
        scale = field.real(Fraction(signal.scale))
        return [scale * eigenvalue for eigenvalue in eigenvalues]
    squares = [Fraction(value) ** 2 for value in signal.values[places].tolist()]
    return [eigenvalue * field.real(square) for eigenvalue, square in zip(eigenvalues, squares, strict=True)]


def eigenvalues_at(problem: Problem, field: Field, places: Sequence[Element]) -> list[Element]:
    """lambda at any places j, real or complex, of a spectrum that is a law."""
    return list(of_type(problem.spectrum, Law, "spectrum", "a law").at(places, field))


def signal_at(problem: Problem, field: Field, places: Sequence[Element]) -> list[Element]:
    """lambda w^2 at any places j, of a spectrum and a signal that are laws."""
    law, signal = problem.power_law_signal, problem.signal
    if law is not None:
        return powers_at(places, -Fraction(law.b), Fraction(law.scale), field)
    scale = field.real(Fraction(of_type(signal, GaussianPrior, "signal", "a law").scale))
    return [scale * eigenvalue for eigenvalue in eigenvalues_at(problem, field, places)]


def covariance_elements(problem: Problem, field: Field) -> list[Element]:
    """lambda_j w_j, the covariance of a coordinate with the label, at the positive coordinates."""
    places, signal = positive_coordinates(problem), problem.signal
    eigenvalues = eigenvalue_elements(problem, field)
    if isinstance(signal, GaussianPrior):
        raise InvalidInput("a random target has no one covariance with the label: fix the signal")
    if isinstance(signal, ExplicitSignal):
        targets = [field.real(Fraction(value)) for value in signal.values[places].tolist()]
        return [eigenvalue * target for eigenvalue, target in zip(eigenvalues, targets, strict=True)]
    spectrum = problem.spectrum
    if isinstance(spectrum, PowerLaw):
        scale = Fraction(spectrum.scale) * Fraction(signal.scale)
        root = field.sqrt(field.real(scale))
        exponent = -(Fraction(spectrum.a) + Fraction(signal.b)) / 2
        sizes = [root * power for power in powers_at(_whole(field, places), exponent, Fraction(1), field)]
    else:
        powers = signal_elements(problem, field)
        sizes = [field.sqrt(value * power) for value, power in zip(eigenvalues, powers, strict=True)]
    signs = signal.signed(np.ones(problem.dimension or 0))[places].tolist()
    return [-size if sign < 0 else size for size, sign in zip(sizes, signs, strict=True)]


def _whole(field: Field, places: Sequence[int]) -> list[Element]:
    """j of coordinates counted from zero."""
    return [field.real(j + 1) for j in places]
