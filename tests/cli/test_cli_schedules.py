"""--schedule: names, parameters and files."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.cli.schedule_flag import SCHEDULES, read_schedule
from riskcalc.schedule import (
    SPELLINGS,
    Constant,
    Cosine,
    Geometric,
    InverseSquareRoot,
    MultiStep,
    Polynomial,
    WarmupStableDecay,
    warmed_up,
)

RUN = "risk --a 2 --b 17/5 --model-size 100 --steps 0,10"


@pytest.mark.parametrize(
    "text, schedule",
    [
        ("constant", Constant("3/10")),
        ("geometric", Geometric("3/10")),
        ("cosine", Cosine("3/10")),
        ("polynomial:3/2", Polynomial("3/10", power="3/2")),
        ("wsd:0.2", WarmupStableDecay("3/10", decay="1/5")),
        ("wsd:0.2,power=2", WarmupStableDecay("3/10", decay="1/5", power=2)),
        ("wsd:1/5,shape=1-sqrt,floor=1/10", WarmupStableDecay("3/10", decay="1/5", shape="1-sqrt", floor="1/10")),
        ("wsd:decay=1/5, warmup=1/50", WarmupStableDecay("3/10", decay="1/5", warmup="1/50")),
        ("cosine:floor=1/10", Cosine("3/10", floor="1/10")),
        ("inverse-sqrt:1e4", InverseSquareRoot("3/10", timescale=10_000)),
        ("inverse-sqrt:fraction=1/100", InverseSquareRoot("3/10", fraction="1/100")),
        ("multistep:1/2,3/4", MultiStep("3/10", milestones=["1/2", "3/4"])),
        ("multistep:30,60,factor=1/2", MultiStep("3/10", milestones=[30, 60], factor="1/2")),
    ],
)
def test_names(text, schedule):
    assert read_schedule(text, step_size="0.3") == schedule


def test_a_file_needs_no_step_size(riskcalc, tmp_path):
    path = tmp_path / "sizes.txt"
    path.write_text("# warm\n" + "0.3\n" * 6 + "0.1\n" * 6)
    read = riskcalc(*RUN.split(), "--schedule", str(path), "--json").json()
    assert read["problem"]["schedule"] == {"name": "custom", "step_sizes": [0.3] * 6 + [0.1] * 6}
    answer = riskcalc(*RUN.split(), "--schedule", str(path), "--json", "--step-size", "0.2")
    assert answer.json()["excess"] == read["excess"]
    assert "--step-size 0.2 is not used" in answer.err


def test_the_horizon_is_the_last_step_unless_given(riskcalc):
    flags = f"{RUN} --step-size 0.3 --schedule polynomial:1 --json"
    short, long = riskcalc(flags).json(), riskcalc(f"{flags} --horizon 20").json()
    assert (short["problem"]["horizon"], long["problem"]["horizon"]) == (10, 20)
    assert float(short["excess"][1]) != pytest.approx(float(long["excess"][1]), rel=1e-3)
    assert np.isclose(float(short["excess"][0]), float(long["excess"][0]), rtol=1e-12)


@pytest.mark.parametrize("schedule", [pytest.param("cosine", marks=pytest.mark.slow), "wsd:1/5"])
def test_ten_to_the_thirteen_steps_of_a_smooth_schedule(riskcalc, schedule):
    flags = "risk --a 2 --b 12/5 --model-size 1e9 --step-size 0.3 --noise 1 --steps 1e6,1e13"
    printed = riskcalc(*flags.split(), "--schedule", schedule, "--horizon", "1e13", "--json").json()
    assert printed["steps"] == [10**6, 10**13]
    assert float(printed["excess"][1]) < 1e-5 < float(printed["excess"][0])
    assert printed["digits"] >= 9


def test_every_class_that_says_its_spelling_is_in_the_help():
    assert {one.kind for one in SPELLINGS.values()} == {
        *(Constant, Cosine, Geometric, InverseSquareRoot, MultiStep, Polynomial, WarmupStableDecay)
    }
    assert all(f"{name}" in SCHEDULES for name in SPELLINGS)


@pytest.mark.parametrize(
    "text, says",
    [
        ("wsd:1/5,shape=sqrt", "shape must be power, cosine or 1-sqrt, not 'sqrt'"),
        ("wsd:1/5,1/6", "takes no second parameter without a name (decay=, warmup=, power=, floor=, shape=)"),
        ("wsd:1/5,decay=1/6", "is given 'decay' twice"),
        ("wsd:1/5,power=2,power=3", "is given 'power' twice"),
        ("wsd:1/5,speed=3", "has no 'speed': it knows decay, warmup, power, floor, shape"),
        ("wsd:1/5,floor=x", "the floor of --schedule wsd must be a number"),
        ("wsd:1/5,", "has an empty entry"),
        ("wsd:x", "the decay of --schedule wsd must be a number"),
        ("wsd:1/5,step_size=3", "has no 'step_size'"),
        ("constant:speed=3", "--schedule constant has no 'speed'"),
        ("multistep:", "--schedule multistep needs milestones"),
        ("multistep:3/4,1/2", "milestones must ascend"),
        ("inverse-sqrt", "the time scale is given either in steps"),
    ],
)
def test_one_clear_line(riskcalc, text, says):
    assert says in riskcalc(*RUN.split(), "--step-size", "0.3", "--schedule", text).refusal()


@pytest.mark.parametrize(
    "warmup, says",
    [
        ("0", "--warmup is a positive number of steps or fraction of the run, not 0"),
        ("5/2", "the length of --warmup must be a whole number"),
        ("10", "the warm-up takes 10 steps, but the run has 10: none is left after it"),
        ("1/2,start=1", "start is a fraction of the first step size"),
        ("1/2,begin=1", "--warmup is W (steps) or F"),
        ("1/2,start", "--warmup is W (steps) or F"),
        ("x", "the length of --warmup must be a number"),
    ],
)
def test_warm_ups_that_are_none(riskcalc, warmup, says):
    line = riskcalc(*RUN.split(), "--step-size", "0.3", "--schedule", "cosine", "--warmup", warmup).refusal()
    assert says in line


def test_a_warm_up_before_a_schedule(riskcalc):
    """By steps and by a fraction; the line of the run says so."""
    flags = f"{RUN} --step-size 0.3 --schedule cosine:floor=1/10 --horizon 40"
    steps, fraction = (riskcalc(f"{flags} --warmup {text} --json").json() for text in ("4,start=1/5", "1/10,start=1/5"))
    assert steps["excess"] == fraction["excess"]
    assert steps["problem"]["schedule"] == {
        "name": "warmup-cosine",
        "step_size": "3/10",
        "floor": "1/10",
        "warmup_steps": "4",
        "warmup_start": "1/5",
    }
    sizes = [0.3 * (0.2 + 0.8 * s / 4) for s in range(4)]
    sizes += [0.3 * (0.1 + 0.9 * (1 + np.cos(np.pi * s / 36)) / 2) for s in range(36)]
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="17/5"))
    listed = rc.Run(problem, model_size=100, schedule=rc.Custom(sizes), steps=[0, 10], horizon=40)
    np.testing.assert_allclose([float(value) for value in steps["excess"]], rc.risk(listed).excess, rtol=1e-9)
    shown = riskcalc(f"{flags} --warmup 4").out
    assert "cosine:floor=1/10 schedule with step size 3/10, warm-up 4, horizon 40" in shown


def test_a_schedule_without_a_shape_has_no_exponents(riskcalc):
    line = riskcalc("exponents --a 2 --b 5/2 --schedule inverse-sqrt:100").refusal()
    assert "as a fraction of the run" in line


@pytest.mark.slow
def test_exponents_of_any_schedule_that_has_a_shape(riskcalc):
    flags = "exponents --a 2 --b 5/2 --noise 1 --step-size free --json"
    to_zero, to_floor = (riskcalc(f"{flags} --schedule {text}").json() for text in ("wsd:1/5", "wsd:1/5,floor=1/10"))
    assert to_zero["loss_exponent"] != to_floor["loss_exponent"]
    assert to_floor["loss_exponent"] == riskcalc(flags).json()["loss_exponent"]


@pytest.mark.parametrize(
    "text",
    [
        "multistep:1/2,3/4,factor=1/5",
        "multistep:3,7",
        "polynomial:3/2",
        "wsd:1/5,power=2,floor=1/10",
        "wsd:1/5,shape=1-sqrt",
        "cosine:floor=1/10",
        "inverse-sqrt:fraction=1/100",
        "inverse-sqrt:20",
    ],
)
@pytest.mark.parametrize("warmup", [None, "2", "1/5,start=1/10"])
def test_what_a_table_says_of_a_schedule_reads_back(text, warmup):
    schedule = warmed_up(read_schedule(text, step_size="3/10"), text=warmup)
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=3))
    asked = rc.Run(problem, model_size=9, schedule=schedule, steps=[10]).question.schedule
    assert (asked.spelled, asked.warmed) == (text, warmup)
    assert warmed_up(read_schedule(asked.spelled, step_size=asked.step_size), text=asked.warmed) == schedule


def test_a_colon_says_that_something_follows(riskcalc):
    assert "nothing after the colon" in riskcalc(f"{RUN} --step-size 0.3 --schedule cosine:").refusal()


def test_drops_that_are_never_reached_are_noted(riskcalc):
    flags = f"{RUN} --step-size 0.3 --schedule multistep:"
    assert "under multistep:1000 the step size never moves in a run of 10" in riskcalc(f"{flags}1000").err
    assert "never moves" not in riskcalc(f"{flags}5").err


def test_a_length_is_written_as_it_was_given(riskcalc):
    line = riskcalc(f"{RUN} --step-size 0.3 --schedule inverse-sqrt").refusal()
    assert "given is neither" in line
    assert "None" not in line
    line = riskcalc(f"{RUN} --step-size 0.3 --warmup 0").refusal()
    assert "Fraction" not in line
    assert "not 0" in line


def test_a_warm_up_before_exponents(riskcalc):
    flags = "exponents --a 2 --b 6 --json"
    assert riskcalc(f"{flags} --warmup 100").json()["loss_exponent"] == riskcalc(flags).json()["loss_exponent"]
    assert "K_pp" in riskcalc(f"{flags} --warmup 1/10").refusal()
