"""Arguments that were once read as something else, one test each; nothing here rests on `assert`."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement import Effort
from riskcalc.errors import InvalidInput
from riskcalc.scaling import (
    compute,
    phase_diagram as diagram_of,  # noqa: F401  # loads the module patched below
)
from tests.arguments.strange import PROBLEM, RUN, digest
from tests.arguments.subjects import best_schedule

ROOT = Path(__file__).parents[2]


def same(left: object, right: object) -> None:
    if digest(left) != digest(right):
        pytest.fail(f"{left} and {right} differ")


@pytest.mark.parametrize("none", ["0", 0.0, np.int64(0), np.bool_(False), False])
def test_exponents_without_noise_however_it_is_written(none):
    """noise="0" once answered loss exponent 0 and no phase: a text that is not empty is true."""
    found = rc.exponents(alpha=1, beta="3/4", noise=none)
    same((found.phase, str(found.loss_exponent)), ("II", "5/7"))
    same(found, rc.exponents(alpha=1, beta="3/4"))


@pytest.fixture(scope="module")
def noisy():
    return rc.exponents(a=2, b=3, noise=1)


@pytest.mark.parametrize("some", ["1e-3", np.float64(0.5), True])
def test_exponents_with_noise_however_it_is_written(some, noisy):
    """The variance is kept for what is asked next, the approach, and has no part in the exponents."""
    found = rc.exponents(a=2, b=3, noise=some)
    if found != noisy:
        pytest.fail(f"{found} and {noisy} differ")
    same(str(found), str(noisy))


NO_NOISE = [-1, "-1/2", "no", "", None, "nan", math.nan, math.inf, 1j, [0], np.zeros(1), b"0"]


@pytest.mark.parametrize("value", NO_NOISE)
def test_what_is_no_noise_is_refused(value):
    for ask in (rc.exponents, rc.phase_diagram):
        letters = {"a": 2, "b": 3} if ask is rc.exponents else {}
        with pytest.raises(InvalidInput, match="noise"):
            ask(**letters, noise=value)


@pytest.mark.parametrize(("given", "noisy"), [("0", False), (0.0, False), ("1/2", True), (True, True)])
def test_the_phase_diagram_is_derived_for_the_noise_that_was_meant(given, noisy, monkeypatch):
    class Asked(Exception):
        pass

    def atlas(question, *_):
        raise Asked(question.noise)

    monkeypatch.setattr(sys.modules["riskcalc.scaling.phase_diagram"], "Atlas", atlas)
    with pytest.raises(Asked, match=str(noisy)):
        rc.phase_diagram(noise=given)


@pytest.mark.parametrize("force", ["no", "0", 0, 1, None, "", []])
def test_force_is_yes_or_no(force):
    """An unstable run was let through by force="no"."""
    wild = rc.Run(PROBLEM, model_size=4, schedule=rc.Constant(100), steps=[1])
    for ask in (rc.risk, rc.output_curves):
        with pytest.raises(InvalidInput, match="force must be True or False"):
            ask(wild, force=force)


@pytest.mark.parametrize("given", ["no", 0, None])
@pytest.mark.parametrize(
    "ask",
    [
        lambda it: rc.measure(np.eye(3), [1.0, 2.0, 4.0], centre=it),
        lambda it: rc.presets.lin2024(a=2, model_size=4, samples=64, fixed=it),
        lambda it: rc.presets.effective_time(1024, averaged=it),
        lambda it: rc.phase_diagram(paper_letters=it),
        lambda it: rc.compute_optimal(PROBLEM, compute=1e3, local=it),
        lambda it: compute(batch_size=it),
        lambda it: compute(pay_for_outputs=it),
    ],
)
def test_flags_are_not_read_by_their_truth_value(ask, given):
    with pytest.raises(InvalidInput, match="must be True or False"):
        ask(given)


def test_a_negative_noise_of_one_of_several_outputs_is_refused():
    """It rested on an assertion, which `python -O` leaves out."""
    signals = [rc.PowerLawSignal(b=3), rc.PowerLawSignal(b=3)]
    for noises in (-1, [1, -1], ["1/2", "-1/2"]):
        with pytest.raises(InvalidInput, match="noise is a variance and cannot be negative"):
            rc.MultipleOutputs(spectrum=rc.PowerLaw(a=2), signals=signals, noises=noises)
    with pytest.raises(InvalidInput, match="infinite"):
        rc.MultipleOutputs(spectrum=rc.PowerLaw(a=2), signals=[rc.PowerLawSignal(b=1)])


@pytest.mark.parametrize("path", [3, 1.5, b"curve.json", None, True, ["curve.json"]])
def test_the_name_of_a_file_is_text(path):
    """A whole number names an open file to Python, and was passed on as one."""
    for ask in (rc.load_problem, rc.load_table, rc.load_data, rc.RiskCurve.load):
        with pytest.raises(InvalidInput, match="must be the name of a file"):
            ask(path)


@pytest.mark.parametrize("horizon", [0, -1, math.nan, math.inf, 1.5, "no", None, True])
@pytest.mark.parametrize(
    "schedule",
    [
        rc.Constant("1/10"),
        rc.Cosine("1/10"),
        rc.Geometric("1/10"),
        rc.Polynomial("1/10", power=1),
        rc.WarmupStableDecay("1/10"),
        rc.InverseSquareRoot("1/10", timescale=2),
        rc.MultiStep("1/10", milestones=["1/2"]),
        rc.Warmup(rc.Cosine("1/10"), fraction="1/10"),
        rc.Custom([0.3, 0.2]),
    ],
)
def test_no_step_sizes_for_a_horizon_that_is_none(schedule, horizon):
    for ask in (schedule.stages, schedule.peak, schedule.check):
        with pytest.raises(InvalidInput, match="horizon"):
            ask(horizon=horizon)
    with pytest.raises(InvalidInput, match="horizon"):
        schedule.step_sizes(0, 1, horizon=horizon)


@pytest.mark.parametrize("name", [*(field for field in Effort.__dataclass_fields__)])
@pytest.mark.parametrize("value", ["no", math.nan, 0, True, None])
def test_an_effort_is_made_of_numbers(name, value):
    with pytest.raises(InvalidInput, match=name):
        Effort(**{name: value})


def test_a_crosscheck_of_a_size_that_is_not_whole():
    """The roads that draw a sketch refuse it; the equivalent alone is checked at that size, not at one near it."""
    half = rc.Run(PROBLEM, model_size="9/2", schedule=rc.Constant("1/10"), steps=[8])
    with pytest.raises(InvalidInput, match="whole number of features"):
        rc.crosscheck(half)
    found = rc.crosscheck(half, methods=[rc.Equivalent()])
    same([remark for one in found.comparisons for remark in one.remarks], [])
    with pytest.raises(InvalidInput, match="level"):
        rc.crosscheck(RUN, level=True)


@pytest.mark.parametrize("shown", [1.5, True, "no", -1, None])
def test_how_many_schedules_are_shown_is_a_whole_number(shown):
    with pytest.raises(InvalidInput, match="shown"):
        rc.plot_optimal_schedule(best_schedule(), shown=shown)


@pytest.mark.parametrize(
    "values", [[True, False], [1.0, True], np.array([True]), [1j], ["no"], [None], [[1.0], [2.0, 3.0]]]
)
def test_truth_values_are_no_numbers_in_arrays_either(values):
    for noun in (rc.ExplicitSpectrum, rc.ExplicitSignal, rc.Custom):
        with pytest.raises(InvalidInput):
            noun(values)


def test_refusals_hold_when_python_leaves_assertions_out():
    """What pytest itself cannot show with its assertions gone is run in a Python of its own."""
    script = """
import riskcalc as rc
from riskcalc.errors import InvalidInput

signals = [rc.PowerLawSignal(b=3), rc.PowerLawSignal(b=3)]
cases = {
    "negative noise": lambda: rc.MultipleOutputs(spectrum=rc.PowerLaw(a=2), signals=signals, noises=-1),
    "noise": lambda: rc.exponents(a=2, b=3, noise="no"),
    "truth": lambda: rc.ExplicitSignal([True, 1.0]),
    "schedule": lambda: rc.Run(1, model_size=4, schedule="geometric", steps=8),
}
for name, case in cases.items():
    try:
        case()
    except InvalidInput:
        continue
    raise SystemExit(f"{name} is accepted (assertions on: {__debug__})")
print("refused", __debug__)
"""
    found = subprocess.run([sys.executable, "-O", "-c", script], capture_output=True, text=True, check=False, cwd=ROOT)
    same((found.stdout.strip(), found.stderr), ("refused False", ""))
