"""Chen et al.: what is compared, what is not, and that each rule can fail."""

from __future__ import annotations

import pytest

from riskcalc.reproduce import Verdict, recompute
from riskcalc.reproduce.rules import ByZ
from tests.reproduce.planted import accepted

CHEAP = ("terms", "outputs", "crossover", "theorems")


@pytest.fixture(scope="module")
def cheap():
    return recompute("chen2025", only=CHEAP, quick=True)


def test_cheap_exhibits(cheap):
    assert cheap.passed, cheap.report()
    assert (cheap.count(Verdict.PASSED), cheap.count(Verdict.NOT_RECOMPUTED)) == (14, 5)
    assert "not known" in cheap.report()


def test_nothing_derived_here_is_called_published(cheap):
    compared = [item for item in cheap.items if item.ours is not None]
    assert "published" not in {item.source for item in compared}
    assert "derived 0, ours" in " ".join(cheap.report().split())
    assert cheap.to_dict()["exhibits"][0]["items"][0]["source"].startswith("in print for one output")


def test_what_holds_by_construction_is_not_counted_as_reproduced(cheap):
    (outputs,) = [outcome for outcome in cheap.outcomes if outcome.exhibit.name == "outputs"]
    passed = [item.what for item in outputs.items if item.verdict is Verdict.PASSED]
    assert passed == ["variance: exponent of P, signal power for all outputs in total"]
    assert cheap.count(Verdict.IDENTITY) == 7
    assert "7 identity" in cheap.report()


def test_no_planted_value_is_accepted(cheap):
    assert accepted(cheap) == []


def test_several_outputs_and_their_sum():
    found = recompute("chen2025", only=["additivity"], quick=True)
    assert found.passed, found.report()
    assert len(found.items) == 5
    assert all(isinstance(item.rule, ByZ) for item in found.items)
    assert accepted(found) == []


@pytest.mark.slow
def test_everything_of_chen_et_al():
    found = recompute("chen2025")
    assert found.passed, found.report()
    assert (found.count(Verdict.PASSED), found.count(Verdict.IDENTITY)) == (24, 7)
    assert accepted(found) == []
