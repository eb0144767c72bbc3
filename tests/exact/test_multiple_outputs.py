"""Several outputs on the deterministic roads: totals against sums of scalar risks, to the last digits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    Asymptotic,
    Constant,
    Equivalent,
    Exact,
    ExplicitSignal,
    Geometric,
    MultipleOutputs,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    output_curves,
    risk,
)
from riskcalc.errors import InvalidInput

LAWS = [PowerLawSignal(b=2, signs=1), PowerLawSignal(b=3, scale="1/3"), PowerLawSignal(b=2)]
SCHEDULES = [Constant("1/5"), Geometric("1/5"), Polynomial("1/5", power=1)]
PARTS = ("excess", "bias", "variance", "risk")


def several(dimension=60, counts=(1, 2, 5)):
    spectrum = PowerLaw(a=2, dimension=dimension)
    return MultipleOutputs(spectrum=spectrum, signals=LAWS, noises=["1/2", "1/10", 0], counts=counts)


def added(run, name, method):
    curves = output_curves(run, method=method)
    pairs = zip(run.problem.counts, curves, strict=True)
    return np.sum([count * getattr(curve, name) for count, curve in pairs], axis=0)


_METHODS = {"one": Exact(seed=4), "three": Exact(seed=4, sketches=3), "de": Equivalent()}
_PAIRS = [
    pytest.param(
        method,
        schedule,
        id=f"{name}-{schedule.describe()['name']}",
        marks=pytest.mark.slow if name == "three" and schedule is not SCHEDULES[0] else (),
    )
    for name, method in _METHODS.items()
    for schedule in SCHEDULES
]


@pytest.mark.parametrize(("method", "schedule"), _PAIRS)
def test_total_is_the_sum_of_the_outputs(method, schedule):
    run = Run(several(), model_size=8, batch_size=2, schedule=schedule, steps=[0, 1, 30, 300])
    total = risk(run, method=method)
    for name in PARTS:
        assert np.allclose(getattr(total, name), added(run, name, method), rtol=1e-10, atol=1e-12), name
    assert np.isclose(total.approximation, added(run, "approximation", method), rtol=1e-12)
    assert total.irreducible == 0.5 + 0.2
    assert total.asked.outputs == "8"


def test_correlation_of_the_noise_changes_nothing():
    free = several(counts=(1, 1, 1))
    tied = MultipleOutputs(spectrum=free.spectrum, signals=LAWS, noises=free.noises, noise_correlation=1)
    curves = [risk(Run(p, model_size=8, schedule=SCHEDULES[0], steps=[100]), method=Exact()) for p in (free, tied)]
    assert curves[0].excess == curves[1].excess


@pytest.mark.parametrize(
    "method, outputs",
    [
        (Equivalent(), 3),
        (Equivalent(), 10**12),
        (Asymptotic(), 10**12),
        pytest.param(Equivalent(digits=16), 1000, marks=pytest.mark.slow),
    ],
    ids=["float", "many", "terms", "digits"],
)
def test_the_two_normalisations(method, outputs):
    scalar = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise="1/10")

    def curve(problem):
        return risk(Run(problem, model_size=1000, schedule=Constant("1/5"), steps=[1000]), method=method)

    one = curve(scalar)
    every = curve(MultipleOutputs.every_output(scalar, outputs=outputs))
    for name in PARTS:
        assert np.allclose(getattr(every, name), outputs * getattr(one, name), rtol=1e-9)
    total = curve(MultipleOutputs.total(scalar, outputs=outputs))
    loud = curve(Problem(spectrum=scalar.spectrum, signal=scalar.signal, noise=Fraction(outputs, 10)))
    assert np.allclose(total.bias, one.bias, rtol=1e-9)
    assert np.allclose(total.approximation, one.approximation, rtol=1e-9)
    assert np.allclose(total.variance, loud.variance, rtol=1e-9)


@pytest.mark.slow
def test_digits_of_several_laws_add_up():
    run = Run(several(dimension=None), model_size=100, schedule=Constant("1/5"), steps=[1000])
    floats, digits = risk(run), risk(run, method=Equivalent(digits=16))
    assert np.allclose(floats.excess, digits.excess, rtol=1e-9)
    more = risk(run, method=Equivalent(digits=20))
    for short, long in zip(digits.decimals["excess"], more.decimals["excess"], strict=True):
        assert abs(Fraction(short) / Fraction(long) - 1) < Fraction(1, 10**15)


def test_several_laws_have_no_certified_total():
    run = Run(several(dimension=None), model_size=100, schedule=Constant("1/5"), steps=[10])
    with pytest.raises(InvalidInput, match="proved radii are not added up"):
        risk(run, method=Equivalent(digits=20, certified=True))


def test_certified_answer_of_one_law():
    scalar = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"), noise="1/10")
    problem = MultipleOutputs.total(scalar, outputs=7)
    run = Run(problem, model_size=1000, schedule=Constant("3/10"), steps=[20])
    ball = risk(run, method=Equivalent(digits=12, certified=True))
    assert abs(ball.excess[0] - risk(run).excess[0]) < 1e-9
    assert ball.radius[0] > 0


def test_explicit_targets_are_pooled():
    generator = np.random.default_rng(0)
    targets = generator.standard_normal((3, 60))
    signals = [ExplicitSignal(target) for target in targets]
    problem = MultipleOutputs(spectrum=PowerLaw(a=2, dimension=60), signals=signals, noises="1/5")
    assert len(problem.pooled()) == 1
    run = Run(problem, model_size=8, schedule=Constant("1/5"), steps=[0, 100])
    assert np.allclose(risk(run).excess, added(run, "excess", Equivalent()), rtol=1e-9)
    assert np.isclose(risk(run, method=Exact()).excess[0], problem.signal_power().sum(), rtol=1e-12)
