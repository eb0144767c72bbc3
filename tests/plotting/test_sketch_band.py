"""The band of single sketches: where it lies, and what the line in it is."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.plotting import plot_components, plot_curve

pytest.importorskip("matplotlib")

CURVE = RiskCurve(
    steps=(1, 10, 100),
    excess=[1.0, 0.4, 0.1],
    bias=[0.9, 0.3, 0.02],
    variance=[0.08, 0.08, 0.06],
    irreducible=0.01,
    approximation=0.02,
    shift=[0.02, 0.01, 0.004],
    spread=[0.1, 0.06, 0.06],
    claim=Claim.AVERAGED_THROUGH_INVERSE_SIZE,
    warrant=Warrant.COMPUTED,
)


@pytest.mark.parametrize(("draw", "base"), [(plot_curve, 0.01), (plot_components, 0.01)])
def test_the_line_is_the_average_and_the_band_holds_single_sketches(draw, base):
    (axes,) = draw(CURVE).axes
    values = base + CURVE.excess + CURVE.shift
    assert any(np.allclose(line.get_ydata(), values) for line in axes.lines if len(line.get_ydata()) == 3)
    (band,) = axes.collections
    corners = band.get_paths()[0].vertices[:, 1]
    low, high = CURVE.interval("19/20")
    assert corners.max() == pytest.approx((base + high).max())
    # the last lower end would be below zero: there the band ends at a quarter of the line
    assert low[2] < 0 < corners.min() == pytest.approx(values[2] / 4)
    assert any("95 % of single sketches" in text.get_text() for text in axes.get_legend().get_texts())
    bottom, top = axes.get_ylim()
    assert bottom <= corners.min()
    assert top >= corners.max()


def test_a_curve_without_a_spread_has_no_band():
    from dataclasses import replace

    plain = replace(CURVE, shift=None, spread=None, claim=Claim.DETERMINISTIC_EQUIVALENT)
    assert not plot_curve(plain).axes[0].collections
