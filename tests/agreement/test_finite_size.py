"""The equivalent with its shift against sketches at one model size: passed, and failed where it is wrong on purpose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskcalc import Constant, Equivalent, Exact, PowerLaw, PowerLawSignal, Problem, Run, crosscheck
from riskcalc.agreement import Effort, finite_size_against_sketches as rule
from riskcalc.errors import InvalidInput

PROBLEM = Problem(spectrum=PowerLaw(a=2, dimension=150), signal=PowerLawSignal(b="13/5"))
RUN = Run(PROBLEM, model_size=30, schedule=Constant("1/5"), steps=[10, 50])
ROADS = [Exact(seed=1), Equivalent(finite_size=True)]


def shifted_by(monkeypatch, change) -> None:
    """Let the road tell a shift that is wrong, in the curve and part by part."""
    told = Equivalent.across_sketches

    def wrong(road, run):
        found = told(road, run)
        return replace(found, shift=change(found.shift))

    monkeypatch.setattr(Equivalent, "across_sketches", wrong)


@pytest.mark.slow
def test_a_right_shift_passes_and_its_absence_is_rejected():
    report = crosscheck(RUN, methods=ROADS, effort=Effort(most_sketches_of_one_size=1000))
    assert report.passed, report.report()
    compared = report.comparisons[0]
    assert compared.left.claim.startswith("average over sketches, through 1/M")
    shift = next(one for one in compared.detectable if one.term == "shift of the average")
    assert shift.seen
    verdicts = {control.name: control.verdict for control in report.controls}
    assert verdicts["the equivalent without its shift"] == "rejected"
    assert verdicts["the shift without the mean of the signal"] == "rejected"
    assert "ACCEPTED" not in verdicts.values()


@pytest.mark.slow
@pytest.mark.parametrize("part", ["signal", "all"])
def test_a_wrong_shift_fails(monkeypatch, part):
    def change(shift):
        nothing = np.zeros_like(shift.signal)
        if part == "all":
            return replace(shift, signal=-shift.signal, kernel=-shift.kernel)
        return replace(shift, signal=nothing)

    shifted_by(monkeypatch, change)
    report = crosscheck(RUN, methods=ROADS, effort=Effort(most_sketches_of_one_size=1000))
    assert report.failed


def test_few_sketches_have_no_power_and_say_so():
    effort = Effort(fewest_sketches=10, most_sketches=10, most_sketches_of_one_size=20)
    report = crosscheck(RUN, methods=ROADS, effort=effort)
    assert report.verdict == "NO POWER"
    assert report.comparisons[0].agrees
    assert "samples would do" in report.comparisons[0].power.statement


def test_small_models_are_checked_where_the_series_holds_and_given_sketches_are_refused():
    small = replace(RUN, model_size=4)
    assert rule._checked(small, Effort()).model_size == 30
    assert rule._steadier(RUN).problem.random_target
    sketch = np.random.default_rng(0).choice([-1.0, 1.0], (30, 150)) / np.sqrt(30)
    with pytest.raises(InvalidInput, match="real Gaussian sketches"):
        crosscheck(RUN, methods=[Exact(sketch=sketch), Equivalent(finite_size=True)])
