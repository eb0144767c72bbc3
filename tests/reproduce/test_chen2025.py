"""Chen et al.: what is compared, what is not, and that each rule can fail."""

from __future__ import annotations

import pytest

from riskcalc.reproduce import recompute
from riskcalc.reproduce.item import Verdict
from riskcalc.reproduce.rules import ByZ, Identical, Ours

CHEAP = ("terms", "crossover", "theorems")


@pytest.fixture(scope="module")
def cheap():
    return recompute("chen2025", only=CHEAP, quick=True)


def test_cheap_exhibits(cheap):
    assert cheap.passed, cheap.report()
    assert (cheap.count(Verdict.PASSED), cheap.count(Verdict.NOT_RECOMPUTED)) == (13, 5)
    assert "not known" in cheap.report()


def test_nothing_derived_here_is_called_published(cheap):
    compared = [item for item in cheap.items if item.ours is not None]
    assert "published" not in {item.source for item in compared}
    assert "derived 0, ours" in " ".join(cheap.report().split())
    assert cheap.to_dict()["exhibits"][0]["items"][0]["source"].startswith("in print for one output")


def test_every_rule_can_fail(cheap):
    for item in cheap.items:
        if item.ours is None:
            continue
        if isinstance(item.rule, Identical):
            assert not item.rule.accepts(f"{item.published} + 1", item.ours)
        else:
            assert not item.rule.accepts(str(float(item.published) + 0.25), item.ours)


def test_several_outputs_and_their_sum():
    found = recompute("chen2025", only=["additivity"], quick=True)
    assert found.passed, found.report()
    assert len(found.items) == 5
    for item in found.items:
        assert isinstance(item.rule, ByZ)
        # a quarter of the label noise left out would be seen
        wrong = Ours(text="", value=item.ours.value - 0.25, standard_error=item.ours.standard_error)
        assert not item.rule.accepts(item.published, wrong)


@pytest.mark.slow
def test_everything_of_chen_et_al():
    found = recompute("chen2025")
    assert found.passed, found.report()
    assert found.count(Verdict.PASSED) == 31
