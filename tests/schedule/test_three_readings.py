"""A schedule is written once: its float64 step sizes, its exact ones and its profile in SymPy say the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.asymptotic import shape_of
from riskcalc.dynamics.step_sizes import exact_stages, step_sizes
from riskcalc.errors import InvalidInput
from riskcalc.numeric.arb_field import Arb
from riskcalc.numeric.mpmath_field import Mpmath
from riskcalc.quantity import Number
from riskcalc.schedule import Formula, Reading, Schedule, Stage, constant_size

ROUNDING = 8 * np.finfo(float).eps  # a formula is a handful of operations


@dataclass(frozen=True)
class Inverse(Formula):
    """A user's own formula and nothing more: gamma/(1 + s/N), which does not end at zero."""

    step_size: Number
    step: int = 1

    def formula(self, at: Reading) -> Any:
        return at.number(self.step_size) * at.horizon / (2 * at.horizon - at.left)


class Listed:
    """A user's own schedule by the five methods alone: it knows nothing of formulas."""

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> np.ndarray:
        return 0.3 / (1.0 + np.arange(start, stop))

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        return None

    def peak(self, *, horizon: int) -> float:
        return 0.3

    def check(self, *, horizon: int) -> None:
        """Any horizon."""

    def describe(self) -> dict[str, Any]:
        return {"name": "listed"}

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Levels(Listed):
    """The same with stages, made as they always were."""

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> np.ndarray:
        return np.where(np.arange(start, stop) < horizon // 2, 0.3, 0.1)

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        half = horizon // 2
        return (Stage(start=0, stop=half, step_size=0.3), Stage(start=half, stop=horizon, step_size=0.1))


FORMULAS = [
    rc.Constant("3/10"),
    rc.Cosine("3/10"),
    *(rc.Polynomial("3/10", power=power) for power in (0, "1/2", 1, 3, "7/3")),
    *(
        rc.WarmupStableDecay("3/10", decay=decay, warmup=warmup, power=power)
        for decay, warmup, power in product(("1/5", "2/3"), (0, "1/10", "1/3"), (1, 3, "1/2"))
    ),
    rc.WarmupStableDecay("3/10", decay=1, power=2),
    *(
        rc.WarmupStableDecay("3/10", decay=decay, warmup=warmup, shape=shape, floor=floor)
        for decay, warmup, shape, floor in product(("2/9", 1), (0,), ("cosine", "1-sqrt"), (0, "1/10"))
    ),
    rc.WarmupStableDecay("3/10", decay="1/4", warmup="1/7", floor="1/10"),
    *(rc.Cosine("3/10", floor=floor) for floor in ("1/10", "3/4")),
    *(rc.InverseSquareRoot("3/10", fraction=fraction) for fraction in ("1/50", 3)),
    rc.MultiStep("3/10", milestones=["1/2", "3/4"]),
    rc.MultiStep("3/10", milestones=["1/7", "1/3", "8/9"], factor="2/3"),
    Inverse(Fraction(3, 10)),
]
WARMED = [
    rc.Warmup(rc.Cosine("3/10", floor="1/10"), fraction="1/10"),
    rc.Warmup(rc.WarmupStableDecay("3/10", decay="2/9", shape="1-sqrt"), fraction="1/7", start="1/4"),
    rc.Warmup(rc.MultiStep("3/10", milestones=["1/2", "3/4"]), fraction="1/10"),
    rc.Warmup(rc.InverseSquareRoot("3/10", fraction="1/9"), fraction="1/9"),
    rc.Warmup(Inverse(Fraction(3, 10)), fraction="1/4"),
]
STEPS = [
    rc.Warmup(rc.Constant("3/10"), steps=7),
    rc.Warmup(rc.Constant(0.3), steps=7, start=0.1),
    rc.Warmup(rc.Geometric("3/10"), steps=5),
    rc.Warmup(rc.Custom(np.linspace(0.3, 0.01, 5000)), steps=40, start="1/3"),
    rc.InverseSquareRoot("3/10", timescale=50),
    rc.Warmup(rc.InverseSquareRoot("3/10", timescale=40), steps=40),
    rc.MultiStep(0.3, milestones=[30, 45], factor=0.7),
]
FLOATS = [
    rc.Polynomial(0.3, power=0.7),
    rc.WarmupStableDecay(0.3, decay=0.3, warmup=0.05, power=1.3),
    rc.WarmupStableDecay(0.3, decay=0.3, floor=0.07, shape="1-sqrt"),
    rc.Cosine(0.3, floor=0.1),
]
OTHERS = [rc.Geometric("3/10"), rc.Geometric(0.3), rc.Custom(np.linspace(0.3, 0.01, 5000)), Listed(), Levels()]


@pytest.mark.parametrize("schedule", FORMULAS + WARMED + STEPS + FLOATS + OTHERS, ids=str)
@pytest.mark.parametrize("horizon", [1, 2, 60, 4097])
def test_exact_step_sizes_round_to_the_floats(schedule: Schedule, horizon: int) -> None:
    if horizon <= _warm(schedule, horizon) or (isinstance(schedule, Levels) and horizon == 1):
        return
    floats, count = schedule.step_sizes(0, horizon, horizon=horizon), min(horizon, 150)
    for field in (Arb(), Mpmath()) if horizon == 60 else (Arb(),):
        with field.working(30):
            found = [
                float(field.rational(size))
                for size in step_sizes(schedule, horizon=horizon, count=count, field=field)
            ]
        assert len(found) == count
        assert np.all(np.abs(found - floats[:count]) <= ROUNDING * floats[:count])


def _warm(schedule: Schedule, horizon: int) -> int:
    if not isinstance(schedule, rc.Warmup):
        return 0
    return schedule.steps or math.ceil(schedule.fraction * horizon)


@pytest.mark.parametrize("schedule", FORMULAS + WARMED + STEPS + FLOATS + OTHERS[:2], ids=str)
def test_the_last_step_of_a_run_is_exact_too(schedule: Schedule) -> None:
    horizon, field = 1000, Arb()
    with field.working(30):
        *_, last = step_sizes(schedule, horizon=horizon, count=horizon, field=field)
        found = float(field.rational(last))
    assert found == pytest.approx(schedule.step_sizes(horizon - 1, horizon, horizon=horizon)[0], rel=ROUNDING)


@pytest.mark.parametrize("schedule", FORMULAS + WARMED, ids=str)
def test_the_profile_is_the_formula_of_a_long_run(schedule: Any) -> None:
    shape, horizon = shape_of(schedule), 10**15
    kinks = [float(place) for place in schedule.kinks()]
    shares = np.array([*np.linspace(0.011, 0.987, 9), *(kink + tiny for kink in kinks for tiny in (-1e-3, 1e-3))])
    left = np.round(shares * horizon)
    floats = schedule.at(horizon - left, left, horizon=horizon) / 0.3
    for share, size in zip(left / horizon, floats, strict=True):
        # a warmup counts steps begun, one more than the share that is done
        assert float(shape.profile.subs(shape.remaining, Fraction(share))) == pytest.approx(size, rel=2e-13)


@pytest.mark.parametrize("schedule", FORMULAS + WARMED, ids=str)
def test_clock_and_end_are_those_of_the_step_sizes(schedule: Any) -> None:
    shape, horizon = shape_of(schedule), 200_000
    sizes = schedule.step_sizes(0, horizon, horizon=horizon) / 0.3
    assert float(shape.clock) == pytest.approx(sizes.mean(), abs=2 / horizon)
    left = 1e-7 * horizon
    end = schedule.at(np.array([horizon - left]), np.array([left]), horizon=horizon)[0] / 0.3
    # the next order is at most ten times what is left of the run
    assert end == pytest.approx(float(shape.end_scale) * 1e-7 ** float(shape.end_power), rel=1e-5)


@pytest.mark.parametrize("text", ["3/10", 0.3])
def test_stages_keep_the_step_size_that_was_given(text: Any) -> None:
    given = Fraction(text)
    for start, _, size in exact_stages(rc.Geometric(text), horizon=1000) or ():
        assert size == given / 2 ** (round(float(given / size)).bit_length() - 1)
        assert float(size) == rc.Geometric(text).step_sizes(start, start + 1, horizon=1000)[0]


def test_what_never_moves_is_constant_whatever_its_name() -> None:
    still = [rc.Constant("3/10"), rc.Polynomial("3/10", power=0), rc.Custom([0.3] * 100), rc.Geometric("3/10")]
    assert [constant_size(one, horizon=100) for one in still] == [Fraction(3, 10), Fraction(3, 10), 0.3, None]
    assert shape_of(rc.Polynomial("3/10", power=0)) == shape_of(rc.Constant(1))


def test_a_float_in_a_shape_is_refused_by_its_name() -> None:
    with pytest.raises(InvalidInput, match=r"decay=0\.3 is a float"):
        shape_of(rc.WarmupStableDecay(1, decay=0.3))


PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=12), signal=rc.PowerLawSignal(b=3), noise="1/10")


