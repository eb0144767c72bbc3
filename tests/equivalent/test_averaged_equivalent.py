"""Averages of iterates in the equivalent: infinite dimension, 1e18 steps, and what other roads refuse."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Asymptotic,
    Constant,
    Cosine,
    Custom,
    Equivalent,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    IterateAverage,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    TailAverage,
)
from riskcalc.errors import InvalidInput
from riskcalc.spectral.contour_modes import modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums

INFINITE = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"), noise=1)


@pytest.mark.parametrize("averaging", [IterateAverage(), TailAverage("1/8")], ids=str)
def test_stages_are_crossed_as_step_by_step(averaging):
    geometric = Geometric("3/10")
    jitter = 1 + 1e-15 * np.arange(2000)  # every step its own stage
    stepwise = Custom(geometric.step_sizes(0, 2000, horizon=2000) * jitter)
    assert stepwise.stages(horizon=2000) is None
    runs = [
        Run(INFINITE, model_size=100, schedule=schedule, steps=[10, 2000], averaging=averaging)
        for schedule in (geometric, stepwise)
    ]
    at_once, slowly = (Equivalent().curve(run) for run in runs)
    assert at_once.excess == pytest.approx(slowly.excess, rel=1e-10)
    assert at_once.variance == pytest.approx(slowly.variance, rel=1e-9)


@pytest.mark.parametrize(
    "averaging, schedule",
    [
        (IterateAverage(), Constant("3/10")),
        pytest.param(IterateAverage(), Geometric("3/10"), marks=pytest.mark.slow),
        (TailAverage("1/1000"), Constant("3/10")),
        (TailAverage("1/1000"), Geometric("3/10")),
    ],
    ids=str,
)
def test_two_resolutions_agree_at_enormous_steps(schedule, averaging):
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    run = Run(problem, model_size=1e12, schedule=schedule, steps=[10**4, 10**18], averaging=averaging)
    assert Equivalent().curve(run).error < 1e-10


def test_late_variance_counts_the_features():
    """Each of the M directions adds (noise + floor) (2 - gamma z)/B(2 - ...)/(1 - kappa); at gamma -> 0 that is M/t."""
    step = 10**16
    run = Run(INFINITE, model_size=50, schedule=Constant("1/1000"), steps=[step], averaging=IterateAverage())
    curve = Equivalent().curve(run)
    sums = spectral_sums(INFINITE)
    modes = modes_in_z(sums, 50.0, landmarks(sums, 50.0), height=0.3, digits=15)
    scaled = 1e-3 * modes.position
    rest = scaled / (2 - 2 * scaled) * modes.kernel / modes.position**2
    kappa = float(modes.total(rest))
    expected = float(modes.total(rest * (2 - scaled) / scaled)) * (1 + curve.approximation) / (1 - kappa)
    assert curve.variance[0] * step == pytest.approx(expected, rel=1e-8)
    assert expected == pytest.approx(50 * (1 + curve.approximation), rel=5e-3)


def test_eigenvalues_listed():
    law = Problem(spectrum=PowerLaw(a="3/2", dimension=400), signal=PowerLawSignal(b=2), noise=1)
    listed = Problem(
        spectrum=ExplicitSpectrum(law.eigenvalues()), signal=ExplicitSignal(law.target()), noise=law.noise
    )
    excess = [
        Equivalent()
        .curve(Run(each, model_size=20, schedule=Cosine("1/5"), steps=[50, 500], averaging=TailAverage("1/3")))
        .excess
        for each in (law, listed)
    ]
    assert excess[0] == pytest.approx(excess[1], rel=1e-10)


@pytest.mark.parametrize(
    "method, reason",
    [
        (Asymptotic(), "derived for the last iterate"),
        (Equivalent(digits=10, certified=True), "no radius is proved for averages of iterates: leave certified out"),
    ],
)
def test_roads_that_do_not_know_averages_say_so(method, reason):
    run = Run(INFINITE, model_size=100, schedule=Constant("3/10"), steps=[100], averaging=IterateAverage())
    with pytest.raises(InvalidInput, match=reason):
        method.curve(run)
