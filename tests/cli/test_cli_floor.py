"""`--floor`: a column that no algorithm is below, a key in JSON, a grey line in the picture; `--parameterisation`."""

from __future__ import annotations

import pytest

import riskcalc as rc

RISK = "risk --a 2 --b 3/2 --noise 0.1 --model-size 100 --step-size 0.3 --steps 0,10,1000"


def test_the_floor_of_every_step(riskcalc):
    found = riskcalc(f"{RISK} --floor --json").json()
    problem = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal("3/2"), noise="0.1")
    expected = [rc.bayes_risk(problem, samples=n).risk for n in (10, 1000)]
    assert [float(level) for level in found["floor"][1:]] == pytest.approx(expected, rel=1e-9)
    assert float(found["floor"][0]) == pytest.approx(float(found["risk"][0]), rel=1e-9)  # before the first sample
    assert all(float(low) < float(risk) for low, risk in zip(found["floor"][1:], found["risk"][1:], strict=True))
    assert "floor" not in riskcalc(f"{RISK} --json").json()


def test_a_column_of_its_own(riskcalc):
    lines = riskcalc(f"{RISK} --floor").out.splitlines()
    header = next(line for line in lines if line.startswith("#step"))
    assert header.split()[-1] == "floor"
    assert len(lines[-1].split()) == len(header.split())


@pytest.mark.slow
def test_a_picture(riskcalc, tmp_path):
    answer = riskcalc(f"{RISK} --floor --plot {tmp_path / 'risk.svg'}")
    assert answer.status == 0
    assert (tmp_path / "risk.svg").stat().st_size > 1000


def test_several_outputs_are_refused(riskcalc):
    words = riskcalc(f"{RISK} --floor --outputs 3 --normalisation total").refusal()
    assert "one output is meant" in words


def test_the_quadratic_parameterisation(riskcalc):
    found = riskcalc("exponents --a 3 --b 2 --parameterisation quadratic --json").json()
    assert (found["loss_exponent"], found["model_size_exponent"]) == ("2/7", "2/7")
    assert "surrogate" in riskcalc("exponents --a 3 --b 2 --parameterisation quadratic").out
    refused = riskcalc("exponents --a 3 --b 2 --parameterisation quadratic --optimiser heavy-ball:1/2").refusal()
    assert "for SGD() and one output" in refused
