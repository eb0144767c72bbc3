"""`riskcalc crosscheck`: its exit status says what its report says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from riskcalc import Constant, Exact, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.agreement import CrossCheck, crosscheck
from riskcalc.agreement.comparison import Comparison, Side, inconclusive
from riskcalc.cli.endings import BAD_INPUT, INTERNAL, INTERRUPTED, NO_POWER, RED

FLAGS = "crosscheck --a 2 --b 3 --dimension 60 --model-size 10 --step-size 1/5 --steps 0..100"


@pytest.fixture(scope="module")
def green() -> CrossCheck:
    """A real report of one road, which takes no time."""
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b=3))
    run = Run(problem, model_size=10, schedule=Constant("1/5"), steps=100)
    return crosscheck(run, methods=[Exact(seed=0)])


def beside(green: CrossCheck, other: Comparison) -> CrossCheck:
    return CrossCheck(
        asked=green.asked, level=green.level, seed=0, comparisons=(*green.comparisons, other), controls=()
    )


@pytest.fixture
def unsure(green) -> CrossCheck:
    side = Side(name="exact", claim="given sketch")
    return beside(green, inconclusive("z-scores", left=side, right=side, statement="unstable"))


@pytest.fixture
def red(green) -> CrossCheck:
    (first, *_) = green.comparisons
    broken = replace(first.criteria[0], worst=first.criteria[0].bound - 1)
    return beside(green, replace(first, criteria=(broken,)))


def answer_with(monkeypatch, report: CrossCheck) -> dict:
    asked = {}

    def fake(run, *, seed, level, methods):
        asked.update(run=run, seed=seed, level=level, methods=methods)
        return report

    monkeypatch.setattr("riskcalc.agreement.crosscheck", fake)
    return asked


def test_green_is_zero(riskcalc, monkeypatch, green):
    asked = answer_with(monkeypatch, green)
    answer = riskcalc(f"{FLAGS} --seed 5 --level 1e-2")
    assert (answer.status, answer.out, answer.err) == (0, green.report() + "\n", "")
    assert (asked["seed"], asked["level"], asked["methods"]) == (5, 0.01, None)
    assert asked["run"].describe() | {"steps": list(asked["run"].steps)} == green.asked.record


def test_the_equivalent_may_be_compared_with_its_shift(riskcalc, monkeypatch, green):
    asked = answer_with(monkeypatch, green)
    assert riskcalc(f"{FLAGS} --seed 5 --finite-size").status == 0
    assert [type(road).__name__ for road in asked["methods"]] == ["Exact", "Equivalent", "MonteCarlo"]
    assert asked["methods"][1].finite_size
    assert asked["methods"][0].seed == 5


def test_red_is_one(riskcalc, monkeypatch, red):
    answer_with(monkeypatch, red)
    answer = riskcalc(FLAGS)
    assert answer.status == 1
    assert answer.out == red.report() + "\n"


def test_no_power_is_three(riskcalc, monkeypatch, unsure, red):
    answer_with(monkeypatch, unsure)
    answer = riskcalc(FLAGS)
    assert (answer.status, answer.out) == (3, unsure.report() + "\n")
    assert "cross-check: NO POWER" in answer.out
    # a comparison that disagrees is not excused by another that could not tell
    answer_with(monkeypatch, beside(red, unsure.comparisons[-1]))
    assert riskcalc(FLAGS).status == 1


def test_the_exit_statuses_are_documented_and_differ(riskcalc):
    help_text = riskcalc("crosscheck --help").out
    for status in ("0  everything agrees", "1  something disagrees", "2  bad input", "3  nothing disagrees"):
        assert status in help_text
    assert len({RED, BAD_INPUT, NO_POWER, INTERNAL, INTERRUPTED}) == 5


def test_json_and_picture(riskcalc, monkeypatch, green, tmp_path):
    answer_with(monkeypatch, green)
    path = tmp_path / "check.png"
    answer = riskcalc(*FLAGS.split(), "--json", "--plot", str(path))
    read = answer.json()
    assert read["passed"] is True
    assert len(read["comparisons"]) == len(green.comparisons)
    assert answer.err == f"riskcalc: picture written to {path}\n"
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_all_roads_agree(riskcalc):
    answer = riskcalc(FLAGS)
    assert answer.status == 0, answer.out
