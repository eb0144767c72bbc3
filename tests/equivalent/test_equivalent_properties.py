"""What must hold for every valid problem, and what every invalid one must do."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    IterateAverage,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    WarmupStableDecay,
    risk,
)
from riskcalc.equivalent.stability import stability
from riskcalc.errors import RiskcalcError, ToleranceNotMet, UnstableRun
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums


def largest_step(problem, model_size, batch_size):
    sums = spectral_sums(problem)
    marks = landmarks(sums, float(model_size))
    return stability(sums, float(model_size), marks, step_size=1e-6, batch_size=batch_size).largest_step_size


@st.composite
def problems(draw):
    infinite = draw(st.booleans())
    a = draw(st.sampled_from([1.1, 1.5, 2, 2.5, 3] if infinite else [0.4, 0.6, 0.8, 1, 1.2, 2, 3]))
    b = draw(st.sampled_from([1.05, 1.2, 1.7, 2, 2.6, 3, 3.5, 4, 5]))
    dimension = None if infinite else draw(st.sampled_from([30, 200, 5000]))
    model = draw(st.sampled_from([1, 3, 25, 400, 10**6, 10**12] if infinite else [1, 2, 10, 25]))
    noise = draw(st.sampled_from([0, "1/10", 1]))
    return Problem(spectrum=PowerLaw(a=a, dimension=dimension), signal=PowerLawSignal(b=b), noise=noise), model


VALID = given(
    asked=problems(),
    batch=st.sampled_from([1, 2, 8, 64]),
    share=st.sampled_from([0.02, 0.3, 0.7, 0.9]),
    kind=st.sampled_from([Constant, Geometric, Cosine, lambda g: Polynomial(g, 2), WarmupStableDecay]),
)


@settings(max_examples=6)
@VALID
def test_random_valid_problems(asked, batch, share, kind):
    check_valid(asked, batch, share, kind)


@pytest.mark.slow
@settings(max_examples=60)
@VALID
def test_many_random_valid_problems(asked, batch, share, kind):
    check_valid(asked, batch, share, kind)


def check_valid(asked, batch, share, kind):
    """Resolutions agree (or the curve is an error), the decomposition adds up, the sum rules hold."""
    problem, model = asked
    schedule = kind(share * largest_step(problem, model, batch))
    run = Run(problem, model_size=model, batch_size=batch, schedule=schedule, steps=[0, 1, 7, 60, 300])
    curve = risk(run)
    assert curve.error <= 1e-9
    assert np.all(np.abs(curve.approximation + curve.bias + curve.variance - curve.excess) <= 1e-15 * curve.excess)
    assert curve.excess[0] == pytest.approx(spectral_sums(problem).moments().signal, rel=1e-9)
    assert curve.variance[0] == 0
    assert np.all(curve.excess >= curve.approximation * (1 - 1e-12))


@settings(max_examples=5)
@given(asked=problems(), batch=st.sampled_from([1, 4]), share=st.sampled_from([0.1, 0.6]))
def test_limit_of_a_constant_step(asked, batch, share):
    """E(oo) = (approximation + kappa sigma2)/(1 - kappa), reached at 1e18 steps for M of this size."""
    problem, model = asked
    assume(model <= 400)
    run = Run(
        problem,
        model_size=model,
        batch_size=batch,
        schedule=Constant(share * largest_step(problem, model, batch)),
        steps=[10**18],
    )
    curve = risk(run)
    kappa = curve.method["kappa"]
    expected = (curve.approximation + kappa * float(problem.noise)) / (1 - kappa)
    assert curve.excess[0] == pytest.approx(expected, rel=1e-8)


def test_explicit_spectrum_with_the_same_numbers():
    power = Problem(spectrum=PowerLaw(a="3/2", dimension=500), signal=PowerLawSignal(b=2), noise=1)
    explicit = Problem(spectrum=ExplicitSpectrum(power.eigenvalues()), signal=ExplicitSignal(power.target()), noise=1)
    curves = [
        risk(Run(problem, model_size=40, schedule=Geometric("1/4"), steps=[0, 10, 1000, 10**6]))
        for problem in (power, explicit)
    ]
    assert np.all(np.abs(curves[0].excess / curves[1].excess - 1) < 1e-11)


def test_scaling_the_data_scales_the_step_size():
    """lambda -> c lambda and gamma -> gamma/c leave the risk unchanged; the signal power only scales it."""
    plain = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3), noise="1/2")
    scaled = Problem(spectrum=PowerLaw(a=2, scale=7), signal=PowerLawSignal(b=3, scale=3), noise="3/2")
    steps = [0, 10, 1000, 10**8]
    first = risk(Run(plain, model_size=1000, schedule=Constant("7/25"), steps=steps))
    second = risk(Run(scaled, model_size=1000, schedule=Constant("1/25"), steps=steps))
    assert np.all(np.abs(second.excess / (3 * first.excess) - 1) < 1e-11)


def test_staged_geometric_schedule_agrees_with_the_recursion():
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise=1)
    steps = [0, 100, 341, 1000, 4096]
    staged = risk(Run(problem, model_size=10**6, schedule=Geometric("3/10"), steps=steps))
    sizes = Geometric("3/10").step_sizes(0, 4096, horizon=4096)

    class StepByStep(Constant):
        def step_sizes(self, start, stop, *, horizon):
            return sizes[start:stop]

        def stages(self, *, horizon):
            return None

    direct = risk(Run(problem, model_size=10**6, schedule=StepByStep("3/10"), steps=steps))
    assert np.all(np.abs(staged.excess / direct.excess - 1) < 1e-11)


def test_small_dimensions_agree_with_an_average_over_sketches():
    """a < 1: the equivalent at M = 30, v = 120 within 4 standard errors of 100 sketches, themselves below 2 %."""
    problem = Problem(spectrum=PowerLaw(a="4/5", dimension=120), signal=PowerLawSignal(b="8/5"))
    step = 0.5 / float(problem.eigenvalues().sum())
    run = Run(problem, model_size=30, schedule=Constant(step), steps=[1, 10, 100, 1000])
    exact, equivalent = risk(run, method=Exact(sketches=100)), risk(run)
    relative = exact.standard_error / exact.excess
    assert np.all(relative < 0.02)
    # the equivalent itself is off by O(1/M): about 1/M here, so the bound is both together
    assert np.all(np.abs(equivalent.excess / exact.excess - 1) < 4 * relative + 1 / 30)


@pytest.mark.parametrize("road", [Equivalent(), Exact(seed=0)])
@pytest.mark.parametrize("batch", [1, 8])
def test_unstable_runs_are_refused_with_both_numbers_and_can_be_forced(road, batch):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b=3))
    stable = Run(problem, model_size=20, batch_size=batch, schedule=Constant("1/10"), steps=[10])
    assert risk(stable, method=road).method["kappa"] < 1
    wild = Run(problem, model_size=20, batch_size=batch, schedule=Constant(4), steps=[0, 10, 200])
    with pytest.raises(UnstableRun, match=r"kappa = \S+ .*largest stable constant step size is \d"):
        risk(wild, method=road)
    forced = risk(wild, method=road, force=True)
    assert forced.excess[2] > 1e3 * forced.excess[0]


@pytest.mark.parametrize("share", [0.999, 1.001])
@pytest.mark.parametrize(("model", "batch"), [(5, 64), (100, 1), (10**6, 4)])
def test_the_largest_step_size_is_where_the_answer_changes(model, batch, share):
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
    step = share * largest_step(problem, model, batch)
    sums = spectral_sums(problem)
    found = stability(sums, float(model), landmarks(sums, float(model)), step_size=step, batch_size=batch)
    assert found.stable == (share < 1)


def test_a_tolerance_that_cannot_be_met_is_an_error():
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="12/5"))
    run = Run(problem, model_size=10**9, schedule=Cosine("3/10"), steps=[10**8], averaging=IterateAverage())
    with pytest.raises(ToleranceNotMet, match=r"float64 knows .* 100000000 steps of this schedule with"):
        risk(run, method=Equivalent(tolerance=1e-14))


def test_model_size_at_the_dimension_is_refused():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=50), signal=PowerLawSignal(b=3))
    with pytest.raises(RiskcalcError, match="hard edge"):
        risk(Run(problem, model_size=50, schedule=Constant("1/10"), steps=[10]))


odd = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=6),
    st.integers(-3, 3),
    st.floats(),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(["1e400", "1e9999999999", "nan", "inf", "1/0", "-1", "0", "__import__('os')", 10**30, math.inf]),
)


@settings(max_examples=150)
@given(data=st.data())
def test_random_input_gives_an_answer_or_one_of_our_own_errors(data):
    """One to three fields are replaced by anything at all."""
    fields = {
        "a": 2,
        "b": 3,
        "dimension": 20,
        "noise": 0,
        "model_size": 5,
        "batch_size": 1,
        "step_size": "1/10",
        "steps": [0, 5],
        "horizon": None,
    }
    for name in data.draw(st.lists(st.sampled_from(sorted(fields)), min_size=1, max_size=3, unique=True)):
        fields[name] = data.draw(odd)
    try:
        problem = Problem(
            spectrum=PowerLaw(a=fields["a"], dimension=fields["dimension"]),
            signal=PowerLawSignal(b=fields["b"]),
            noise=fields["noise"],
        )
        run = Run(
            problem,
            model_size=fields["model_size"],
            batch_size=fields["batch_size"],
            schedule=Constant(fields["step_size"]),
            steps=fields["steps"],
            horizon=fields["horizon"],
        )
        curve = risk(run)
    except RiskcalcError:
        return
    assert np.isfinite(curve.excess).all()
