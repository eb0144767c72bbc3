"""When to stop, and what passes are worth: laws with their constants, ridge beside, and numbers of the equivalent."""

import math

import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.scaling import data_set
from riskcalc.tuning import early_stopping, reuse_rate


def problem(a, b, noise=1):
    return rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b), noise=noise)


@pytest.mark.slow
def test_the_best_steps_are_a_minimum_and_near_the_best_ridge():
    found = early_stopping(problem(2, "3/2"), model_size=500, samples=100, step_size="3/10")
    run = rc.Run(
        problem(2, "3/2"),
        model_size=500,
        schedule=rc.Constant("3/10"),
        steps=[round(0.9 * found.steps), found.steps, round(1.1 * found.steps)],
        data=rc.FullBatch(samples=100),
    )
    before, at, after = rc.risk(run).excess
    assert at < before
    assert at < after
    assert at == pytest.approx(found.excess, rel=1e-10)
    assert found.ridge_excess == pytest.approx(found.excess, rel=0.1)
    ridges = [
        rc.ridge_risk(problem(2, "3/2"), model_size=500, samples=100, ridge=found.ridge * factor).excess
        for factor in (0.9, 1, 1.1)
    ]
    assert ridges[1] == pytest.approx(found.ridge_excess, rel=1e-12)
    assert ridges[1] < min(ridges[0], ridges[2])
    assert found.settled > found.excess


@pytest.mark.slow
def test_without_label_noise_an_easy_signal_needs_no_stop_and_a_hard_one_does():
    """What few samples leave of a signal acts as noise: it takes a constant factor, no power."""
    easy, hard = (
        early_stopping(problem(2, b, noise=0), model_size=10**6, samples=50, step_size="1/5") for b in ("5/2", "3/2")
    )
    assert easy.steps is None
    assert easy.excess == pytest.approx(easy.settled, rel=1e-6)
    assert easy.ridge == 0
    assert 0.9 * hard.settled < hard.excess < 0.95 * hard.settled


@pytest.mark.slow
@pytest.mark.every_case
@pytest.mark.parametrize(
    ("a", "b", "steps", "excess"),
    [(2, "3/2", 1.3414, 0.3373), (2, "13/5", 0.7691, 0.6144), ("3/2", "16/5", 0.4691, 0.6851)],
)
def test_measured_exponents_are_the_derived_ones(a, b, steps, excess):
    """Between N = 1e5 and 1e6; a twenty-fifth of the derived exponent is what is left of the way."""
    found = [
        early_stopping(problem(a, b), model_size=10**9, samples=samples, step_size="3/10") for samples in (10**5, 10**6)
    ]
    slopes = [math.log10(found[1].steps / found[0].steps), -math.log10(found[1].excess / found[0].excess)]
    assert slopes == pytest.approx([steps, excess], abs=2e-4)
    derived = rc.exponents(a=a, b=b, noise=1, budget=data_set())
    assert slopes[0] == pytest.approx(float(derived.exponents["t"].low), rel=0.01)
    assert slopes[1] == pytest.approx(float(derived.loss_exponent), rel=0.015)
    exponent, power, noise_power = as_float(b), (as_float(b) - 1) / as_float(a), 1 / as_float(a)
    constant = math.gamma(power) * 2**-power / as_float(a)
    fitted = math.gamma(1 - noise_power) * (2 - 2**noise_power)
    predicted = ((exponent - 1) * constant * 10**6 / fitted) ** (as_float(a) / exponent) / 0.3
    assert found[1].steps == pytest.approx(predicted, rel=0.03)


def as_float(text):
    return float(rc.Constant(text).step_size)


@pytest.mark.slow
def test_reuse_table():
    found = reuse_rate(
        problem(2, "3/2", "1/10"), model_size=10**5, samples=1000, passes=[1, 2, 4, 8, 16, 64, 256], step_size="1/5"
    )
    assert found.rate == pytest.approx([0.95, 1.87, 3.61, 6.89, 12.9, 39.6, 87.8], rel=0.01)
    larger = reuse_rate(
        problem(2, "3/2", "1/10"), model_size=10**5, samples=10**4, passes=[1, 4, 16, 64, 256], step_size="1/5"
    )
    assert larger.rate == pytest.approx([0.98, 3.86, 14.8, 53.6, 169], rel=0.01)
    of_few = dict(zip(found.passes, found.rate, strict=True))
    assert all(rate > of_few[passes] for passes, rate in zip(larger.passes, larger.rate, strict=True))


@pytest.mark.slow
def test_fresh_samples_in_place_of_passes_have_the_same_risk():
    asked = problem(2, "3/2", "1/10")
    found = reuse_rate(asked, model_size=1000, samples=100, passes=[2, "1/2"], step_size="1/5", batch_size=2)
    assert found.rate[1] < 0.5 < found.rate[0] < 2
    fresh = rc.Run(
        asked, model_size=1000, schedule=rc.Constant("1/5"), steps=[round(found.rate[0] * 50)], batch_size=2
    )
    assert rc.risk(fresh).excess[0] == pytest.approx(found.many.excess[-1], rel=0.01)


def test_bad_passes_are_refused():
    for passes in ([], [0], ["1/3"]):
        with pytest.raises(InvalidInput, match="passes"):
            reuse_rate(problem(2, 2), model_size=10, samples=100, passes=passes, step_size="1/5")
