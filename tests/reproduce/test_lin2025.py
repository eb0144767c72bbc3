"""What is compared of lin2025, what is not, and that each rule can fail."""

from __future__ import annotations

import pytest

from riskcalc.reproduce import Verdict, recompute
from tests.reproduce.planted import accepted

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found():
    return recompute("lin2025", quick=True)


def test_everything_that_is_compared_passes(found):
    assert found.passed, found.report()
    assert (found.count(Verdict.PASSED), found.count(Verdict.NOT_RECOMPUTED)) == (9, 1)


def test_no_planted_value_is_accepted(found):
    assert accepted(found) == []
