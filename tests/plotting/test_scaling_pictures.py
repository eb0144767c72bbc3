"""Pictures of phases and of the compute frontier: what is drawn is what was derived."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.allocation import isoflops
from riskcalc.errors import InvalidInput
from riskcalc.plotting import plot_frontier, plot_loss_surface, plot_phases
from riskcalc.plotting.phase_map import boundary_lines, phase_map
from riskcalc.plotting.style import GREY

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def diagram(phases: Any) -> Any:
    return phases


def test_the_map_holds_the_derived_exponents(diagram):
    drawn = phase_map(diagram, window=(0.0, 1.5, 0.0, 1.5), points=60)
    inside = drawn.x + drawn.y > 0.5
    np.testing.assert_array_equal(drawn.phase >= 0, inside)
    names = np.array([phase.name for phase in diagram.phases])
    third = (drawn.x > 0.5) & (drawn.y > drawn.x)
    assert set(names[drawn.phase[third]]) == {"III"}
    np.testing.assert_allclose(drawn.loss[third], 1 - 1 / (4 * drawn.x[third]))


def test_boundaries_are_drawn_where_they_separate_and_only_there(diagram):
    drawn = phase_map(diagram, window=(0.0, 1.5, 0.0, 1.5), points=60)
    lines = {label: np.concatenate(pieces) for label, pieces in boundary_lines(drawn)}
    assert len(lines) == 5
    assert lines[r"\beta = \alpha"].min() == pytest.approx(0.5, abs=0.01)  # not below alpha = 1/2
    assert lines[r"\alpha = \frac{1}{4}"][:, 1].min() == pytest.approx(0.5, abs=0.01)  # not below beta = 1/2
    assert lines[r"\beta = \frac{1}{2}"][:, 0].min() == pytest.approx(0.0, abs=0.01)


def test_the_phase_picture_names_phases_and_boundaries(diagram):
    figure = plot_phases(diagram)
    axes = figure.axes[0]
    words = " ".join(text.get_text() for text in axes.texts)
    for name in ("Ia", "Ib", "Ic", "II", "III", "IVa", "IVb", "no\npower law", r"\sqrt{2}/2", "= 1/4"):
        assert name in words


def test_labels_do_not_overlap(diagram):
    from matplotlib.text import Text

    figure = plot_phases(diagram)
    figure.canvas.draw()
    boxes = [Text.get_window_extent(text) for text in figure.axes[0].texts]  # without the lines of annotations
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(other.shrunk(0.9, 0.9)) for other in boxes[place + 1 :])


def test_the_surface_names_phases(diagram):
    (axes,) = plot_loss_surface(diagram).axes
    assert {text.get_text() for text in axes.texts} >= {"Ia", "II", "III", "IVa"}


def test_the_frontier_marks_each_optimum_and_the_derived_slope():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="7/2"))
    curves = isoflops(problem, budgets=["1e6", "1e8"], points=7, step_size="3/10")
    (axes,) = plot_frontier(curves).axes
    optima = next(line for line in axes.lines if line.get_marker() == "o")
    np.testing.assert_allclose(optima.get_xdata(), [curve.optimum.model_size for curve in curves])
    x, y = next(line for line in axes.lines if line.get_linestyle() == "--").get_data()
    assert np.log(y[1] / y[0]) / np.log(x[1] / x[0]) == pytest.approx(-5 / 3)
    assert "10^{8}" in " ".join(text.get_text() for text in axes.texts)
    with pytest.raises(InvalidInput, match="isoFLOP"):
        plot_frontier([])


def test_labels_of_narrow_phases_stay_inside_the_axes():
    """The triangle a < 1, b < a + 1 is narrow, and its label lies in it."""
    figure = plot_phases(rc.phase_diagram(noise=1, schedule="geometric", step_size="free", paper_letters=False))
    figure.canvas.draw()
    (axes, _) = figure.axes
    frame = axes.get_window_extent()
    labels = [text for text in axes.texts if "noise" in text.get_text()]
    assert len(labels) == 6
    for text in labels:
        box = text.get_window_extent()
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1
        assert frame.y0 <= box.y0 < box.y1 <= frame.y1


def test_a_label_that_fits_nowhere_stays_inside_the_picture():
    diagram = rc.phase_diagram(noise=1, schedule="cosine", budget="data", paper_letters=False)
    figure = plot_phases(diagram)  # the phase below a = 1/2 and b = a + 1 is smaller than its balance
    figure.draw_without_rendering()
    (axes, _) = figure.axes
    box = axes.get_window_extent()
    upright = [text.get_window_extent() for text in axes.texts if text.get_rotation() == 90]
    assert len(upright) >= 3
    assert all(box.y0 <= one.y0 < one.y1 <= box.y1 for one in upright)


def test_no_curve_is_drawn_where_a_condition_follows_from_others():
    """DANA: a memory long enough asks for nothing beyond a > 1 and b > 1 where its coefficients are positive there."""
    diagram = rc.phase_diagram(optimiser="dana-decaying:delta=1/10,memory=40", paper_letters=False)
    figure = plot_phases(diagram)
    grey = [line.get_xdata() for line in figure.axes[0].lines if line.get_color() == GREY]
    upright = [x for x in grey if np.ptp(x) < 0.01]
    assert upright
    assert all(x.min() > 0.98 for x in upright)
    assert "not\nderived" in {text.get_text() for text in figure.axes[0].texts}


def test_a_window_outside_the_domain_is_refused(diagram):
    with pytest.raises(InvalidInput, match="no point of the domain"):
        plot_phases(diagram, window=(-3, -1, -5, 0))
