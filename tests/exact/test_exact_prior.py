"""The exact road under a prior: the mean over targets, exactly, and its floor to full digits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Equivalent,
    Exact,
    ExplicitSignal,
    GaussianPrior,
    IterateAverage,
    LogarithmicPowerLaw,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
)
from riskcalc.errors import InvalidInput
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch


@pytest.mark.parametrize("averaging", [None, IterateAverage()], ids=str)
@pytest.mark.parametrize("signal", [GaussianPrior(scale=2), GaussianPrior(b=3)], ids=str)
@pytest.mark.parametrize("spectrum", [PowerLaw(a=2, dimension=9), LogarithmicPowerLaw(a=2, dimension=9)], ids=str)
def test_the_risk_is_the_sum_over_single_coefficients(spectrum, signal, averaging):
    """Without label noise the risk is a quadratic form in w: its mean needs one target for each coefficient."""

    def excess(target_or_prior):
        problem = Problem(spectrum=spectrum, signal=target_or_prior)
        run = Run(problem, model_size=4, schedule=Constant("1/20"), steps=[0, 3, 500], averaging=averaging)
        curve = Exact(seed=1).curve(run)
        return np.array([curve.excess, curve.bias, curve.variance, np.full(3, curve.approximation)])

    sizes = Problem(spectrum=spectrum, signal=signal).target_size()
    single = sum(excess(ExplicitSignal(row)) for row in np.diag(sizes))
    assert excess(signal) == pytest.approx(single, rel=1e-10)


def test_a_small_floor_keeps_its_digits():
    """Little is missed of the leading directions: a difference from 1 would have few digits left."""
    spectrum = PowerLaw(a=7, dimension=60)
    sketch = gaussian_sketch(model_size=30, dimension=60, seed=0)
    modes = sketch_modes(Problem(spectrum=spectrum, signal=GaussianPrior(b=60)), sketch)
    design = np.sqrt(spectrum.eigenvalues())[:, None] * sketch.T
    basis, _ = np.linalg.qr(design, mode="complete")
    complement = basis[:, 30:]
    power = np.arange(1, 61.0) ** -60
    assert modes.floor == pytest.approx(float(np.sum(complement**2, axis=1) @ power), rel=1e-6)
    assert modes.floor < 1e-7


def test_the_equivalent_is_that_of_the_fixed_signal():
    curves = [
        Equivalent().curve(
            Run(
                Problem(spectrum=PowerLaw(a=2, dimension=500), signal=signal, noise=1),
                model_size=20,
                schedule=Constant("1/5"),
                steps=[0, 100],
            )
        )
        for signal in (GaussianPrior(b=3), PowerLawSignal(b=3))
    ]
    assert np.array_equal(curves[0].excess, curves[1].excess)


@pytest.mark.parametrize("size", [1, 4, 9])
@pytest.mark.parametrize("signal", [GaussianPrior(scale=2), GaussianPrior(b=3)], ids=str)
def test_more_digits_average_over_the_prior(signal, size):
    """A mean of squares in the eigenbasis: against the float road, which forms eigenvectors."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=9), signal=signal, noise="1/10")
    run = Run(problem, model_size=size, schedule=Constant("1/20"), steps=[0, 3, 5000])
    floats, digits = Exact(seed=1).curve(run), Exact(seed=1, digits=18).curve(run)
    assert digits.excess == pytest.approx(floats.excess, rel=1e-12)
    assert digits.bias == pytest.approx(floats.bias, rel=1e-12, abs=1e-12 * floats.excess[-1])
    assert digits.approximation == pytest.approx(floats.approximation, rel=1e-12)


def test_what_has_vanished_is_zero_unless_digits_are_asked_for():
    """Below the range of floats the excess is 0, also where an earlier step needs more digits than float64 has."""
    problem = Problem(spectrum=PowerLaw(a=4, dimension=2), signal=GaussianPrior(b=5))
    largest = Fraction("0.6618")  # near the largest: floats do not know step 1386 to 1e-14
    run = Run(problem, model_size=2, schedule=Constant(largest), steps=[1386, 10**12], batch_size=1)
    curve = Unsketched(tolerance=1e-14).curve(run)
    assert "escalated" in curve.method
    assert curve.excess[0] > 0
    assert curve.excess[1] == 0
    with pytest.raises(InvalidInput, match="died out"):
        Exact(sketch=np.eye(2), digits=18).curve(run)
