"""What is compared of ding2025, what is not, and that each rule can fail."""

from __future__ import annotations

import pytest

from riskcalc.reproduce import Verdict, recompute
from tests.reproduce.planted import accepted

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found():
    return recompute("ding2025", quick=True)


def test_everything_that_is_compared_passes(found):
    assert found.passed, found.report()
    verdicts = (Verdict.PASSED, Verdict.CORRECTED, Verdict.NOT_RECOMPUTED)
    assert [found.count(verdict) for verdict in verdicts] == [10, 0, 2]


def test_no_planted_value_is_accepted(found):
    assert accepted(found) == []
