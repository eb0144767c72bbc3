"""Pictures of the decomposition: lines are the parts, stacked edges are their sums."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.plotting import plot_component_areas, plot_components

pytest.importorskip("matplotlib")

BIAS = np.array([1.0, 0.5, 0.1])
VARIANCE = np.array([0.0, 0.02, 0.03])


def _curve(**changes: Any) -> RiskCurve:
    parts: dict[str, Any] = {
        "steps": (0, 10, 100),
        "excess": 0.05 + BIAS + VARIANCE,
        "bias": BIAS,
        "variance": VARIANCE,
        "irreducible": 0.2,
        "approximation": 0.05,
        "claim": Claim.GIVEN_SKETCH,
        "warrant": Warrant.COMPUTED,
    }
    return RiskCurve(**(parts | changes))


def test_each_part_is_a_line_of_its_own_colour() -> None:
    (axes,) = plot_components(_curve()).axes
    lines = {line.get_label(): line for line in axes.lines}
    assert list(lines) == ["risk", "bias", "variance", "approximation", "irreducible"]
    assert axes.get_legend().get_title().get_text() == "given sketch, computed"
    np.testing.assert_array_equal(lines["bias"].get_ydata(), BIAS)
    np.testing.assert_array_equal(lines["variance"].get_ydata(), [np.nan, 0.02, 0.03])
    np.testing.assert_array_equal(lines["approximation"].get_ydata(), np.full(3, 0.05))
    np.testing.assert_array_equal(lines["irreducible"].get_ydata(), np.full(3, 0.2))
    np.testing.assert_array_equal(lines["risk"].get_ydata(), _curve().risk)
    assert len({line.get_color() for line in axes.lines}) == 5
    assert axes.get_ylim()[0] < 0.02


def test_parts_that_are_zero_are_left_out() -> None:
    for plot in (plot_components, plot_component_areas):
        (axes,) = plot(_curve(irreducible=0.0, variance=np.zeros(3), excess=0.05 + BIAS)).axes
        labels = axes.get_legend_handles_labels()[1]
        assert sorted(labels) == ["approximation", "bias", "risk"]


def test_stacked_areas_add_up_to_the_risk() -> None:
    (axes,) = plot_component_areas(_curve()).axes
    assert [area.get_label() for area in axes.collections] == [
        "bias",
        "variance",
        "approximation",
        "irreducible",
    ]
    tops = {}
    for area in axes.collections:
        corners = area.get_paths()[0].vertices
        tops[area.get_label()] = [corners[corners[:, 0] == step, 1].max() for step in (0, 10, 100)]
    np.testing.assert_allclose(tops["irreducible"], 0.2)
    np.testing.assert_allclose(tops["approximation"], 0.25)
    np.testing.assert_allclose(tops["variance"], 0.25 + VARIANCE)
    np.testing.assert_allclose(tops["bias"], _curve().risk)
    assert "stacked" in axes.get_ylabel()


def test_a_curve_without_parts_is_refused_with_the_way_out() -> None:
    sampled = _curve(bias=None, variance=None, warrant=Warrant.SAMPLED)
    for plot in (plot_components, plot_component_areas):
        with pytest.raises(InvalidInput, match="plot_curve"):
            plot(sampled)
        with pytest.raises(InvalidInput, match="one RiskCurve"):
            plot([_curve()])  # type: ignore[arg-type]
