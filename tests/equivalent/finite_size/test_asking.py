"""What a user asks and is told: the curve's shift and spread, its text, and the refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest

from riskcalc import (
    Claim,
    Constant,
    Cosine,
    Equivalent,
    Exact,
    ExplicitSignal,
    ExplicitSpectrum,
    FullBatch,
    GaussianPrior,
    HeavyBall,
    IterateAverage,
    MultipleOutputs,
    PowerLaw,
    PowerLawSignal,
    Problem,
    RiskCurve,
    Run,
    WithReplacement,
)
from riskcalc.errors import InvalidInput, UnstableRun

SMALL = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b="13/5"))
ROAD = Equivalent(finite_size=True)


def run_of(problem=SMALL, **changed) -> Run:
    return Run(problem, **{"model_size": 20, "schedule": Constant("1/10"), "steps": [0, 20], **changed})


def test_the_curve_says_shift_and_spread_and_is_otherwise_the_equivalents():
    curve, alone = ROAD.curve(run_of()), Equivalent().curve(run_of())
    for name in ("excess", "bias", "variance", "approximation", "error"):
        assert np.array_equal(getattr(curve, name), getattr(alone, name))
    assert alone.shift is None
    assert alone.spread is None
    assert alone.claim is Claim.DETERMINISTIC_EQUIVALENT
    assert curve.claim.value == "average over sketches, through 1/M"
    assert curve.shift[0] == curve.spread[0] == 0.0  # before the first step the model is zero
    assert 0 < curve.shift[1] < 0.1 * curve.excess[1] < curve.spread[1]


def test_intervals_and_standard_errors_follow_from_them():
    curve = ROAD.curve(run_of())
    low, high = curve.interval("0.95")
    assert (low + high) / 2 == pytest.approx(curve.excess + curve.shift)
    assert high - low == pytest.approx(2 * 1.959963984540054 * curve.spread)
    assert curve.standard_error_of(sketches=100) == pytest.approx(curve.spread / 10)
    with pytest.raises(InvalidInput, match="level is a share of all sketches, above 0 and below 1, not 95"):
        curve.interval(95)
    with pytest.raises(InvalidInput, match="finite_size=True"):
        Equivalent().curve(run_of()).interval()


def test_the_text_of_a_curve_keeps_them():
    curve = ROAD.curve(run_of())
    written = curve.to_dict()
    assert [float(text) for text in written["spread"]] == curve.spread.tolist()
    assert RiskCurve.from_json(curve.to_json()) == curve
    assert curve.to_xarray()["spread"].values.tolist() == curve.spread.tolist()
    del written["shift"]
    with pytest.raises(InvalidInput, match="of 'shift' and 'spread' only one is given"):
        RiskCurve.from_json(json.dumps(written))


def test_what_has_no_answer_is_refused_with_its_reason():
    for road in (lambda: Equivalent(finite_size=True, digits=20), lambda: Equivalent(finite_size=True, certified=True)):
        with pytest.raises(InvalidInput):
            road()
    with pytest.raises(InvalidInput, match="needs finite_size=True"):
        Equivalent(drawn_targets=True)
    with pytest.raises(InvalidInput, match="the series in 1/M means nothing"):
        ROAD.curve(run_of(model_size=2))
    with pytest.raises(InvalidInput, match="a target that is given is not drawn"):
        Equivalent(finite_size=True, drawn_targets=True).curve(run_of())
    with pytest.raises(InvalidInput, match=r"step by step, and 1e\+09 steps are too many.*few constant stages"):
        ROAD.curve(run_of(schedule=Cosine("1/10"), steps=[10**9]))
    for order in (FullBatch(samples=30), WithReplacement(samples=30)):
        with pytest.raises(InvalidInput, match=r"finite_size=True is for one pass over fresh samples.*not for"):
            ROAD.curve(run_of(data=order))
    with pytest.raises(UnstableRun):
        ROAD.curve(run_of(schedule=Constant(2)))
    with pytest.raises(InvalidInput, match="a forced run has no shift and no spread"):
        ROAD.curve(run_of(schedule=Constant(2)), force=True)
    assert ROAD.curve(run_of(), force=True) == ROAD.curve(run_of())


def test_sketches_past_their_limit_are_warned_of_where_they_are_not_rare():
    rare, common = (ROAD.curve(run_of(schedule=Constant(size))).method["finite_size"] for size in ("1/10", "3/10"))
    assert "caution" not in rare
    assert rare["past_limit"] < 1e-10
    assert common["past_limit"] > 1e-3
    assert f"1 sketch in {1 / common['past_limit']:.0f}"[:13] in common["caution"]


def test_signs_of_coefficients_change_nothing_and_outputs_scatter_together():
    signed = Problem(spectrum=SMALL.spectrum, signal=PowerLawSignal(b="13/5", signs=4))
    one, other = ROAD.curve(run_of()), ROAD.curve(run_of(signed))
    assert other.shift == pytest.approx(one.shift)
    assert other.spread == pytest.approx(one.spread)
    same = ROAD.curve(run_of(MultipleOutputs.every_output(SMALL, outputs=5)))
    assert same.spread == pytest.approx(5 * one.spread)
    # targets in different directions scatter less than their sum in one
    apart = ROAD.curve(run_of(MultipleOutputs.every_output(SMALL, outputs=5, seed=1)))
    assert apart.shift == pytest.approx(same.shift)
    assert one.spread[1] * np.sqrt(5) < apart.spread[1] < 0.9 * same.spread[1]


def test_a_list_of_eigenvalues_is_the_law_that_it_lists():
    listed = Problem(
        spectrum=ExplicitSpectrum(SMALL.eigenvalues()), signal=ExplicitSignal(SMALL.target())
    )
    one, other = ROAD.curve(run_of()), ROAD.curve(run_of(listed))
    assert other.shift == pytest.approx(one.shift, rel=1e-10)
    assert other.spread == pytest.approx(one.spread, rel=1e-10)


def test_outputs_of_several_laws_and_priors():
    laws = [PowerLawSignal(b="13/5"), PowerLawSignal(b="3/2")]
    several = MultipleOutputs(spectrum=SMALL.spectrum, signals=laws)
    total = ROAD.curve(run_of(several))
    each = [ROAD.curve(run_of(Problem(spectrum=SMALL.spectrum, signal=law))) for law in laws]
    assert total.shift == pytest.approx(each[0].shift + each[1].shift, rel=1e-9)
    assert total.spread[1] < each[0].spread[1] + each[1].spread[1]
    mixed = MultipleOutputs(spectrum=SMALL.spectrum, signals=[laws[0], GaussianPrior(b="3/2")])
    with pytest.raises(InvalidInput, match="not of one order in 1/M"):
        ROAD.curve(run_of(mixed))


@pytest.mark.parametrize(
    "changed", [pytest.param({"averaging": IterateAverage()}, marks=pytest.mark.slow), {"optimiser": HeavyBall("1/2")}]
)
def test_averages_and_other_methods_move_as_their_weights_do(changed):
    """The first order, by moving the weights a little and asking the ordinary dynamics again."""
    from riskcalc.dynamics.response import respond
    from riskcalc.equivalent.finite_size.any_schedule import along_any_schedule
    from riskcalc.equivalent.finite_size.weights import moved_weights
    from riskcalc.equivalent.known import known_of
    from riskcalc.spectral.contour_modes import modes_in_z
    from riskcalc.spectral.eigenvalue_rule import eigenvalue_rule
    from tests.equivalent.finite_size.moved import with_weights

    run = run_of(schedule=Cosine("1/10"), steps=[0, 7, 30], **changed)
    known, rule = known_of(run.problem, 20), eigenvalue_rule(run.problem, 20)
    modes = modes_in_z(known.sums, 20, known.marks, height=0.6, digits=15.0, limit=5.0)
    moved = moved_weights(known, rule, modes, drawn=False)
    found = along_any_schedule(run, modes, moved)

    def excess(signal, kernel, floor):
        changed_modes = with_weights(modes, signal=signal, kernel=kernel, floor=floor)
        answer = respond(
            changed_modes,
            run.schedule,
            steps=run.steps,
            horizon=run.horizon,
            batch_size=1,
            noise=0.0,
            averaging=run.averaging,
            method=run.training,
        )
        return changed_modes.floor + answer.bias + answer.variance

    small = 1e-3
    still = excess(0, 0, 0)
    assert still == pytest.approx(found.excess, rel=1e-9)
    along_signal = [excess(sign * small * moved.signal, 0, sign * small * moved.floor) for sign in (1, -1)]
    along_kernel = [excess(0, sign * small * moved.kernel, 0) for sign in (1, -1)]
    scale = np.abs(found.shift.total).max()
    assert (along_signal[0] - along_signal[1]) / (2 * small) == pytest.approx(found.shift.signal, abs=1e-6 * scale)
    assert (along_kernel[0] - along_kernel[1]) / (2 * small) == pytest.approx(found.shift.kernel, abs=1e-6 * scale)
    # second order and scatter, along the directions themselves
    second, variance, small = 0.0, 0.0, 1e-2
    for signal, kernel, floor, sign in zip(moved.signals, moved.kernels, moved.floors, moved.signs, strict=True):
        up, down = (excess(side * small * signal, side * small * kernel, side * small * floor) for side in (1, -1))
        second = second + sign * (up + down - 2 * still) / (2 * small**2)
        variance = variance + sign * ((up - down) / (2 * small)) ** 2
    expected = found.shift.signal_and_kernel + found.shift.kernel_twice
    assert second == pytest.approx(expected, abs=1e-3 * scale)
    assert np.sqrt(variance[1:]) == pytest.approx(found.spread[1:], rel=1e-3)


def test_unstable_sketches_are_counted_and_named():
    run = run_of(model_size=4, schedule=Constant("2/5"))
    with pytest.raises(UnstableRun, match=r"^(\d+) of 24 sketches are past .* \(seed 1, numbers 0?") as told:
        Exact(seed=1, sketches=24).curve(run)
    stable, median = (Exact(seed=1, sketches=24, combine=average).curve(run) for average in ("stable", "median"))
    count = int(str(told.value).split()[0])
    past = stable.method["past_limit"]
    assert len(past) == count
    assert median.method["past_limit"] == past
    assert str(stable.claim) == "averaged over stable sketches"
    assert str(median.claim) == "median over sketches"
    forced = Exact(seed=1, sketches=24).curve(run, force=True)
    assert stable.excess[1] < forced.excess[1]
    each = np.array([Exact(sketch=one).curve(run, force=True).excess for one in sketches_of(run)])
    assert median.excess == pytest.approx(np.median(each, axis=0))
    kept = np.delete(each, past, axis=0)
    assert stable.excess == pytest.approx(kept.mean(axis=0))
    with pytest.raises(InvalidInput, match="say how many"):
        Exact(combine="median")


def sketches_of(run: Run):
    from riskcalc.problem import gaussian_sketch

    seeds = np.random.SeedSequence(1).spawn(24)
    return [gaussian_sketch(model_size=4, dimension=60, seed=seed) for seed in seeds]


def test_late_steps_where_z_is_far_below_the_spectrum_stay_where_they_are():
    """u0 is all that is left: z/u0 is 1e-12 and less, and the dispersion lacks its digits."""
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="13/5"))
    run = run_of(problem, model_size="101/2", schedule=Constant("1/10"), steps=[10**6, 10**9, 10**18])
    found = ROAD.across_sketches(run)
    for values in (found.shift.total, found.spread):
        assert values == pytest.approx(values[0], rel=1e-10)
    assert found.apart < 1e-11


def test_a_target_drawn_with_each_sketch_scatters_before_the_first_step():
    """There the excess is sum h w^2 over its mean, so its variance is twice the sum of squares."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=GaussianPrior(b="13/5"))
    curve = Equivalent(finite_size=True, drawn_targets=True).curve(run_of(problem))
    assert curve.spread[0] == pytest.approx(np.sqrt(2 * (problem.signal_power() ** 2).sum()), rel=1e-10)
    assert curve.shift[0] == 0.0
    averaged = ROAD.curve(run_of(problem))
    assert averaged.shift == pytest.approx(curve.shift)
    assert averaged.spread[0] == 0.0
    assert averaged.spread[1] < ROAD.curve(run_of()).spread[1] < curve.spread[1]
