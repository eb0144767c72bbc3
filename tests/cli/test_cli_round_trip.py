"""What `riskcalc risk` prints is read back by `riskcalc fit`: JSON, table and CSV, from files and through a pipe."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from riskcalc.cli.application import main

LONG = "risk --a 2 --b 12/5 --model-size 1e12 --step-size 0.3 --steps 1e3..1e9"
SAMPLED = "risk --a 2 --b 3 --dimension 60 --model-size 20 --step-size 0.3 --steps 10..300 --method exact --sketches 6"


def piped(text, *arguments):
    result = CliRunner().invoke(main, ["fit", "-", *arguments], input=text)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def facts(text):
    """The lines of a fit that do not say where it came from."""
    return [line for line in text.splitlines() if not line.startswith(("columns:", "floor:"))]


def floor(text):
    return float(re.search(r"floor: +([^,]+),", text)[1])


@pytest.mark.parametrize("question", [LONG, f"{LONG} --noise 0.1 --schedule multistep:1/1000"])
def test_each_form_gives_the_same_fit(riskcalc, question):
    forms = {form: riskcalc(f"{question} {form}").out for form in ("", "--json", "--csv")}
    fits = {form: piped(text) for form, text in forms.items()}
    assert "exponent:" in fits[""]
    for form in ("", "--csv"):
        assert facts(fits[form]) == facts(fits["--json"])
        assert floor(fits[form]) == pytest.approx(floor(fits["--json"]), rel=1e-5)


def test_an_average_keeps_its_standard_errors(riskcalc):
    for form in ("", "--csv"):
        text = piped(riskcalc(f"{SAMPLED} {form}").out)
        assert "standard_error" in text
        assert "held: limit of a constant step size" in text


def test_a_pipe_and_a_file_are_read_alike(riskcalc, tmp_path):
    text = riskcalc(LONG).out
    path = tmp_path / "curve.txt"
    path.write_text(text)
    assert piped(text) == riskcalc("fit", str(path)).out


def test_one_of_several_curves_is_named(riskcalc, tmp_path):
    path = tmp_path / "curves.txt"
    path.write_text(riskcalc(f"{LONG.replace('1e9', '1e4')} --batch-size 1,2").out)
    assert "--column" in riskcalc("fit", str(path)).refusal()
    assert "exponent:" in riskcalc("fit", str(path), "--column", "curve_2", "--floor", "0").out


def test_nothing_in_the_pipe_is_said():
    result = CliRunner().invoke(main, ["fit", "-"], input="")
    assert result.exit_code == 2
    assert "cannot read the curve file standard input: it is empty" in result.stderr
