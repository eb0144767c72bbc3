"""Ctrl-C at the command line: what is finished is printed, the exit status is 130. Progress where it is asked for."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace

import numpy as np
import pytest

from riskcalc.errors import Interrupted


def stop(*_given, **_how):
    raise KeyboardInterrupt


RUN = "--a 2 --b 3 --dimension 30 --model-size 5 --step-size 1/5 --steps 0,10,50"


def test_the_runs_that_are_finished_are_printed(riskcalc, monkeypatch):
    from riskcalc.simulation import MonteCarlo

    real = MonteCarlo.curve

    def stopped(self, run, *, force=False):
        raise Interrupted("interrupted: 3 of 8 runs are finished", partial=real(MonteCarlo(runs=3), run))

    whole = riskcalc(f"risk {RUN} --method montecarlo --runs 3 --json").json()
    monkeypatch.setattr(MonteCarlo, "curve", stopped)
    answer = riskcalc(f"risk {RUN} --method montecarlo --runs 8 --json")
    assert answer.status == 130
    assert json.loads(answer.out) == whole
    assert answer.err == "riskcalc: interrupted: 3 of 8 runs are finished\n"


def test_the_comparisons_that_are_finished_are_printed(riskcalc, monkeypatch):
    from riskcalc.agreement import rules

    def stopped(*_given, **_how):
        raise KeyboardInterrupt

    monkeypatch.setattr(rules, "exact_against_simulation", stopped)
    answer = riskcalc(f"crosscheck {RUN} --json")
    assert answer.status == 130
    found = json.loads(answer.out)
    assert (found["verdict"], found["passed"]) == ("INTERRUPTED", False)
    assert found["comparisons"]
    assert any(reason.startswith("exact against simulation: not compared") for reason in found["reasons"])
    assert "finished" in answer.err


def test_a_fit_whose_resampling_is_stopped_is_printed(riskcalc, monkeypatch, tmp_path):
    from riskcalc.fitting import interval

    path = tmp_path / "runs.csv"
    draws = np.exp(np.random.default_rng(0).normal(scale=0.1, size=(39, 8)))
    rows = "\n".join(",".join(map(str, (t, *t**-0.5 * draws[t - 1]))) for t in range(1, 40))
    path.write_text(f"step,{','.join(f'run{k}' for k in range(8))}\n{rows}\n")
    whole = riskcalc(f"fit {path} --floor 0 --json").json()
    monkeypatch.setattr(interval, "_means", stop)
    answer = riskcalc(f"fit {path} --floor 0 --json")
    assert answer.status == 130
    found = json.loads(answer.out)
    assert found["terms"][0]["exponent"] == whole["terms"][0]["exponent"]
    assert (found["terms"][0]["interval"], whole["terms"][0]["interval"] is None) == (None, False)
    assert answer.err == "riskcalc: interrupted: the fit is finished, its intervals are not\n"


def test_a_law_whose_resampling_is_stopped_is_printed(riskcalc, monkeypatch, tmp_path):
    from riskcalc.fitting import surface

    path = tmp_path / "losses.csv"
    grid = [(n, d) for n in (10, 20, 40, 80) for d in (50, 200, 800)]
    rows = [f"{n},{d},{1 + 2 / n + 3 * d**-0.5 + 1e-3 * ((n * d) % 7)}" for n, d in grid]
    path.write_text("\n".join(["N,D,loss", *rows]))
    monkeypatch.setattr(surface, "resampled", stop)
    answer = riskcalc(f"fit {path}")
    assert answer.status == 130
    assert "none: stopped while the points were resampled" in answer.out
    assert "alpha:" in answer.out


def test_the_exponents_of_a_data_set_whose_runs_are_stopped_are_printed(riskcalc, monkeypatch):
    from riskcalc.dataset import analyse

    monkeypatch.setattr(analyse, "data_curves", stop)
    answer = riskcalc("data sklearn:diabetes --resamples 20")
    assert answer.status == 130
    assert "\na:  " in answer.out
    assert "not run to its end" in answer.out
    assert answer.err.splitlines()[-1].endswith("SGD on the rows is not")


@pytest.mark.parametrize("command", ["risk {RUN} --digits 30", "phases", "tune {RUN} --method exact --sketches 3"])
def test_what_cannot_be_kept_in_part_says_so(riskcalc, monkeypatch, command):
    monkeypatch.setattr("riskcalc.cli.risk.answer", stop)
    monkeypatch.setattr(importlib.import_module("riskcalc.scaling.phase_diagram"), "derived", stop)  # not the function
    monkeypatch.setattr("riskcalc.tuning.tuned_step_size", stop)
    answer = riskcalc(command.format(RUN=RUN))
    assert answer.status == 130
    assert answer.err.splitlines()[-1] == "riskcalc: interrupted: nothing is kept but what is printed above"


@pytest.mark.slow
def test_the_exhibits_that_are_finished_are_printed(riskcalc, monkeypatch):
    from riskcalc.reproduce import paper, reproduction

    def stopped(_quick):
        raise KeyboardInterrupt

    real = paper("paquette2024")
    (done,) = real.selected(("sample-points",))
    two = replace(real, exhibits=(done, replace(done, name="second", recompute=stopped)))
    monkeypatch.setattr(reproduction, "paper_named", lambda _name: two)
    answer = riskcalc("reproduce paquette2024 --json")
    assert answer.status == 130
    (found,) = json.loads(answer.out)["exhibits"]
    assert len(found["items"]) == 14
    assert answer.err.splitlines()[-1] == "riskcalc: interrupted: 1 exhibit is finished"


@pytest.mark.parametrize("more", ["", " --progress"])
def test_progress_is_silent_unless_it_is_asked_for(riskcalc, more):
    answer = riskcalc(f"risk {RUN} --method montecarlo --runs 4{more}")
    assert answer.status == 0
    assert ("steps of runs" in answer.err) == bool(more)
    assert answer.out == riskcalc(f"risk {RUN} --method montecarlo --runs 4").out


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("--method montecarlo --runs 40 --sketches 3", "3 sketches, 40 runs of 50 steps: about"),
        ("--method exact --sketches 7", "7 sketches: about"),
        ("--batch-size 1,2", "2 curves, each of one answer, computed: about"),
    ],
)
def test_a_dry_run_says_how_long_it_would_take(riskcalc, question, words):
    answer = riskcalc(f"risk {RUN} {question} --dry-run")
    assert answer.status == 0
    assert answer.out.startswith(words)
    assert answer.err == ""


def test_what_is_told_of_a_simulation_grows_with_it(monkeypatch):
    import riskcalc as rc
    from riskcalc.cli import estimate

    monkeypatch.setattr(estimate, "_timed", lambda work: work() and 2.0)
    problem = rc.Problem(spectrum=rc.PowerLaw(2, dimension=30), signal=rc.PowerLawSignal(3))
    run = rc.Run(problem, model_size=5, schedule=rc.Constant("1/5"), steps=[51_200])
    # 2 s for 4 runs of 256 steps: 10 times as many runs, 200 times as many steps, 3 sketches
    assert estimate._seconds(run, rc.MonteCarlo(runs=40, sketches=3))[0] == 2.0 * 10 * 200 * 3
    assert estimate._told(12_000.0) == "3.3 h"
