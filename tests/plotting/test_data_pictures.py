"""The picture of a data set."""

from __future__ import annotations

import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

pytest.importorskip("matplotlib")


def test_two_panels_with_all_that_was_found():
    report = rc.analyse_data("sklearn:diabetes", sketches=2, runs=2, steps=[0, 5, 20], resamples=20)
    upper, lower = rc.plot_data(report).axes
    words = [text.get_text() for ax in (upper, lower) for text in ax.get_legend().get_texts()]
    parts = ("eigenvalues", "signal power", "one power law: local $a$", "local $b$", "SGD on the rows", "exact")
    for part in parts:
        assert any(part in one for one in words)
    assert "442 rows, 1 output, linear kernel" in upper.get_title(loc="left")


def test_what_it_refuses():
    with pytest.raises(InvalidInput, match="analyse_data"):
        rc.plot_data(3)
