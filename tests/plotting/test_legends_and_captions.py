"""Legends cover nothing, captions say what was asked and are not cut, and every curve can be told from the others."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.curve import Claim, Warrant

pytest.importorskip("matplotlib")

STEPS = tuple(int(step) for step in np.unique(np.geomspace(1, 1e5, 40).round()))


def curve(floor=0.01, *, rate=0.5, batch=1, size=100, a="2", **changes):
    decay = np.array(STEPS, dtype=float) ** -rate
    parts = {
        "steps": STEPS,
        "excess": floor + decay,
        "bias": decay,
        "variance": np.zeros(len(STEPS)),
        "irreducible": 0.0,
        "approximation": floor,
        "claim": Claim.DETERMINISTIC_EQUIVALENT,
        "warrant": Warrant.COMPUTED,
        "asked": {"a": a, "b": "3", "dimension": None, "model_size": size, "noise": "0", "batch_size": batch},
    }
    return rc.RiskCurve(**(parts | changes))


def crossing():
    """Curves that leave no corner free."""
    return [curve(10.0**-place, rate=0.1 + place / 8, size=place) for place in range(1, 15)]


def covered(figure):
    """Points of lines under the legend, in a picture that is drawn."""
    (ax,) = figure.axes
    figure.draw_without_rendering()
    box = ax.get_legend().get_window_extent()
    found = 0
    for line in ax.lines:
        x, y = np.array(line.get_xdata(), dtype=float), np.array(line.get_ydata(), dtype=float)
        if len(x) > 2:
            fine = np.geomspace(1, 1e5, 4000)
            heights = np.exp(np.interp(np.log(fine), np.log(x), np.log(y)))
            points = ax.transData.transform(np.stack([fine, heights], axis=1))
            found += int(box.count_contains(points))
    return found


@pytest.mark.parametrize("curves", [crossing(), [curve()], [curve(), curve(rate=0.1, size=3)]], ids=["14", "1", "2"])
def test_a_legend_covers_no_curve(curves):
    figure = rc.plot_curve(curves)
    assert covered(figure) == 0
    box = figure.axes[0].get_legend().get_window_extent()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width + 1


def test_a_legend_that_would_cover_stands_beside():
    figure = rc.plot_curve(crossing())
    (ax,) = figure.axes
    assert ax.get_legend().get_window_extent().x0 >= ax.get_window_extent().x1
    figure = rc.plot_curve(curve())
    assert ax.get_legend().get_window_extent().x1 > 0
    (ax,) = figure.axes
    assert ax.get_legend().get_window_extent().x1 <= ax.get_window_extent().x1


def lines_of(figure):
    return [line for line in figure.axes[0].lines if len(line.get_xdata()) > 2]


def test_batches_are_told_by_line_style_and_problems_by_colour():
    given = [curve(a=a, batch=batch) for a in ("2", "3") for batch in (1, 16)]
    first, second, third, fourth = lines_of(rc.plot_curve(given))
    assert first.get_color() == second.get_color() != third.get_color() == fourth.get_color()
    assert first.get_linestyle() == third.get_linestyle() != second.get_linestyle() == fourth.get_linestyle()


def test_schedules_are_told_by_line_style_where_sizes_are_told_by_colour():
    problem = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal(3))

    def curves(*averages):
        same = {"step_size": "1/5", "steps": [1, 10, 100]}
        return [
            rc.risk(rc.Run(problem, model_size=size, schedule=word, averaging=mean, **same))
            for size in (10, 100)
            for word in ("constant", "multistep:1/2")
            for mean in averages
        ]

    first, second, third, fourth = lines_of(rc.plot_curve(curves("last")))
    assert first.get_color() == second.get_color() != third.get_color() == fourth.get_color()
    assert first.get_linestyle() == third.get_linestyle() != second.get_linestyle() == fourth.get_linestyle()
    alone = lines_of(rc.plot_curve(curves("last")[:2]))  # what differs alone has its own colour
    assert alone[0].get_color() != alone[1].get_color()
    looks = {(line.get_color(), line.get_linestyle()) for line in lines_of(rc.plot_curve(curves("last", "iterates")))}
    assert len(looks) == 8


def test_no_two_of_many_curves_look_alike():
    looks = [(line.get_color(), line.get_linestyle()) for line in lines_of(rc.plot_curve(crossing()))]
    assert len(set(looks)) == 14


def floors_of(figure):
    return {float(line.get_ydata()[0]): line for line in figure.axes[0].lines if len(line.get_xdata()) == 2}


def test_floors_belong_to_their_curves():
    figure = rc.plot_curve([curve(0.01, size=10), curve(0.02, size=20)])
    lines, floors = lines_of(figure), floors_of(figure)
    assert [floors[level].get_color() for level in (0.01, 0.02)] == [line.get_color() for line in lines]
    shared = floors_of(rc.plot_curve([curve(0.01, size=10), curve(0.01, rate=0.6, size=20)]))
    assert shared[0.01].get_color() not in [line.get_color() for line in lines]
    many = floors_of(rc.plot_curve(crossing()))
    assert min(line.get_xdata()[0] for line in many.values()) > 0.9


def test_a_curve_that_diverges_says_so_and_flattens_no_other():
    steps = np.array(STEPS, dtype=float)
    with np.errstate(over="ignore"):
        grown = np.exp(np.minimum(steps, 900.0))
    away = curve(excess=grown, bias=grown - 0.01, size=7)
    figure = rc.plot_curve([curve(), away])
    words = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert "diverges" in words[1]
    assert "diverges" not in words[0]
    assert figure.axes[0].get_ylim()[1] < 1e7
    assert "diverges" in " ".join(text.get_text() for text in away.plot().axes[0].get_legend().get_texts())


def test_labels_that_are_the_same_are_numbered():
    words = [text.get_text() for text in rc.plot_curve([curve(), curve()]).axes[0].get_legend().get_texts()]
    assert words[0] != words[1]
    named = rc.plot_curve([curve(), curve()], labels=["mine", "mine"]).axes[0].get_legend().get_texts()
    assert [text.get_text() for text in named][:2] == ["mine (1)", "mine (2)"]


def test_a_long_caption_is_broken_and_not_cut():
    problem = rc.Problem(spectrum=rc.PowerLaw("123/100"), signal=rc.PowerLawSignal("321/100"), noise="1/100")
    schedule = rc.Warmup(rc.WarmupStableDecay("1/5", "1/5", floor="1/10", shape="cosine"), fraction="1/20")
    averaging = rc.TailAverage("1/2")
    asked = rc.Run(problem, model_size=10**6, batch_size=16, schedule=schedule, steps=10**6, averaging=averaging)
    figure = rc.plot_curve(curve(asked=asked.describe()))
    figure.draw_without_rendering()
    ax = figure.axes[0]
    (title,) = [text for text in (ax._left_title,) if text.get_text()]
    for said in ("a = ", "b = ", "M = ", "B = 16", r"\sigma^2 = ", "N = "):
        assert said in title.get_text()
    assert "\n" in title.get_text()
    box = title.get_window_extent()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width
    assert box.y1 <= figure.bbox.height


@pytest.fixture(scope="module")
def diagram():
    return rc.phase_diagram(paper_letters=False)


def test_boundaries_of_the_allocation_exponent_are_where_they_are(diagram):
    figure = rc.plot_allocation_exponent(diagram, a="3/2")
    places = [line.get_xdata()[0] for line in figure.axes[0].lines if list(line.get_ydata()) == [0, 1]]
    assert places == [2.5, 3.0]
    assert "no label noise" in figure.axes[0].get_title(loc="left")


def test_on_a_boundary_of_the_diagram_the_whole_range_is_drawn(diagram):
    figure = rc.plot_allocation_exponent(diagram, a="1/2")
    ends = sorted(end for line in lines_of(figure) for end in (line.get_xdata()[0], line.get_xdata()[-1]))
    assert ends == [1.0, 1.5, 1.5, 2.5]
    top = max(max(line.get_ydata()) for line in lines_of(figure))
    assert top < figure.axes[0].get_ylim()[1]
    assert "boundary of the diagram" in figure.axes[0].get_title(loc="left")


def test_a_range_without_a_phase_is_refused(diagram):
    with pytest.raises(rc.errors.InvalidInput, match="give another range"):
        rc.plot_allocation_exponent(diagram, a="3/2", b=("-2", "1/2"))


def test_a_diagram_says_what_was_asked_and_takes_four_numbers(diagram):
    pairs = rc.plot_phases(diagram, window=((0, 2), (1, 4)))
    numbers = rc.plot_phases(diagram, window=(0, 2, 1, 4))
    assert pairs.axes[0].get_xlim() == numbers.axes[0].get_xlim() == (0, 2)
    assert "constant schedule, no label noise" in pairs.get_suptitle()
    pairs.draw_without_rendering()
    inside = pairs.axes[0].get_window_extent().padded(1)
    names = [text for text in pairs.axes[0].texts if text.get_rotation() == 90]
    assert all(inside.contains(*corner) for text in names for corner in text.get_window_extent().get_points())


def test_a_figure_of_the_users_keeps_its_size():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 4), layout="constrained")
    ax = figure.add_subplot()
    assert rc.plot_curve(crossing(), ax=ax) is figure
    assert figure.get_figwidth() == 5
