"""Gaussian priors and the logarithmic spectrum as parts of a problem."""

from __future__ import annotations

import json

import numpy as np
import pytest

from riskcalc import (
    Asymptotic,
    Constant,
    Equivalent,
    ExplicitSpectrum,
    GaussianPrior,
    LogarithmicPowerLaw,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
)
from riskcalc.errors import InvalidInput


def test_the_logarithmic_spectrum():
    j = np.arange(1, 11)
    found = LogarithmicPowerLaw(a="3/2", dimension=10, scale=2).eigenvalues()
    assert found == pytest.approx(2 / (j * np.log(j + 1) ** 1.5), rel=1e-14)


@pytest.mark.parametrize("settings", [{"a": 1}, {"a": 0, "dimension": 3}, {"a": 31}, {"a": 2, "scale": 0}])
def test_logarithmic_spectra_that_are_refused(settings):
    with pytest.raises(InvalidInput):
        LogarithmicPowerLaw(**settings)


def test_a_prior_has_the_power_of_its_signal():
    spectrum = PowerLaw(a=2, dimension=20, scale=3)
    prior = Problem(spectrum=spectrum, signal=GaussianPrior(b=3, scale=2))
    fixed = Problem(spectrum=spectrum, signal=PowerLawSignal(b=3, scale=2))
    assert prior.signal_power() == pytest.approx(fixed.signal_power(), rel=1e-15)
    assert prior.target_size() == pytest.approx(fixed.target(), rel=1e-15)
    with pytest.raises(InvalidInput, match="random"):
        prior.target()


@pytest.mark.parametrize(
    "spectrum",
    [PowerLaw(a=2, dimension=9, scale=3), LogarithmicPowerLaw(a=2, dimension=9), ExplicitSpectrum([1, 0, 2])],
)
def test_an_isotropic_prior(spectrum):
    problem = Problem(spectrum=spectrum, signal=GaussianPrior(scale=4))
    assert problem.target_size() == pytest.approx(np.where(problem.eigenvalues() > 0, 2.0, 0.0), rel=1e-15)


def test_an_isotropic_prior_on_a_power_law_is_the_source_condition_b_equal_a():
    spectrum = PowerLaw(a="3/2", scale="1/4")
    runs = [
        Run(Problem(spectrum=spectrum, signal=signal), model_size=100, schedule=Constant("1/2"), steps=[0, 100, 10**6])
        for signal in (
            GaussianPrior(scale=3),
            GaussianPrior(b="3/2", scale="3/4"),
            PowerLawSignal(b="3/2", scale="3/4"),
        )
    ]
    first, *others = (Equivalent().curve(run).excess for run in runs)
    for other in others:
        assert first == pytest.approx(other, rel=1e-13)
    laws = {run.problem.power_law_signal for run in runs}  # by this alone the other roads know the signal
    assert len(laws) == 1


def test_infinite_dimension_needs_a_finite_risk():
    with pytest.raises(InvalidInput, match="b > 1"):
        Problem(spectrum=LogarithmicPowerLaw(a=2), signal=GaussianPrior(b=1))


def test_descriptions():
    isotropic = Problem(spectrum=LogarithmicPowerLaw(a=2), signal=GaussianPrior()).describe()
    assert isotropic == {
        "dimension": None,
        "noise": "0",
        "log_a": "2",
        "spectrum_scale": "1",
        "signal_scale": "1",
        "prior": "isotropic",
    }
    sourced = Problem(spectrum=PowerLaw(a=2), signal=GaussianPrior(b=3)).describe()
    assert (sourced["a"], sourced["b"], sourced["prior"]) == ("2", "3", "gaussian")
    assert json.loads(json.dumps(sourced)) == sourced


def test_leading_terms_need_power_laws():
    run = Run(
        Problem(spectrum=LogarithmicPowerLaw(a=2), signal=GaussianPrior()),
        model_size=10,
        schedule=Constant("1/10"),
        steps=[10],
    )
    with pytest.raises(InvalidInput, match="power laws"):
        Asymptotic().curve(run)
