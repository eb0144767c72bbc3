"""A class of a user's own that lists its step sizes: what it need not say, and what is refused of what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number
from riskcalc.schedule import Formula, Listed, Stage

SMALL = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=12), signal=rc.PowerLawSignal(b=3), noise="1/10")
ROADS = [rc.Exact(), rc.Exact(digits=12), rc.Equivalent(), rc.MonteCarlo(runs=2, seed=1), rc.Unsketched()]
every_road = pytest.mark.parametrize("road", ROADS, ids=str)


class Own(Listed):
    """Lists whatever it is given, and says its peak where there is one."""

    def __init__(self, said: Any, peak: Any = 0.3) -> None:
        self.said, self.stated = said, peak

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> Any:
        return self.said(np.arange(start, stop))

    def peak(self, *, horizon: int) -> Any:
        return super().peak(horizon=horizon) if self.stated is None else self.stated


def decay(steps):
    return 0.3 / (1 + steps / 4)


def asked(schedule, road):
    size = 12 if isinstance(road, rc.Unsketched) else 4
    return rc.risk(rc.Run(SMALL, model_size=size, schedule=schedule, steps=[0, 5, 12]), method=road).excess


@every_road
def test_step_sizes_are_all_a_class_needs(road):
    listed = rc.Custom(decay(np.arange(12)))
    np.testing.assert_array_equal(asked(Own(decay, None), road), asked(listed, road))
    np.testing.assert_array_equal(asked(Own(lambda steps: decay(steps).tolist()), road), asked(listed, road))


@every_road
@pytest.mark.parametrize(
    "said, complaint",
    [
        (lambda steps: decay(steps)[:-1], "a vector of"),
        (lambda steps: decay(steps)[:, None], "a vector of"),
        (lambda steps: decay(steps) + 0j, "must be a vector of"),
        (lambda steps: ["fast"] * len(steps), "must be a vector of"),
        (lambda steps: np.where(steps == 3, np.nan, decay(steps)), "gives nan at step 3 of 12"),
        (lambda steps: np.where(steps == 3, -0.1, decay(steps)), r"gives -0\.1 at step 3 of 12"),
        (lambda steps: 2 * decay(steps), r"gives 0\.6 at step 0 of 12: .* largest, 0\.3, which its `peak` says"),
    ],
)
def test_what_is_no_list_of_step_sizes_is_refused_on_every_road(said, complaint, road):
    with pytest.raises(InvalidInput, match=rf"'own'.*{complaint}"):
        asked(Own(said), road)


@pytest.mark.parametrize("peak", [0, -1, np.nan, "large", 1j])
def test_a_peak_that_is_none(peak):
    with pytest.raises(InvalidInput, match="the peak of the schedule 'own'"):
        asked(Own(decay, peak), rc.Exact())


@pytest.mark.parametrize(
    "stages, complaint",
    [
        ((Stage(start=0, stop=5, step_size=0.3),), "beyond step 5"),
        ((Stage(start=1, stop=12, step_size=0.3),), "beyond step 0"),
        ((Stage(start=0, stop=5, step_size=0.3), Stage(start=6, stop=12, step_size=0.3)), "beyond step 5"),
        ((Stage(start=0, stop=12, step_size=0.4),), "gives 0.4 at step 0"),
        ((0, 12, 0.3), "must be a tuple of Stage"),
    ],
)
def test_stages_that_are_not_the_run(stages, complaint):
    class Staged(Own):
        def stages(self, *, horizon):
            return stages

    with pytest.raises(InvalidInput, match=complaint):
        asked(Staged(decay), rc.Exact())


def test_a_function_between_the_steps_is_read_too():
    class Smooth(Own):
        def at(self, done, left, *, horizon):
            return 0.3 + done / horizon

        def breaks(self, *, horizon):
            return ()

    run = rc.Run(SMALL, model_size=4, schedule=Smooth(decay), steps=[50_000])
    with pytest.raises(InvalidInput, match="between two steps of 50000"):
        rc.risk(run, method=rc.Exact())


def test_a_class_that_lacks_methods_is_told_which():
    class Bare:
        def step_sizes(self, start, stop, *, horizon):
            return np.full(stop - start, 0.3)

    lacks = r"class Bare, .* lacks the methods stages, peak, check, describe: derive"
    with pytest.raises(InvalidInput, match=lacks) as it:
        rc.Run(SMALL, model_size=4, schedule=Bare(), steps=[8])
    assert "0x" not in str(it.value)


def test_a_formula_reads_numbers_as_the_user_writes_them():
    @dataclass(frozen=True)
    class Half(Formula):
        step_size: Number

        def formula(self, at):
            return at.number(self.step_size) * at.power((at.left + at.number("1/2")) / (at.horizon + 1), "1/2")

    run = rc.Run(SMALL, model_size=4, schedule=Half("3/10"), steps=[20])
    floats, digits = (rc.risk(run, method=rc.Exact(**words)).excess for words in ({}, {"digits": 12}))
    np.testing.assert_allclose(floats, digits, rtol=1e-10)
