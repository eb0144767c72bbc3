"""The picture of a fit: data, fit and floor; local exponents, interval and derived exponent."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

pytest.importorskip("matplotlib")

STEPS = np.geomspace(1, 1e4, 50)


def words(ax):
    return " ".join(text.get_text() for text in ax.get_legend().get_texts())


def test_what_a_picture_of_replicates_shows():
    runs = (0.02 + STEPS**-0.7) * np.exp(0.03 * np.random.default_rng(0).standard_normal((12, 50)))
    fit = rc.fit_exponents((STEPS, runs), floor="fitted", window=(3, 5e3), expected="7/10")
    upper, lower = rc.plot_fit(fit).axes
    for said in ("mean of 12 replicates", "fit: floor +", "not fitted", "floor 0.0"):
        assert said in words(upper)
    for said in ("local, over 0.5 decades", "fitted $s$", "95 % interval", "derived 7/10"):
        assert said in words(lower)
    (drawn,) = [line for line in upper.get_lines() if str(line.get_label()).startswith("fit")]
    np.testing.assert_allclose(drawn.get_ydata(), fit.values())
    low, high = lower.get_ylim()
    assert low < fit.interval[0] < 0.7 < fit.interval[1] < high


def test_two_terms_and_few_steps_can_be_drawn(tmp_path):
    fit = rc.fit_exponents((STEPS, STEPS**-0.3 + STEPS**-1.0), floor=0, terms=2)
    assert "$s_2$" in words(rc.plot_fit(fit).axes[1])
    few = STEPS[::9]
    figure = rc.plot_fit(rc.fit_exponents((few, few**-0.7), floor=0))
    rc.save_picture(figure, tmp_path / "few.png")


def test_a_floor_that_is_named_is_seen():
    early = STEPS[:25]
    upper = rc.plot_fit(rc.fit_exponents((early, 0.02 + early**-0.7), floor="0.02")).axes[0]
    assert "floor 0.02" in words(upper)
    assert upper.get_ylim()[0] < 0.02


def test_only_fits_are_drawn():
    with pytest.raises(InvalidInput, match="fit_exponents"):
        rc.plot_fit("fit")
