"""`riskcalc risk --finite-size`, and --combine of several sketches."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import Constant, Equivalent, Exact, PowerLaw, PowerLawSignal, Problem, Run

PROBLEM = "risk --a 2 --b 2.6 --dimension 60 --step-size 0.1 --steps 0,20 "
ASKED = PROBLEM + "--model-size 20 --finite-size"


def run_of(model_size: int) -> Run:
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b="13/5"))
    return Run(problem, model_size=model_size, schedule=Constant("1/10"), steps=[0, 20])


def test_shift_and_spread_are_decimal_strings(riskcalc):
    written, curve = riskcalc(f"{ASKED} --json").json(), Equivalent(finite_size=True).curve(run_of(20))
    assert [float(text) for text in written["shift"]] == pytest.approx(curve.shift, rel=1e-10)
    assert [float(text) for text in written["spread"]] == pytest.approx(curve.spread, rel=1e-10)
    assert written["claim"] == "average over sketches, through 1/M"
    assert "excess + shift" in riskcalc(ASKED).out


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("--digits 30", "computed in float64"),
        ("--certified", "computed in float64"),
        ("--method exact", "--finite-size has no meaning with --method exact: it belongs to equivalent"),
        ("--combine median", "--combine has no meaning with --method equivalent: it belongs to exact"),
    ],
)
def test_what_does_not_go_together_is_refused(riskcalc, more, reason):
    assert reason in riskcalc(f"{ASKED} {more}").refusal()


def test_a_warning_names_how_many_sketches_are_past_their_limit(riskcalc):
    asked = ASKED.replace("--step-size 0.1", "--step-size 0.3")
    answer = riskcalc(asked)
    assert answer.status == 0
    assert "past its limit of stability" in answer.err


def test_the_median_of_several_sketches(riskcalc):
    written = riskcalc(f"{PROBLEM} --model-size 4 --method exact --sketches 9 --combine median --json").json()
    curve = Exact(sketches=9, combine="median").curve(run_of(4))
    assert written["claim"] == "median over sketches"
    assert written["bias"] is None
    assert np.array([float(text) for text in written["excess"]]) == pytest.approx(curve.excess, rel=1e-2)


def test_the_exponents_of_the_floors_shift_and_spread(riskcalc):
    asked = "exponents --a 2 --b 13/5 --finite-size"
    shift, spread = riskcalc(f"{asked} --json").json()["finite_size"]
    assert (shift["name"], shift["exponents"]) == ("F_0 shift", {"M": "-13/5"})
    assert (spread["name"], spread["exponents"]) == ("F_0 spread", {"M": "-21/10"})
    assert r"F_{0}^{\mathrm{spread}} \sim" in riskcalc(f"{asked} --latex").out
    assert "b other than a + 1" in riskcalc("exponents --a 2 --b 3 --finite-size").refusal()
