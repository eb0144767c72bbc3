"""Schedules against their definitions, term by term."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.errors import InvalidInput, RiskcalcError
from riskcalc.schedule import (
    Constant,
    Cosine,
    Custom,
    Geometric,
    InverseSquareRoot,
    MultiStep,
    Polynomial,
    Schedule,
    Warmup,
    WarmupStableDecay,
    load_schedule,
)

horizons = st.integers(min_value=1, max_value=3000)
quick = settings(deadline=None, max_examples=50)


def _builders() -> list[Any]:
    return [
        lambda N: Cosine("3/10", floor="1/10"),
        lambda N: WarmupStableDecay("3/10", decay="1/4", shape="1-sqrt", floor="1/5"),
        lambda N: WarmupStableDecay("3/10", decay="1/4", shape="cosine", warmup="1/10"),
        lambda N: InverseSquareRoot("3/10", timescale=17),
        lambda N: InverseSquareRoot("3/10", fraction="1/17"),
        lambda N: MultiStep("3/10", milestones=["1/3", "2/3"]),
        lambda N: MultiStep(0.3, milestones=[5, 1000], factor=0.3),
        lambda N: Warmup(Cosine("3/10"), steps=max(1, N // 5)) if N > 1 else Cosine("3/10"),
        lambda N: Warmup(Geometric("3/10"), fraction="1/5", start="1/10") if N > 1 else Geometric("3/10"),
        lambda N: Warmup(Custom(np.linspace(0.3, 0.01, N)), steps=1) if N > 1 else Constant("3/10"),
        lambda N: Constant("3/10"),
        lambda N: Geometric("3/10"),
        lambda N: Polynomial("3/10", power=3),
        lambda N: Polynomial("3/10", power="1/2"),
        lambda N: Cosine("3/10"),
        lambda N: WarmupStableDecay("3/10", decay="1/5"),
        lambda N: WarmupStableDecay("3/10", decay="1/4", warmup="1/10"),
        lambda N: WarmupStableDecay("3/10", decay="1/4", power=3),
        lambda N: Custom(np.linspace(0.3, 0.01, N)),
    ]


every_schedule = pytest.mark.parametrize("build", _builders())


def _stepwise(definition: Any, horizon: int) -> list[float]:
    return [float(definition(Fraction(s), Fraction(horizon))) for s in range(horizon)]


@quick
@given(horizon=horizons)
def test_constant(horizon: int) -> None:
    assert Constant("3/10").step_sizes(0, horizon, horizon=horizon).tolist() == [0.3] * horizon


@quick
@given(horizon=horizons, power=st.integers(min_value=0, max_value=6))
def test_polynomial(horizon: int, power: int) -> None:
    expected = _stepwise(lambda s, N: Fraction(1, 2) * (1 - s / N) ** power, horizon)
    sizes = Polynomial("1/2", power=power).step_sizes(0, horizon, horizon=horizon)
    np.testing.assert_allclose(sizes, expected, rtol=1e-14)


@quick
@given(horizon=horizons)
def test_cosine(horizon: int) -> None:
    expected = [0.4 * (1 + math.cos(math.pi * s / horizon)) / 2 for s in range(horizon)]
    sizes = Cosine("2/5").step_sizes(0, horizon, horizon=horizon)
    np.testing.assert_allclose(sizes, expected, rtol=1e-10, atol=1e-16)


def test_the_end_of_a_long_cosine_keeps_its_digits() -> None:
    horizon = 10**8
    last = Cosine(1).step_sizes(horizon - 1, horizon, horizon=horizon)[0]
    assert last == pytest.approx((math.pi / 2 / horizon) ** 2, rel=1e-12)


@quick
@given(horizon=horizons, tenths=st.integers(min_value=1, max_value=10))
def test_stable_then_linear_to_zero_over_the_last_fraction(horizon: int, tenths: int) -> None:
    decay = Fraction(tenths, 10)
    expected = _stepwise(lambda s, N: min(Fraction(1), (1 - s / N) / decay), horizon)
    sizes = WarmupStableDecay(1, decay=decay).step_sizes(0, horizon, horizon=horizon)
    np.testing.assert_allclose(sizes, expected, rtol=1e-13)
    stable = math.floor((1 - decay) * horizon)
    assert (sizes[:stable] == 1.0).all()
    assert sizes[-1] == pytest.approx(min(1.0, 1 / (float(decay) * horizon)))


@quick
@given(horizon=horizons, power=st.integers(min_value=1, max_value=5))
def test_the_decay_may_follow_any_power(horizon: int, power: int) -> None:
    expected = _stepwise(lambda s, N: min(Fraction(1), 3 * (1 - s / N)) ** power, horizon)
    sizes = WarmupStableDecay(1, decay="1/3", power=power).step_sizes(0, horizon, horizon=horizon)
    np.testing.assert_allclose(sizes, expected, rtol=1e-13)


@quick
@given(horizon=horizons)
def test_warmup_rises_linearly_to_the_peak(horizon: int) -> None:
    warmup, decay = Fraction(1, 10), Fraction(1, 4)
    expected = _stepwise(lambda s, N: min(Fraction(1), (s + 1) / (warmup * N), (1 - s / N) / decay), horizon)
    sizes = WarmupStableDecay(1, decay=decay, warmup=warmup).step_sizes(0, horizon, horizon=horizon)
    np.testing.assert_allclose(sizes, expected, rtol=1e-13)


@every_schedule
@quick
@given(horizon=horizons, data=st.data())
def test_any_piece_of_a_run_is_that_piece_of_the_whole(build: Any, horizon: int, data: st.DataObject) -> None:
    schedule = build(horizon)
    start = data.draw(st.integers(0, horizon))
    stop = data.draw(st.integers(start, horizon))
    whole = schedule.step_sizes(0, horizon, horizon=horizon)
    assert whole.shape == (horizon,)
    np.testing.assert_array_equal(schedule.step_sizes(start, stop, horizon=horizon), whole[start:stop])


@every_schedule
@quick
@given(horizon=horizons)
def test_step_sizes_are_nonnegative_and_the_peak_bounds_them(build: Any, horizon: int) -> None:
    schedule = build(horizon)
    schedule.check(horizon=horizon)
    sizes = schedule.step_sizes(0, horizon, horizon=horizon)
    assert (sizes >= 0).all()
    assert sizes.max() <= schedule.peak(horizon=horizon)


@every_schedule
@quick
@given(horizon=horizons)
def test_stages_tile_the_run_and_hold_its_step_sizes(build: Any, horizon: int) -> None:
    schedule = build(horizon)
    stages = schedule.stages(horizon=horizon)
    if stages is None:
        return
    sizes = schedule.step_sizes(0, horizon, horizon=horizon)
    assert [stage.start for stage in stages] == [0, *(stage.stop for stage in stages[:-1])]
    assert stages[-1].stop == horizon
    for stage in stages:
        assert stage.start < stage.stop
        assert (sizes[stage.start : stage.stop] == stage.step_size).all()


@every_schedule
def test_the_description_is_plain_json(build: Any) -> None:
    described = build(4).describe()
    assert json.loads(json.dumps(described)) == described
    assert isinstance(described["name"], str)


@every_schedule
def test_every_schedule_fulfils_the_protocol_and_equals_its_twin(build: Any) -> None:
    assert isinstance(build(4), Schedule)
    assert build(4) == build(4)
    assert hash(build(4)) == hash(build(4))


def test_a_custom_schedule_with_few_levels_has_stages_and_one_with_many_has_none() -> None:
    levels = Custom([0.3] * 500 + [0.1] * 500)
    assert [(stage.start, stage.stop, stage.step_size) for stage in levels.stages(horizon=1000) or ()] == [
        (0, 500, 0.3),
        (500, 1000, 0.1),
    ]
    assert Custom(np.linspace(0.3, 0.1, 1000)).stages(horizon=1000) is None


def test_a_custom_schedule_may_be_longer_than_the_run_but_not_shorter() -> None:
    schedule = Custom([0.1, 0.2, 0.9])
    schedule.check(horizon=2)
    assert schedule.peak(horizon=2) == 0.2
    with pytest.raises(InvalidInput, match="3 step sizes, but the run has 4 steps"):
        schedule.check(horizon=4)


def test_a_function_of_step_and_horizon_is_sampled() -> None:
    schedule = Custom.from_function(lambda s, N: 0.5 * (1 - s / N), horizon=4)
    assert schedule == Custom(Polynomial("1/2", power=1).step_sizes(0, 4, horizon=4))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "nonempty"),
        ([[0.1]], "shape"),
        ([0.1, -0.1], "step 1 has -0.1"),
        ([0.1, math.nan], "step 1 has nan"),
        ([math.inf], "finite"),
        ([0.0, 0.0], "zero"),
        ("fast", "vector"),
        ([10**400], "vector"),
    ],
)
def test_custom_values_that_are_no_step_sizes_are_refused(values: Any, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        Custom(values)


def test_a_schedule_file_has_one_step_size_a_line(tmp_path: Path) -> None:
    path = tmp_path / "schedule.txt"
    path.write_text("# step sizes\n0.3\n\n0.2  # slower\n1e-1\n")
    assert load_schedule(path) == Custom([0.3, 0.2, 0.1])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.3\nfast\n", "line 2: 'fast'"),
        ("", "it is empty"),
        ("# none", "nonempty"),
        ("\u0663", "ASCII digits"),
        ("nan\n", "line 1: 'nan'"),
        ("0.1 0.2", "line 1"),
    ],
)
def test_schedule_files_that_are_wrong_are_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "schedule.txt"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=reason):
        load_schedule(path)


@pytest.mark.parametrize("name", ["missing.txt", "\0"])
def test_schedule_files_that_cannot_be_read_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read the schedule file"):
        load_schedule(tmp_path / name)


def test_a_binary_schedule_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "schedule.txt"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="cannot read the schedule file"):
        load_schedule(path)


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: Constant(0), "positive"),
        (lambda: Geometric(-1), "positive"),
        (lambda: Cosine("x"), "step_size"),
        (lambda: Polynomial(1, power=-1), "power"),
        (lambda: WarmupStableDecay(1, decay=0), "decay"),
        (lambda: WarmupStableDecay(1, decay="6/5"), "decay"),
        (lambda: WarmupStableDecay(1, power=0), "power"),
        (lambda: WarmupStableDecay(1, decay="1/2", warmup="3/5"), "warmup"),
        (lambda: WarmupStableDecay(1, decay="1/2", warmup=-1), "warmup"),
        (lambda: WarmupStableDecay(1, shape="sqrt"), "shape must be power, cosine or 1-sqrt"),
        (lambda: WarmupStableDecay(1, shape="cosine", power=2), "has no power"),
        (lambda: WarmupStableDecay(1, floor=1), r"floor .* must lie in \[0, 1\)"),
        (lambda: Cosine(1, floor="-1/10"), r"floor .* must lie in \[0, 1\)"),
        (lambda: InverseSquareRoot(1), "one of the two"),
        (lambda: InverseSquareRoot(1, timescale=10, fraction="1/2"), "one of the two"),
        (lambda: InverseSquareRoot(1, timescale=0), "positive number of steps"),
        (lambda: InverseSquareRoot(1, fraction=0), "must be positive"),
        (lambda: MultiStep(1, milestones=["1/2"], factor=1), r"factor .* \(0, 1\)"),
        (lambda: MultiStep(1, milestones=["1/2", "1/3"]), "ascend"),
        (lambda: MultiStep(1, milestones=["1/2", 30]), "all shares of the run or all steps"),
        (lambda: MultiStep(1, milestones=["3/2"]), "whole number of steps"),
        (lambda: MultiStep(1, milestones="1/2"), "milestones must be a list"),
        (lambda: Warmup(Cosine(1)), "one of the two"),
        (lambda: Warmup(Cosine(1), steps=3, fraction="1/2"), "one of the two"),
        (lambda: Warmup(Cosine(1), steps="5/2"), "whole number"),
        (lambda: Warmup(Cosine(1), fraction=1), r"in \(0, 1\)"),
        (lambda: Warmup(Cosine(1), steps=3, start=1), r"in \[0, 1\)"),
        (lambda: Warmup(Warmup(Cosine(1), steps=3), steps=3), "warm-up already"),
        (lambda: Warmup("cosine", steps=3), "schedule must be a schedule"),
    ],
)
def test_parameters_without_a_schedule_are_refused(build: Any, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        build()


numbers = st.one_of(st.floats(), st.integers(), st.fractions(), st.text(max_size=5), st.none(), st.booleans())


@settings(deadline=None)
@given(
    data=st.data(),
    build=st.sampled_from([Constant, Geometric, Cosine, Polynomial, WarmupStableDecay]),
    horizon=st.integers(min_value=1, max_value=50),
)
def test_any_parameter_makes_a_schedule_or_the_packages_own_error(
    data: st.DataObject, build: Any, horizon: int
) -> None:
    extra = {Polynomial: ["power"], WarmupStableDecay: ["decay", "warmup"]}.get(build, [])
    try:
        schedule = build(data.draw(numbers), **{name: data.draw(numbers) for name in extra})
        schedule.check(horizon=horizon)
    except RiskcalcError:
        return
    sizes = schedule.step_sizes(0, horizon, horizon=horizon)
    assert np.isfinite(sizes).all()
    assert (sizes >= 0).all()


@settings(deadline=None)
@given(st.lists(st.one_of(st.floats(), st.integers(), st.text(max_size=3), st.none()), max_size=5))
def test_any_list_makes_a_custom_schedule_or_the_packages_own_error(values: list[Any]) -> None:
    try:
        schedule = Custom(values)
    except RiskcalcError:
        return
    assert schedule.peak(horizon=len(values)) > 0


EVERY = [Constant(1), Geometric(1), Cosine(1), Polynomial(1, power=2), WarmupStableDecay(1), Custom([1.0] * 9)]


@pytest.mark.parametrize("schedule", EVERY, ids=lambda schedule: type(schedule).__name__)
@pytest.mark.parametrize(
    "start, stop, horizon", [(0, 0, 0), (0, 3, float("nan")), (0, 10, 9), (-1, 3, 9), (4, 3, 9), (0, 1.5, 9)]
)
def test_step_sizes_outside_a_schedule_are_refused(schedule: Any, start: int, stop: int, horizon: int) -> None:
    with pytest.raises(InvalidInput, match=r"horizon|stop|start"):
        schedule.step_sizes(start, stop, horizon=horizon)
    assert schedule.step_sizes(0, 9, horizon=9).size == 9


def test_a_custom_schedule_has_no_step_sizes_beyond_its_own() -> None:
    with pytest.raises(InvalidInput, match="has 9 step sizes"):
        Custom([1.0] * 9).step_sizes(0, 3, horizon=20)


def test_a_custom_run_that_is_over_before_its_first_step_moves_is_refused_with_the_step() -> None:
    late = Custom([0.0, 0.0, 0.3, 0.0])
    for horizon in (1, 2):
        with pytest.raises(InvalidInput, match=r"begins to move at step 2 only; record a later step too"):
            late.check(horizon=horizon)
    late.check(horizon=3)
    assert late.step_sizes(0, 2, horizon=4).tolist() == [0, 0]


@pytest.mark.parametrize("path", [3, None, 2.5, ["a.txt"]])
def test_what_is_no_file_name_is_refused(path: Any) -> None:
    with pytest.raises(InvalidInput, match="must be the name of a file"):
        load_schedule(path)
