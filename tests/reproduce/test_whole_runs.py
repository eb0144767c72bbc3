"""The papers around the seeds without --quick: larger sizes, longer runs, the same rules."""

from __future__ import annotations

import pytest

from riskcalc.reproduce import recompute


@pytest.mark.slow
@pytest.mark.parametrize("paper", ["atanasov2024", "bordelon2024", "jeon2022", "maloney2022"])
def test_passes(paper):
    """More than what is quick can fail: a width that is plenty for 1e4 samples was not for 1e5."""
    found = recompute(paper)
    assert found.passed, found.report()