@pytest.mark.parametrize(
    "schedule",
    [rc.WarmupStableDecay("3/10", power=3), rc.Polynomial("3/10", power=0), Inverse(Fraction(3, 10)), Listed()],
    ids=str,
)
@pytest.mark.parametrize("road", [rc.Equivalent, rc.Exact])
def test_both_roads_take_the_same_schedule_in_both_kinds_of_number(schedule: Any, road: Any) -> None:
    """With three powers for one, the answer in 20 digits was off by 7 percent."""
    run = rc.Run(PROBLEM, model_size=4, schedule=schedule, steps=[0, 25, 50])
    floats, digits = (rc.risk(run, method=road(**words)) for words in ({}, {"digits": 14}))
    assert floats.excess == pytest.approx(digits.excess, rel=1e-9)


def test_a_power_of_zero_leaves_the_floor_of_a_constant_step() -> None:
    runs = [
        rc.Run(PROBLEM, model_size=4, schedule=schedule, steps=20_000)
        for schedule in (rc.Constant("3/10"), rc.Polynomial("3/10", power=0))
    ]
    right, found = (rc.risk(run) for run in runs)
    assert np.array_equal(right.excess, found.excess)
    floors = [rc.fit_exponents(curve, window=(10, 300)).floor for curve in (right, found)]
    assert floors[0] == floors[1] > 1.5 * right.approximation
    short = rc.Run(PROBLEM, model_size=4, schedule=runs[1].schedule, steps=runs[1].steps[-1:])
    certified = rc.risk(short, method=rc.Equivalent(digits=12, certified=True))
    assert certified.excess[0] == pytest.approx(found.excess[-1], rel=1e-9)
