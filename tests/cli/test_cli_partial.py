"""Ctrl-C at the command line: what is finished is printed, the exit status is 130. Progress where it is asked for."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from riskcalc.errors import Interrupted

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
    assert "comparisons are finished" in answer.err


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
    assert answer.err.splitlines()[-1] == "riskcalc: interrupted: 1 exhibits are finished"


@pytest.mark.parametrize("more", ["", " --progress"])
def test_progress_is_silent_unless_it_is_asked_for(riskcalc, more):
    answer = riskcalc(f"risk {RUN} --method montecarlo --runs 4{more}")
    assert answer.status == 0
    assert ("steps of runs" in answer.err) == bool(more)
    assert answer.out == riskcalc(f"risk {RUN} --method montecarlo --runs 4").out
