"""How many digits are printed, and which."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest

from riskcalc import Claim, Equivalent, RiskCurve, Warrant
from riskcalc.curve.rounding import plain, rounded, scientific, verified_digits
from riskcalc.dynamics import extended
from riskcalc.errors import ToleranceNotMet

RUN = "risk --a 2 --b 17/5 --dimension 100 --model-size 20 --step-size 0.3 --steps 0,10,200"


def curve(**changes) -> RiskCurve:
    settings = {
        "steps": (0, 10),
        "excess": [1.2345678901234567, 0.0012345678901234567],
        "bias": [1.0, 1.2345678901234567e-7],
        "variance": [0.0, 1.2345678901234567e-20],
        "irreducible": 0.5,
        "approximation": 2 / 3,
        "claim": Claim.GIVEN_SKETCH,
        "warrant": Warrant.COMPUTED,
        **changes,
    }
    return RiskCurve(**settings)


@pytest.mark.parametrize(
    "error, digits", [(None, 15), (0.0, 15), (3e-17, 15), (9.9e-13, 12), (1e-9, 9), (0.4, 1), (2.0, 1)]
)
def test_verified_digits(error, digits):
    assert verified_digits(curve(error=error)) == digits


def test_parts_end_where_the_excess_ends():
    text = rounded(curve(), digits=6, write=plain)
    assert text.columns["excess"] == ["1.23457", "0.00123457"]
    assert text.columns["risk"] == ["1.73457", "0.501235"]
    assert text.columns["bias"] == ["1", "1.2e-07"]  # 0.00123457 ends at 1e-8
    assert text.columns["variance"] == ["0", "0"]
    assert (text.approximation, text.irreducible) == ("0.666667", "0.5")


def test_a_part_below_the_printed_digits_keeps_the_digit_that_is_known():
    assert rounded(curve(), digits=1, write=scientific).columns["bias"] == ["1e+00", "1e-07"]
    assert rounded(curve(), digits=1, write=plain).columns["variance"] == ["0", "0"]
    # not where it is not known: 1e-4 of the excess 0.0012 ends at 1e-6, and so does this standard error
    assert rounded(curve(error=1e-4), digits=1, write=plain).columns["bias"] == ["1", "0"]
    assert rounded(curve(standard_error=[0.0, 1e-4]), digits=1, write=plain).columns["bias"] == ["1", "0"]


@pytest.mark.parametrize("digits", [1, 2, 4])
def test_rounded_parts_are_read_back(riskcalc, digits):
    read = RiskCurve.from_json(riskcalc(f"{RUN} --digits {digits} --json").out)
    assert (read.variance[1:] > 0).all()


def test_a_standard_error_limits_the_digits():
    text = rounded(curve(standard_error=[0.0, 3.14159e-5]), digits=15, write=scientific)
    assert text.columns["excess"] == ["1.23456789012346e+00", "1.2346e-03"]
    assert text.columns["standard_error"] == ["0", "3.14e-05"]
    assert text.columns["risk"][1] == "5.012346e-01"


def test_infinite_values_stay_infinite():
    text = rounded(curve(excess=[1.0, np.inf], standard_error=[0.1, np.inf]), digits=15, write=scientific)
    assert text.columns["risk"][1] == text.columns["excess"][1] == text.columns["standard_error"][1] == "inf"


@pytest.mark.parametrize("digits", [1, 4, 12])
def test_fewer_digits_are_printed_when_asked(riskcalc, digits):
    read = riskcalc(f"{RUN} --digits {digits} --json").json()
    assert read["digits"] == digits
    for text in read["excess"]:
        assert len(text.lstrip("0.").replace(".", "")) <= digits


@pytest.mark.slow
def test_digits_that_float64_cannot_verify_come_from_a_field(riskcalc):
    answer = riskcalc(f"{RUN} --digits 15 --json")
    read = answer.json()
    assert read["digits"] == 15
    assert read["excess"][1:] == ["0.153434884554109", "0.0233362412768795"]
    told = r"riskcalc: float64 knows .* not to the tolerance 1e-15; computed with more digits\n"
    assert re.fullmatch(told, answer.err)
    assert read["method"]["escalated"] in answer.err
    assert riskcalc(f"{RUN} --method exact --digits 15 --json").json()["digits"] == 15


def test_a_run_that_float64_cannot_verify_at_all_is_answered_in_a_field(riskcalc, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise ToleranceNotMet("float64 fails")

    monkeypatch.setattr(Equivalent, "_verified", refuse)
    monkeypatch.setattr(extended, "SERVES", False)
    answer = riskcalc(f"{RUN} --json")
    assert answer.json()["digits"] == 15
    assert answer.json()["excess"][1] == "0.153434884554109"
    assert answer.json()["method"]["escalated"] == "float64 fails"
    assert answer.err == "riskcalc: float64 fails; computed with more digits\n"
    shown = riskcalc(RUN).out
    assert "escalated to more digits" in shown
    assert "known to 2.2e-16 of the excess by more digits than float64" in shown
    assert riskcalc(f"{RUN} --force --json").json()["excess"] == answer.json()["excess"]
    both = riskcalc(f"{RUN.replace('0.3', '1')} --force").refusal()
    assert "float64 fails" in both
    assert "cannot be forced" in both


def test_missing_digits_are_said_not_printed(riskcalc):
    answer = riskcalc(f"{RUN.replace('0.3', '0.8')} --digits 15 --force --json")  # more digits force nothing
    shown = answer.json()["digits"]
    assert 9 <= shown < 15
    assert answer.err == f"riskcalc: 15 digits were asked, float64 knows {shown} of this run: {shown} are printed\n"


def test_the_tolerance_is_tightened_before_digits_are_given_up(riskcalc):
    loose = riskcalc(f"{RUN} --tolerance 0.1 --json").json()
    tight = riskcalc(f"{RUN} --tolerance 0.1 --digits 13 --json").json()
    assert float(tight["method"]["tolerance"]) == 1e-13
    assert loose["method"]["tolerance"] == 0.1


@pytest.mark.parametrize("digits", ["0", "-3", "1001", "2.5", "many"])
def test_impossible_digits_are_refused(riskcalc, digits):
    assert "--digits" in riskcalc(f"{RUN} --digits {digits}").refusal()


def test_more_digits_than_float64_holds(riskcalc):
    read = riskcalc(f"{RUN} --digits 30 --json").json()
    assert read["excess"][1:] == ["0.153434884554109125984821479813", "0.0233362412768795309783625123730"]
    assert read["approximation"] == "0.0106132923400263719025198346547"
    assert read["digits"] == 30
    assert read["warrant"] == "computed"


def test_certified_digits_on_the_command_line(riskcalc):
    read = riskcalc(f"{RUN} --digits 18 --certified --json").json()
    assert read["warrant"] == "enclosed"
    for text, truth, radius in zip(
        read["excess"][1:],
        ["0.153434884554109125984821479813", "0.0233362412768795309783625123730"],
        read["radius"][1:],
        strict=True,
    ):
        assert abs(Fraction(text) - Fraction(truth)) <= Fraction(radius) <= Fraction(truth) / 10**17


@pytest.mark.parametrize(
    "flags, reason",
    [
        ("--method montecarlo --digits 16", "--digits 16"),
        ("--method exact --sketches 3 --digits 30", "one sketch"),
        ("--method exact --certified", "--certified belongs to"),
        ("--method montecarlo --field arb", "--field belongs to"),
    ],
)
def test_what_cannot_be_had_is_refused(riskcalc, flags, reason):
    assert reason in riskcalc(f"{RUN} {flags}").refusal()


@pytest.mark.parametrize("field", ["arb", "mpmath"])
def test_the_exact_road_in_many_digits(riskcalc, field):
    read = riskcalc(f"{RUN} --method exact --seed 0 --digits 30 --field {field} --json").json()
    assert (read["claim"], read["warrant"], read["digits"]) == ("given sketch", "computed", 30)
    assert read["excess"][1:] == ["0.270438761047332765313708158925", "0.0483257482031422339908306976938"]
    shown = riskcalc(f"{RUN} --method exact --digits 20 --field {field}").out
    assert f"two precisions in the field {field} agree to the 20 digits printed" in shown


def test_leading_terms_in_many_digits(riskcalc):
    run = "risk --a 2 --b 17/5 --model-size 1e6 --step-size 0.3 --steps 1e6 --method asymptotic"
    read = riskcalc(f"{run} --digits 25 --json").json()
    assert read["excess"] == ["8.434516900476994168928175e-8"]
    assert (read["claim"], read["warrant"]) == ("leading order", "symbolic")
    for digits, shown in (("", "8.43451690048e-08"), ("--digits 14", "8.4345169004770e-8")):
        table = riskcalc(f"{run} {digits}").out
        assert "leading terms derived with their constants" in table
        assert "step by step" not in table
        assert f"  {shown}  " in table


def test_the_table_says_where_the_digits_come_from(riskcalc):
    shown = riskcalc(f"{RUN.replace(',200', '')} --digits 20 --field mpmath").out
    assert "two resolutions in the field mpmath agree to the 20 digits printed" in shown
    assert "0.15343488455410912598" in shown
