"""The requirement: all roads agree over the range of problems, and every negative control, fed as a road, does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

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
from riskcalc.agreement import Effort, crosscheck
from riskcalc.agreement import equivalent_against_sketches as by_size
from riskcalc.agreement import exact_against_simulation as by_z
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
    weak: tuple[str, ...] = ()

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


FEEDBACK, APPROXIMATION, CUT = by_size.NO_FEEDBACK, by_z.NO_APPROXIMATION, by_size.NO_SKETCH

CASES = [
    Case("0.6", "1.2", 1, 0, "constant", None, 12, 48, 100),
    Case("0.6", "2", 8, 1, "cosine", None, 12, 48, 100, weak=(FEEDBACK,)),
    Case("0.8", "1.6", 1, 1, "wsd", None, 12, 48, 100),
    Case("0.8", "3", 8, 0, "geometric", None, 12, 48, 128, weak=(FEEDBACK,)),
    Case("1.5", "4", 1, 0, "linear", "1/5", 16, 160, 120),
    Case("2", "2.6", 1, 0, "constant", "1/4", 16, None, 200),
    Case("3", "5", 1, 1, "constant", "1/5", 16, 160, 150, weak=(APPROXIMATION, CUT)),
    Case("1", "1.5", 1, 0, "linear", None, 12, 48, 100),
    Case("1.2", "1.2", 8, 0, "constant", "1/2", 16, 160, 100, weak=(FEEDBACK,)),
    Case("1.5", "2.5", 1, 1, "geometric", "1/5", 16, 160, 128),
    Case("2", "1.5", 8, 1, "constant", "1/2", 16, None, 100, weak=(FEEDBACK, CUT)),
    Case("2", "5", 8, 0, "cosine", "1/2", 16, 160, 150, weak=(FEEDBACK,)),
    Case("2.5", "3.4", 1, 1, "wsd", "1/5", 16, 160, 150, weak=(APPROXIMATION, CUT)),
    Case("3", "1.2", 1, 0, "geometric", "1/5", 16, 160, 200, weak=(CUT,)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_all_roads_agree(case):
    check = crosscheck(case.run(), effort=EFFORT)
    assert check.passed, check.report()
    assert all(control.verdict in ("rejected", "no power") for control in check.controls)
    assert {control.name for control in check.controls if not control.rejected} <= set(case.weak), check.report()


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

    control: str

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        assert self.sketch is not None
        values = by_z.control_excess(self.control, sketch_modes(run.problem, self.sketch), run)
        return replace(super().curve(run, force=force), excess=values, bias=None, variance=None)


@dataclass(frozen=True, kw_only=True)
class WrongEquivalent(Equivalent):
    """The equivalent with the theory of a negative control."""

    control: str

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        values = by_size.CONTROLS[self.control](run)
        return replace(super().curve(run, force=force), excess=values, bias=None, variance=None)


@pytest.mark.parametrize("control", by_z.CONTROLS)
@pytest.mark.parametrize("case", [CASES[2], CASES[3], CASES[5]], ids=str)
def test_a_wrong_recursion_is_found_out(case, control):
    check = crosscheck(case.run(), methods=[WrongExact(control=control), MonteCarlo(seed=3)], effort=EFFORT)
    by_samples, by_digits = check.comparisons
    assert not by_samples.agrees, check.report()
    assert not by_digits.agrees
    assert check.verdict == "FAILED"


@pytest.mark.parametrize("control", by_size.CONTROLS)
@pytest.mark.parametrize("case", [CASES[2], CASES[4]], ids=str)
def test_a_wrong_equivalent_is_found_out(case, control):
    check = crosscheck(case.run(), methods=[Exact(seed=3), WrongEquivalent(control=control)], effort=EFFORT)
    assert not check.comparisons[0].agrees, check.report()
    assert check.verdict == "FAILED"


@dataclass(frozen=True, kw_only=True, eq=False)
class WrongSimulation(MonteCarlo):
    """A simulation whose step size is off by a few per cent."""

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        described = run.schedule.describe()
        schedule = Constant(Fraction(described["step_size"]) * Fraction(21, 20))
        faster = Run(
            run.problem,
            model_size=run.model_size,
            batch_size=run.batch_size,
            schedule=schedule,
            steps=run.steps,
            horizon=run.horizon,
        )
        return super().curve(faster, force=force)


def test_a_wrong_simulation_is_found_out():
    check = crosscheck(CASES[0].run(), methods=[Exact(), WrongSimulation()], effort=EFFORT)
    assert not check.comparisons[0].agrees, check.report()
