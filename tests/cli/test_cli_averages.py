"""--average, --prior and --spectrum log."""

from __future__ import annotations

import pytest

from riskcalc import Constant, Equivalent, GaussianPrior, LogarithmicPowerLaw, Problem, Run, TailAverage

RUN = "risk --a 2 --b 17/5 --model-size 100 --step-size 0.3 --steps 0,10,1000 --json"


@pytest.mark.parametrize(
    "flag, described",
    [
        ("last", {"name": "last"}),
        ("iterates", {"name": "iterates"}),
        ("tail:1/4", {"name": "tail", "fraction": "1/4"}),
        ("tail:0.25", {"name": "tail", "fraction": "1/4"}),
    ],
)
def test_the_average_is_read_and_written(riskcalc, flag, described):
    answer = riskcalc(f"{RUN} --average {flag}").json()
    assert answer["problem"]["averaging"] == described


def test_the_default_is_the_last_iterate(riskcalc):
    plain, last = riskcalc(RUN).json(), riskcalc(f"{RUN} --average last").json()
    assert plain["excess"] == last["excess"]
    assert riskcalc(f"{RUN} --average iterates").json()["excess"][2] != plain["excess"][2]


@pytest.mark.parametrize("flag", ["tail", "tail:", "mean", "iterates:2", "tail:2", "tail:0", "tail:x", ""])
def test_averages_that_are_refused(riskcalc, flag):
    assert "average" in riskcalc(*RUN.split(), "--average", flag).refusal()


@pytest.mark.parametrize("flags", ["--method asymptotic", "--certified"])
def test_roads_without_averages(riskcalc, flags):
    line = riskcalc(f"{RUN.replace('0,10,1000', '1000')} --average iterates {flags}").refusal()
    assert "LastIterate" in line


def test_the_table_says_what_is_averaged(riskcalc):
    table = riskcalc(f"{RUN} --average tail:1/4".replace("--json", "")).out
    assert "average of tail 1/4" in table


def test_a_logarithmic_spectrum(riskcalc):
    flags = "--spectrum log --a 2 --model-size 50 --step-size 0.1 --steps 100"
    answer = riskcalc(f"risk {flags} --average tail:1/2 --json").json()
    problem = Problem(spectrum=LogarithmicPowerLaw(a=2), signal=GaussianPrior())
    run = Run(problem, model_size=50, schedule=Constant("1/10"), steps=[100], averaging=TailAverage("1/2"))
    assert float(answer["excess"][0]) == pytest.approx(Equivalent().curve(run).excess[0], rel=1e-10)
    assert (answer["problem"]["log_a"], answer["problem"]["prior"]) == ("2", "isotropic")
    assert "j^-1 log^-a(j+1), a = 2; isotropic prior" in riskcalc(f"risk {flags}").out


@pytest.mark.parametrize("flags", ["", "--alpha 1 --beta 1", "--a 1", "--a 2 --b 1"])
def test_logarithmic_spectra_that_are_refused(riskcalc, flags):
    riskcalc(f"risk --spectrum log {flags} --model-size 50 --step-size 0.1 --steps 100").refusal()


def test_a_gaussian_prior(riskcalc):
    flags = f"{RUN} --dimension 200 --method exact"
    prior, fixed = riskcalc(f"{flags} --prior gaussian").json(), riskcalc(flags).json()
    assert prior["problem"]["prior"] == "gaussian"
    assert float(prior["excess"][0]) == pytest.approx(float(fixed["excess"][0]), rel=1e-10)
    assert float(prior["excess"][2]) != pytest.approx(float(fixed["excess"][2]), rel=1e-4)


def test_a_measured_spectrum_has_its_own_target(riskcalc, tmp_path):
    path = tmp_path / "spectrum.csv"
    path.write_text("eigenvalue,target\n1,1\n0.5,1\n0.2,1\n")
    line = riskcalc(f"risk --spectrum {path} --prior gaussian --model-size 2 --step-size 0.1 --steps 5").refusal()
    assert "target of its own" in line


@pytest.mark.slow
def test_a_cross_check_of_an_average(riskcalc):
    answer = riskcalc(
        "crosscheck --a 2 --b 5/2 --dimension 160 --model-size 16 --noise 1 --step-size 0.25 --steps 20,100 "
        "--average iterates --json"
    ).json()
    assert answer["passed"], answer["reasons"]
    assert answer["asked"]["averaging"] == {"name": "iterates"}
    verdicts = {control["name"]: control["verdict"] for control in answer["controls"]}
    assert verdicts["iterates averaged as if independent"] == "rejected"
