"""The real sums that ridge regression asks for, in floats, against the same sums in decimals."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    ExplicitSignal,
    ExplicitSpectrum,
    GaussianPrior,
    LogarithmicPowerLaw,
    PowerLaw,
    PowerLawSignal,
    Problem,
    ridge_risk,
)
from riskcalc.numeric.arb_field import Arb
from riskcalc.spectral.of_problem import sums_of
from riskcalc.spectral.precise.of_problem import precise_sums

PROBLEMS = {
    "power": Problem(spectrum=PowerLaw(a="3/2", scale=2), signal=PowerLawSignal(b="7/4", scale=3)),
    "finite": Problem(spectrum=PowerLaw(a="4/5", dimension=5000), signal=GaussianPrior(scale=3)),
    "logarithm": Problem(spectrum=LogarithmicPowerLaw(a=2, scale=3), signal=PowerLawSignal(b="5/2", scale=2)),
    "slow logarithm": Problem(spectrum=LogarithmicPowerLaw(a="3/2"), signal=PowerLawSignal(b="11/10")),
    "prior": Problem(spectrum=LogarithmicPowerLaw(a="5/2", scale=2), signal=GaussianPrior(scale=3)),
    "listed": Problem(spectrum=ExplicitSpectrum([1, 0.2, 0, 0.03]), signal=ExplicitSignal([1, 2, 5, 3])),
}
PLACES = np.array([1e-9, 1e-3, 0.4, 30.0])


@pytest.mark.parametrize("name", PROBLEMS)
def test_they_are_the_sums_in_decimals(name):
    field, sums = Arb(), sums_of(PROBLEMS[name])
    precise = precise_sums(PROBLEMS[name], field)
    found = sums.unfitted_at(PLACES)
    for k, place in enumerate(PLACES.tolist()):
        with field.working(30):
            u = field.real(Fraction(place))
            right = precise.at(u, 20)
            expected = [float(field.rational(x)) for x in (right.d1, right.d2, u * right.sig, u * u * right.sig2)]
        assert [one[k] for one in found] == pytest.approx(expected, rel=1e-13)
        assert sums.freedom_at(PLACES)[k] == pytest.approx(expected[0], rel=1e-13)


@pytest.mark.parametrize("ridge", [0, "1/50"])
def test_least_squares_on_an_endless_logarithmic_spectrum(ridge):
    """Its u solves u (1 - d1/M) (1 - d1/n) = ridge, with d1 in decimals."""
    field, problem = Arb(), PROBLEMS["logarithm"]
    u = ridge_risk(problem, model_size=10, samples=40, ridge=ridge).method["u"]
    with field.working(30):
        d1 = float(field.rational(precise_sums(problem, field).at(field.real(Fraction(u)), 20).d1))
    if ridge == 0:
        assert d1 == pytest.approx(10, rel=1e-13)
    else:
        assert u * (1 - d1 / 10) * (1 - d1 / 40) == pytest.approx(1 / 50, rel=1e-11)
