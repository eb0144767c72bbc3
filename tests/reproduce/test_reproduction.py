"""A reproduction: verdicts, report, JSON, exit status; and what of Paquette et al. is cheap."""

from __future__ import annotations

import importlib
import json

import pytest
from click.testing import CliRunner

from riskcalc.cli.application import main
from riskcalc.errors import InvalidInput
from riskcalc.reproduce import PAPERS, Exhibit, Paper, Recomputed, Verdict, paper, recompute
from riskcalc.reproduce.item import compare, not_recomputed
from riskcalc.reproduce.rules import Among, ByConstruction, Corrected, Identical, Ours, Within
from tests.reproduce.planted import accepted


def made_up(published: str) -> Paper:
    rule = Within(effect=0.1, reason="made up", exact=True)
    items = (
        compare("a number", published=published, ours=Ours(text="1", value=1.0, standard_error=0.025), rule=rule),
        not_recomputed("a figure", published="an image", why="it has no numbers"),
    )
    exhibit = Exhibit(name="one", title="the only one", recompute=lambda _: Recomputed(items=items))
    return Paper(name="nobody", citation="Nobody", exhibits=(exhibit,))


def test_verdicts_and_report():
    right, wrong = recompute(made_up("1.05")), recompute(made_up("1.2"))
    assert (right.verdict, wrong.verdict) == ("passed", "FAILED")
    assert right.passed
    assert not wrong.passed
    text = right.report()
    for words in ("published 1.05, ours 1 ± 0.025", "within 0.1 (made up)", "not recomputed: a figure", "no numbers"):
        assert words in text
    counts = json.loads(json.dumps(wrong.to_dict()))["counts"]
    others = dict.fromkeys(("passed", "corrected", "identity", "not determined"), 0)
    assert counts == {**others, "FAILED": 1, "not recomputed": 1}


@pytest.mark.parametrize(
    "verdicts", [("corrected",), ("identity",), ("not determined",), ("not determined", "identity")]
)
def test_only_what_passed_counts_as_reproduced(verdicts):
    rules = {
        "identity": ByConstruction(rule=Identical(), reason="put in"),
        "not determined": Among(values=(0.5, 1.5), reason="two grids"),
        "corrected": Corrected(value="2.00", rule=Within(effect=0.1, reason=""), reason="derived"),
    }
    mine = {
        "identity": Ours(text="1.00", value=1.0),
        "not determined": Ours(text="0.5 to 1.5", value=0.5),
        "corrected": Ours(text="2.00", value=2.0),
    }
    items = tuple(compare(name, published="1.00", ours=mine[name], rule=rules[name]) for name in verdicts)
    exhibit = Exhibit(name="one", title="one", recompute=lambda _: Recomputed(items=items))
    found = recompute(Paper(name="nobody", citation="Nobody", exhibits=(exhibit,)))
    assert (found.verdict, found.passed) == (verdicts[0], False)
    assert [item.verdict for item in found.items] == list(verdicts)


def test_nothing_to_compare_is_not_a_pass():
    found = recompute("paquette2024", only=["images"])
    assert (found.verdict, found.passed) == ("not recomputed", False)


def test_unknown_names():
    with pytest.raises(InvalidInput, match="there is no paper 'nobody2020': the papers are"):
        recompute("nobody2020")
    with pytest.raises(InvalidInput, match="no exhibit 'table-9'"):
        recompute("paquette2024", only=["table-9"])


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_is_complete(name):
    found = paper(name)
    assert found.name == name
    names = [exhibit.name for exhibit in found.exhibits]
    assert len(set(names)) == len(names)
    assert importlib.import_module(f"riskcalc.reproduce.{name}").__doc__


def test_paquette_cheap_exhibits_pass():
    found = recompute("paquette2024", only=["sample-points", "loss"])
    assert found.passed, found.report()
    assert len(found.items) == 16
    assert accepted(found) == []


@pytest.mark.slow
def test_paquette_all():
    found = recompute("paquette2024")
    assert found.passed, found.report()
    assert found.count(Verdict.NOT_DETERMINED) == 2  # the exponents measured on a grid that is not in print
    assert accepted(found) == []


def test_command_line(riskcalc):
    answer = riskcalc("reproduce paquette2024 --only loss --json")
    (exhibit,) = answer.json()["exhibits"]
    assert [item["verdict"] for item in exhibit["items"]] == ["passed", "passed"]
    assert exhibit["items"][0]["published"] == "1.24703"
    assert "loss" in riskcalc("reproduce").out
    assert "no paper" in riskcalc("reproduce nobody").refusal()
    assert "name a paper" in riskcalc("reproduce --quick").refusal()


def test_a_red_item_is_exit_status_one(monkeypatch, riskcalc):
    monkeypatch.setattr("riskcalc.reproduce.reproduction.paper_named", lambda _: made_up("2"))
    answer = riskcalc("reproduce paquette2024")
    assert answer.status == 1
    assert "FAILED: a number" in answer.out


def test_pictures_are_written(monkeypatch, tmp_path):
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    drawn = Recomputed(items=made_up("1").exhibits[0].recompute(False).items, pictures={"empty": Figure})
    exhibit = Exhibit(name="one", title="one", recompute=lambda _: drawn)
    for place in ("riskcalc.reproduce.paper", "riskcalc.reproduce.reproduction.paper_named"):
        monkeypatch.setattr(place, lambda _: Paper(name="nobody", citation="Nobody", exhibits=(exhibit,)))
    result = CliRunner().invoke(main, ["reproduce", "nobody", "--pictures", str(tmp_path / "new")])
    assert result.exit_code == 0
    assert (tmp_path / "new" / "nobody_empty.png").stat().st_size > 0
