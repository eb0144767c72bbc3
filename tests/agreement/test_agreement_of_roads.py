"""The requirement: all roads agree over the range of problems, and every negative control, fed as a road, does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Cosine,
    Equivalent,
    Exact,
    Geometric,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    RiskCurve,
    Run,
    WarmupStableDecay,
)
from riskcalc.agreement import Effort, crosscheck, removal
from riskcalc.agreement.early_steps import places, with_steps_before
from riskcalc.agreement.removal import Removal
from riskcalc.agreement.twin import without_label_noise
from riskcalc.agreement.wrong_equivalents import wrong_theories
from riskcalc.agreement.wrong_recursions import removals_of, wrong_recursion
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.simulation import MonteCarlo

EFFORT = Effort(fewest_sketches=40, most_sketches=100)

SCHEDULES: dict[str, Any] = {
    "constant": Constant,
    "geometric": Geometric,
    "cosine": Cosine,
    "linear": lambda step_size: Polynomial(step_size, power=1),
    "wsd": lambda step_size: WarmupStableDecay(step_size, decay="1/4", warmup="1/10"),
}


@dataclass(frozen=True)
class Case:
    """One problem; step size None: half the inverse trace, as a <= 1 needs. weak: controls too small to be seen."""

    a: str
    b: str
    batch_size: int
    noise: int
    schedule: str
    step_size: str | None
    model_size: int
    dimension: int | None
    steps: int
    weak: tuple[Removal, ...] = ()

    def run(self) -> Run:
        spectrum = PowerLaw(a=self.a, dimension=self.dimension)
        step_size = self.step_size or Fraction(round(500 / spectrum.eigenvalues().sum()), 1000)
        return Run(
            Problem(spectrum=spectrum, signal=PowerLawSignal(b=self.b), noise=self.noise),
            model_size=self.model_size,
            batch_size=self.batch_size,
            schedule=SCHEDULES[self.schedule](step_size),
            steps=self.steps,
        )

    def __str__(self) -> str:
        return f"a={self.a} b={self.b} B={self.batch_size} sigma2={self.noise} {self.schedule}"


FEEDBACK, APPROXIMATION, CUT = removal.FEEDBACK, removal.APPROXIMATION_AS_NOISE, removal.SKETCH
FLOOR, VARIANCE, NOISE = removal.APPROXIMATION, removal.VARIANCE, removal.LABEL_NOISE

CASES = [
    Case("0.6", "1.2", 1, 0, "constant", None, 12, 48, 100),
    Case("0.6", "2", 8, 1, "cosine", None, 12, 48, 100, weak=(FEEDBACK, VARIANCE, NOISE)),
    Case("0.8", "1.6", 1, 1, "wsd", None, 12, 48, 100),
    Case("0.8", "3", 8, 0, "geometric", None, 12, 48, 128, weak=(FEEDBACK, VARIANCE)),
    Case("1.5", "4", 1, 0, "linear", "1/5", 16, 160, 120, weak=(VARIANCE,)),
    Case("2", "2.6", 1, 0, "constant", "1/4", 16, None, 200, weak=(VARIANCE,)),
    Case("3", "5", 1, 1, "constant", "1/5", 16, 160, 150, weak=(APPROXIMATION, CUT, FLOOR)),
    Case("1", "1.5", 1, 0, "linear", None, 12, 48, 100, weak=(VARIANCE,)),
    Case("1.2", "1.2", 8, 0, "constant", "1/2", 16, 160, 100),
    Case("1.5", "2.5", 1, 1, "geometric", "1/5", 16, 160, 128),
    Case("2", "1.5", 8, 1, "constant", "1/2", 16, None, 100),
    Case("2", "5", 8, 0, "cosine", "1/2", 16, 160, 150, weak=(FEEDBACK, VARIANCE)),
    Case("2.5", "3.4", 1, 1, "wsd", "1/5", 16, 160, 150, weak=(APPROXIMATION, CUT, FLOOR)),
    Case("3", "1.2", 1, 0, "geometric", "1/5", 16, 160, 200, weak=(CUT, VARIANCE)),
]


# each takes seconds: one of each schedule; the others run with the slow tests
QUICK = (0, 1, 2, 3, 7)
MARKED = [pytest.param(one, marks=() if place in QUICK else pytest.mark.slow) for place, one in enumerate(CASES)]


@pytest.mark.parametrize("case", MARKED, ids=str)
def test_all_roads_agree(case):
    check = crosscheck(case.run(), effort=EFFORT)
    assert check.passed, check.report()
    assert all(control.verdict in ("rejected", "no power") for control in check.controls)
    weak = {each.name for each in case.weak}
    assert {control.name for control in check.controls if not control.rejected} <= weak, check.report()


def test_the_cases_span_what_they_should():
    assert len(CASES) >= 12
    for name, low, high in (("a", 0.6, 3), ("b", 1.2, 5)):
        values = [float(getattr(case, name)) for case in CASES]
        assert (min(values), max(values)) == (low, high)
    assert {(case.batch_size, case.noise) for case in CASES} == {(1, 0), (1, 1), (8, 0), (8, 1)}
    assert {case.schedule for case in CASES} == set(SCHEDULES)


@dataclass(frozen=True, kw_only=True, eq=False)
class WrongExact(Exact):
    """The exact road with the recursion of a negative control."""

    control: Removal

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        assert self.sketch is not None
        values = wrong_recursion(self.control, sketch_modes(run.problem, self.sketch), run)
        return replace(super().curve(run, force=force), excess=values, bias=None, variance=None)


@dataclass(frozen=True, kw_only=True)
class WrongEquivalent(Equivalent):
    """The equivalent with the theory of a negative control."""

    control: Removal

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        values = wrong_theories(run, Equivalent(), plain_steps=1000)[self.control]
        return replace(super().curve(run, force=force), excess=values, bias=None, variance=None)


@pytest.mark.parametrize("control", removals_of(CASES[2].run()), ids=lambda one: one.term)
def test_a_wrong_recursion_is_found_out(control):
    check = crosscheck(CASES[2].run(), methods=[WrongExact(control=control), MonteCarlo(seed=3)], effort=EFFORT)
    by_samples, by_digits = check.comparisons
    assert not by_samples.agrees, check.report()
    assert not by_digits.agrees
    assert check.verdict == "FAILED"


@pytest.mark.parametrize(
    "control",
    [CUT, removal.STEP, *(pytest.param(one, marks=pytest.mark.slow) for one in (FEEDBACK, NOISE))],
    ids=lambda one: one.term,
)
def test_a_wrong_equivalent_is_found_out(control):
    check = crosscheck(CASES[2].run(), methods=[Exact(seed=3), WrongEquivalent(control=control)], effort=EFFORT)
    assert not check.comparisons[0].agrees, check.report()
    assert check.verdict == "FAILED"


@dataclass(frozen=True, kw_only=True, eq=False)
class Faster(MonteCarlo):
    """A simulation whose step size is off by a few per cent."""

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        step_size = Fraction(run.schedule.describe()["step_size"])
        return super().curve(replace(run, schedule=Constant(step_size * Fraction(21, 20))), force=force)


@dataclass(frozen=True, kw_only=True, eq=False)
class Scaled(MonteCarlo):
    """A simulation whose excess is 3 % too large, but at the start, where it would be seen by digits."""

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        curve = super().curve(run, force=force)
        factor = np.where(np.array(run.steps) > 0, 1.03, 1.0)
        assert curve.standard_error is not None
        error = curve.standard_error * factor
        return replace(curve, excess=curve.excess * factor, standard_error=error, bias=None, variance=None)


@dataclass(frozen=True, kw_only=True, eq=False)
class WithoutLabelNoise(MonteCarlo):
    """A simulation that forgets the label noise."""

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        return super().curve(without_label_noise(run), force=force)


@dataclass(frozen=True, kw_only=True, eq=False)
class OneStepBehind(MonteCarlo):
    """A simulation that records a step too early; at the start, where there is none before, it is right."""

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        recorded = with_steps_before(run)
        curve, at = super().curve(recorded, force=force), places(run, recorded, behind=1)
        assert curve.standard_error is not None
        return replace(
            curve,
            steps=run.steps,
            excess=curve.excess[at],
            standard_error=curve.standard_error[at],
            bias=None,
            variance=None,
        )


PLANTED = [Faster(), Scaled(), WithoutLabelNoise(), OneStepBehind()]


@pytest.mark.parametrize("wrong", PLANTED, ids=lambda one: type(one).__name__)
def test_a_wrong_simulation_is_found_out(wrong):
    """With little label noise, and no early step recorded."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b="13/5"), noise="1/50")
    asked = Run(problem, model_size=16, schedule=Constant("1/5"), steps=[100, 150])
    check = crosscheck(asked, methods=[Exact(), wrong], effort=EFFORT)
    assert check.verdict == "FAILED", check.report()
