"""The exact road with more digits than float64: rational arithmetic, closed forms, itself at twice the digits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc import (
    Arb,
    Constant,
    Cosine,
    Custom,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    Mpmath,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    RiskCurve,
    Run,
    risk,
)
from riskcalc.errors import InvalidInput, ToleranceNotMet, UnstableRun
from riskcalc.exact.precise import responses
from riskcalc.problem import gaussian_sketch
from tests.exact.rational_moments import curves, product, solved

FIELDS = [Arb(), Mpmath()]


def problem_of(a, b, v, noise="1/10"):
    return Problem(spectrum=PowerLaw(a=a, dimension=v), signal=PowerLawSignal(b=b), noise=noise)


def close(text, value, digits, scale=None):
    """Whether a decimal text has the value to so many digits of the scale, the value itself if none is given."""
    return abs(Fraction(text) - value) <= abs(value if scale is None else scale) * Fraction(10) ** (1 - digits)


def check(curve, approximation, rows, noise, digits):
    assert close(curve.decimals["approximation"][0], approximation, digits)
    for place, step in enumerate(curve.steps):
        bias, variance = rows[step]
        excess = approximation + bias + variance
        assert close(curve.decimals["excess"][place], excess, digits)
        assert close(curve.decimals["risk"][place], excess + noise, digits)
        assert close(curve.decimals["bias"][place], bias, digits, excess)
        assert close(curve.decimals["variance"][place], variance, digits, excess)


@pytest.fixture(params=[True, False], ids=["in closed form", "step by step"])
def closed(request, monkeypatch):
    """Short stages are followed step by step unless told otherwise."""
    if request.param:
        monkeypatch.setattr(responses, "_SHORT", 0)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("field", FIELDS, ids=str)
@pytest.mark.parametrize("batch", [1, 3])
def test_a_drawn_sketch_in_rational_arithmetic(field, batch):
    """a and b of one parity: lambda and w are rationals, and so is every entry of a sketch."""
    run = Run(problem_of(2, 4, 6), model_size=3, batch_size=batch, schedule=Constant("1/7"), steps=[0, 1, 2, 5])
    sketch = gaussian_sketch(model_size=3, dimension=6, seed=4)
    eigenvalues, target = ([Fraction(1, j**2) for j in range(1, 7)], [Fraction(1, j) for j in range(1, 7)])
    expected = curves(
        eigenvalues, target, sketch.tolist(), [Fraction(1, 7)] * 5, batch_size=batch, noise=Fraction(1, 10)
    )
    curve = risk(run, method=Exact(seed=4, digits=60, field=field))
    assert (str(curve.claim), str(curve.warrant)) == ("given sketch", "computed")
    check(curve, *expected, Fraction(1, 10), 60)
    # the square of the step size is seen
    wrong = curves(eigenvalues, target, sketch.tolist(), [Fraction(1, 7)] * 5, batch_size=10**9, noise=Fraction(1, 10))
    assert not close(curve.decimals["excess"][3], sum(wrong[1][5], start=wrong[0]), 3)


@pytest.mark.usefixtures("closed")
def test_stages_in_rational_arithmetic():
    sizes = [0.25] * 3 + [0.0] * 2 + [0.125] * 3
    eigenvalues, target = [Fraction(1, 2**j) for j in range(4)], [Fraction(x) for x in (1, -2, 1, 3)]
    problem = Problem(
        spectrum=ExplicitSpectrum([1.0, 0.5, 0.25, 0.125]), signal=ExplicitSignal([1.0, -2.0, 1.0, 3.0]), noise="1/7"
    )
    sketch = np.array([[1.0, 0.5, 0.25, -1.0], [0.0, 1.0, -0.5, 0.75]])
    expected = curves(eigenvalues, target, sketch, map(Fraction, sizes), batch_size=2, noise=Fraction(1, 7))

    class InStages(Custom):
        def stages(self, *, horizon):
            from riskcalc.schedule import Stage

            return (
                Stage(start=0, stop=3, step_size=0.25),
                Stage(start=3, stop=5, step_size=0.0),
                Stage(start=5, stop=8, step_size=0.125),
            )

    for schedule in (Custom(sizes), InStages(sizes)):
        run = Run(problem, model_size=2, batch_size=2, schedule=schedule, steps=[0, 2, 3, 4, 6, 8])
        check(risk(run, method=Exact(sketch=sketch, digits=40)), *expected, Fraction(1, 7), 40)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("eigenvalues, size", [([1.0, 0.5, 0.25], 1), ([0.5, 0.5, 0.5], "1/2"), ([0.5, 0.5, 1.0], 1)])
def test_modes_that_coincide(eigenvalues, size):
    """Equal eigenvalues; and l = 1, 1/2 at step size 1 and B = 3, where both decay by q = 1/3."""
    problem = Problem(spectrum=ExplicitSpectrum(eigenvalues), signal=ExplicitSignal([1.0, 2.0, -1.0]), noise="1/4")
    switched = Custom([float(Fraction(size))] * 3 + [0.25] * 3)
    exact = [Fraction(x) for x in eigenvalues]
    for schedule, sizes in ((Constant(size), [Fraction(size)] * 6), (switched, list(map(Fraction, switched.values)))):
        run = Run(problem, model_size=3, batch_size=3, schedule=schedule, steps=[1, 4, 6])
        target = [Fraction(x) for x in (1, 2, -1)]
        expected = curves(exact, target, np.eye(3), sizes, batch_size=3, noise=Fraction(1, 4))
        curve = risk(run, method=Exact(sketch=np.eye(3), digits=30))
        assert curve.decimals["approximation"] == ("0",)
        check(curve, *expected, Fraction(1, 4), 30)


@pytest.mark.parametrize("steps", [10**3, 10**5])
def test_modes_that_nearly_coincide(steps):
    """Near the edge of stability a difference far below the digits asked is amplified into them."""
    problem = Problem(spectrum=ExplicitSpectrum([1.0, 1 - 2e-8]), signal=ExplicitSignal([1.0, 1.0]))
    run = Run(problem, model_size=2, batch_size=10**6, schedule=Constant("1.99999"), steps=[steps])
    few, plain = (risk(run, method=Exact(sketch=np.eye(2), **how)) for how in ({"digits": 5}, {"tolerance": 1e-7}))
    assert "escalated" not in plain.method  # float64 takes no two modes for one
    assert abs(few.excess / plain.excess - 1)[0] <= few.error + plain.error


def test_the_stationary_value_at_step_1e18():
    """(approximation + kappa sigma2)/(1 - kappa), kappa = tr gamma K/(B (2 - gamma (1 + 1/B) K)): rationals all."""
    run = Run(problem_of(2, 4, 8, 1), model_size=3, batch_size=2, schedule=Constant("1/5"), steps=[10**18])
    sketch = [[Fraction(x) for x in row] for row in gaussian_sketch(model_size=3, dimension=8, seed=1).tolist()]
    weighted = [[s / (j + 1) ** 2 for j, s in enumerate(row)] for row in sketch]
    covariance = product(weighted, [list(column) for column in zip(*sketch, strict=True)])
    room = [[2 * (2 * (i == j) - Fraction(3, 10) * x) for j, x in enumerate(row)] for i, row in enumerate(covariance)]
    kappa = sum(solved(room, [row[i] / 5 for row in covariance])[i] for i in range(3))
    eigenvalues, target = [Fraction(1, j**2) for j in range(1, 9)], [Fraction(1, j) for j in range(1, 9)]
    approximation, _ = curves(eigenvalues, target, sketch, [], batch_size=2, noise=1)
    curve = risk(run, method=Exact(seed=1, digits=50))
    assert close(curve.decimals["excess"][0], (approximation + kappa) / (1 - kappa), 50)
    assert curve.method["kappa"] == pytest.approx(float(kappa), rel=1e-14)


shapes = st.tuples(
    st.sampled_from(["1/2", "6/5", "2", "3"]),
    st.sampled_from(["3/2", "5/2", "4"]),
    st.integers(1, 9),
    st.integers(0, 50),
    st.sampled_from([0, 1, 30, 10**5, 10**18]),
    st.sampled_from([1, 7]),
)


def two_precisions(digits, shape, field):
    a, b, size, seed, step, batch = shape
    run = Run(problem_of(a, b, 12), model_size=size, batch_size=batch, schedule=Constant("1/60"), steps=[step])
    low, high = (risk(run, method=Exact(seed=seed, digits=count, field=field)) for count in (digits, 2 * digits))
    for name in ("excess", "approximation"):
        value = Fraction(high.decimals[name][0])
        assert close(low.decimals[name][0], value, digits)
    assert len(low.decimals["excess"][0].partition("e")[0].replace(".", "").lstrip("0")) == digits


@settings(max_examples=12)
@given(shape=shapes, digits=st.sampled_from([15, 30, 60]))
def test_two_precisions_agree(shape, digits):
    two_precisions(digits, shape, Arb())


@settings(max_examples=4)
@given(shape=shapes)
def test_two_precisions_agree_in_mpmath(shape):
    two_precisions(20, shape, Mpmath())


@pytest.mark.parametrize("digits", [200, pytest.param(500, marks=pytest.mark.slow)])
def test_two_precisions_agree_at_hundreds_of_digits(digits):
    """500 digits are held to 1000."""
    two_precisions(digits, ("6/5", "5/2", 4, 3, 10**18, 1), Arb())


SCHEDULES = [Constant("3/10"), Geometric("3/10"), Cosine("3/10"), Polynomial("3/10", power=1)]


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: type(schedule).__name__)
def test_float64_agrees_as_far_as_it_goes(schedule):
    run = Run(problem_of(2, 3, 80), model_size=12, schedule=schedule, steps=[0, 7, 300, 1000])
    plain, precise = risk(run, method=Exact(seed=2)), risk(run, method=Exact(seed=2, digits=20))
    for name in ("excess", "bias", "variance"):
        assert (abs(getattr(plain, name) - getattr(precise, name)) <= 1e-11 * plain.excess).all()
    assert precise.error < 5.1e-20  # the rounding of the text itself
    assert RiskCurve.from_json(precise.to_json()) == precise


def test_a_long_geometric_schedule():
    run = Run(problem_of("3/2", 2, 60), model_size=8, schedule=Geometric("1/4"), steps=[10**6, 10**12])
    plain, precise = risk(run, method=Exact(seed=3)), risk(run, method=Exact(seed=3, digits=25))
    assert plain.excess == pytest.approx(precise.excess, rel=1e-9)


def test_slow_modes_keep_their_digits():
    """1 - (an eigenvalue near 1) would lose them: at a = 7 the slowest mode has l of about 1e-12."""
    run = Run(problem_of(7, "3/2", 40, 0), model_size=30, schedule=Constant("1/10"), steps=[10**10, 10**13])
    low, high = (risk(run, method=Exact(seed=0, digits=digits)) for digits in (18, 40))
    for one, two in zip(low.decimals["excess"], high.decimals["excess"], strict=True):
        assert close(one, Fraction(two), 18)
    assert low.bias[1] > 0


def test_mixed_problems():
    power = problem_of(2, 4, 20)
    signals = PowerLawSignal(b=4), ExplicitSignal([1 / j for j in range(1, 21)])
    spectra = PowerLaw(a=2, dimension=20), ExplicitSpectrum(power.eigenvalues())
    sketch = gaussian_sketch(model_size=4, dimension=20, seed=9)
    run = {"model_size": 4, "schedule": Constant("1/4"), "steps": [500]}
    found = [
        risk(Run(Problem(spectrum=x, signal=y, noise="1/10"), **run), method=Exact(sketch=sketch, digits=25))
        for x in spectra
        for y in signals
    ]
    texts = {curve.decimals["excess"][0] for curve in found}
    assert len(texts) == 4  # floats are not the powers
    assert all(close(text, Fraction(found[0].decimals["excess"][0]), 15) for text in texts)


def test_coordinates_without_variance_play_no_part():
    sketch = np.array([[1.0, 5.0, 0.5], [0.5, -3.0, 1.0]])
    full = Problem(spectrum=ExplicitSpectrum([1.0, 0.0, 0.5]), signal=ExplicitSignal([1.0, 7.0, 2.0]))
    less = Problem(spectrum=ExplicitSpectrum([1.0, 0.5]), signal=ExplicitSignal([1.0, 2.0]))
    one, two = (
        risk(
            Run(problem, model_size=2, schedule=Constant("1/8"), steps=[40]), method=Exact(sketch=given, digits=20)
        ).decimals["excess"]
        for problem, given in ((full, sketch), (less, sketch[:, [0, 2]]))
    )
    assert one == two


def test_what_is_refused():
    with pytest.raises(InvalidInput, match="1000"):
        Exact(digits=1001)
    with pytest.raises(InvalidInput, match="say how many digits"):
        Exact(field=Arb())
    with pytest.raises(InvalidInput, match="one sketch"):
        Exact(digits=20, sketches=3)
    fast = Run(problem_of(2, 3, 30), model_size=5, schedule=Constant(2), steps=[30])
    with pytest.raises(UnstableRun, match="largest stable"):
        risk(fast, method=Exact(digits=20))
    with pytest.raises(InvalidInput, match="forced"):
        risk(fast, method=Exact(digits=20), force=True)
    infinite = Run(problem_of(2, 3, None), model_size=5, schedule=Constant("1/4"), steps=[30])
    with pytest.raises(InvalidInput, match="infinite-dimensional"):
        risk(infinite, method=Exact(digits=20))
    twice = np.ones((2, 30))
    with pytest.raises(ToleranceNotMet, match="linearly dependent"):
        risk(
            Run(problem_of(2, 3, 30), model_size=2, schedule=Constant("1/400"), steps=[30]),
            method=Exact(sketch=twice, digits=20),
        )
    spent = Run(problem_of(2, 3, 5, 0), model_size=5, schedule=Constant("1/8"), steps=[10**18])
    with pytest.raises(InvalidInput, match="died out"):
        risk(spent, method=Exact(digits=20))


def test_random_signs_of_the_signal():
    """Signs change what a given sketch sees, in float64 and in a field alike."""
    found = []
    for signs in (None, 5):
        problem = Problem(
            spectrum=PowerLaw(a=2, dimension=40), signal=PowerLawSignal(b=3, signs=signs), noise="1/10"
        )
        run = Run(problem, model_size=6, schedule=Constant("1/4"), steps=[0, 100])
        plain, precise = risk(run, method=Exact(seed=2)), risk(run, method=Exact(seed=2, digits=20))
        assert plain.excess == pytest.approx(precise.excess, rel=1e-11)
        found.append(precise.approximation)
    assert abs(found[0] / found[1] - 1) > 1e-3
