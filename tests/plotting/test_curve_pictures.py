"""Pictures of whole curves: what is drawn is what was computed, and the legend says what it claims."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings, strategies as st

from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.errors import InvalidInput, MissingDependency, RiskcalcError
from riskcalc.plotting import plot_component_areas, plot_components, plot_curve

pytest.importorskip("matplotlib")

STEPS = (0, 1, 10, 100, 1000)


def _curve(**changes: Any) -> RiskCurve:
    parts: dict[str, Any] = {
        "steps": STEPS,
        "excess": np.array([1.0, 0.8, 0.3, 0.1, 0.05]),
        "irreducible": 0.01,
        "approximation": 0.02,
        "claim": Claim.DETERMINISTIC_EQUIVALENT,
        "warrant": Warrant.COMPUTED,
        "asked": {"a": "2", "b": "17/5", "dimension": None, "model_size": "1000", "noise": "1/100"},
    }
    return RiskCurve(**(parts | changes))


SAMPLED = _curve(
    claim=Claim.GIVEN_SKETCH,
    warrant=Warrant.SAMPLED,
    standard_error=np.array([0.1, 0.05, 0.01, 0.004, 0.002]),
)


def _axes(figure: Any) -> Any:
    (axes,) = figure.axes
    return axes


def _legend(figure: Any) -> list[str]:
    return [text.get_text() for text in _axes(figure).get_legend().get_texts()]


def test_a_computed_curve_is_a_line_through_its_risk_on_log_axes() -> None:
    figure = plot_curve(_curve())
    axes = _axes(figure)
    line = axes.lines[0]
    assert tuple(line.get_xdata()) == STEPS
    np.testing.assert_array_equal(line.get_ydata(), _curve().risk)
    assert axes.get_yscale() == "log"
    assert axes.get_xlabel()
    assert "risk" in axes.get_ylabel()
    assert _legend(figure) == [
        "deterministic equivalent, computed",
        "irreducible",
        "irreducible + approximation",
    ]
    assert "a = 2" in axes.get_title("left")
    assert r"v = \infty" in axes.get_title("left")


def test_horizontal_lines_stand_at_the_irreducible_risk_and_at_the_floor() -> None:
    levels = [line.get_ydata()[0] for line in _axes(plot_curve(_curve())).lines[1:]]
    assert levels == [0.01, 0.01 + 0.02]
    noiseless = plot_curve(_curve(irreducible=0.0))
    assert [line.get_ydata()[0] for line in _axes(noiseless).lines[1:]] == [0.02]
    assert _legend(noiseless)[1:] == ["approximation"]


def test_a_floor_far_below_the_curve_does_not_flatten_it() -> None:
    figure = plot_curve(_curve(irreducible=0.0, approximation=1e-12))
    assert len(_axes(figure).lines) == 1
    assert _axes(figure).get_ylim()[0] > 1e-3


def test_a_flat_curve_far_above_its_floor_is_labelled_in_powers_of_ten() -> None:
    flat = _curve(excess=np.array([1.05, 1.04, 1.02, 1.01, 1.0]), irreducible=0.0, approximation=0.011)
    (axes,) = plot_curve(flat).axes
    low, high = axes.get_ylim()
    ticks = [tick for tick in axes.get_yticks() if low <= tick <= high]
    np.testing.assert_allclose(np.log10(ticks), np.round(np.log10(ticks)), atol=1e-9)
    assert len(ticks) >= 2


def test_a_short_range_is_labelled_with_plain_numbers() -> None:
    flat = _curve(excess=np.array([1.05, 1.04, 1.02, 1.01, 1.0]), irreducible=0.0, approximation=0.0)
    figure = plot_curve(flat)
    figure.get_tightbbox()
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert len({float(label) for label in labels}) >= 4


def test_the_excess_alone_may_be_drawn() -> None:
    figure = plot_curve(_curve(), excess=True)
    np.testing.assert_array_equal(_axes(figure).lines[0].get_ydata(), _curve().excess)
    assert [line.get_ydata()[0] for line in _axes(figure).lines[1:]] == [0.02]
    assert "excess" in _axes(figure).get_ylabel()


def test_a_sampled_curve_is_points_with_bars_of_two_standard_errors() -> None:
    figure = plot_curve(SAMPLED)
    (container,) = _axes(figure).containers
    points, _, (bars,) = container.lines
    assert points.get_linestyle() == "None"
    assert points.get_marker() != "None"
    for (bottom, top), risk, error in zip(
        bars.get_segments(), SAMPLED.risk, SAMPLED.standard_error, strict=True
    ):
        assert bottom[1] == pytest.approx(risk - 2 * error)
        assert top[1] == pytest.approx(risk + 2 * error)
    assert "given sketch, sampled" in _legend(figure)[0]
    assert "2 standard errors" in _legend(figure)[0]
    low, high = _axes(figure).get_ylim()
    assert low < (SAMPLED.risk - 2 * SAMPLED.standard_error).min()
    assert high > (SAMPLED.risk + 2 * SAMPLED.standard_error).max()


def test_a_sampled_curve_without_errors_promises_none() -> None:
    figure = plot_curve(_curve(warrant=Warrant.SAMPLED))
    assert "standard errors" not in _legend(figure)[0]


def test_an_average_over_sketches_is_a_line_in_a_band() -> None:
    averaged = _curve(claim=Claim.AVERAGED_OVER_SKETCHES, standard_error=np.full(5, 0.01))
    figure = plot_curve(averaged)
    (band,) = _axes(figure).collections
    edges = band.get_paths()[0].vertices[:, 1]
    assert edges.max() == pytest.approx(averaged.risk.max() + 0.02)
    assert "averaged over sketches, computed" in _legend(figure)[0]


def test_curves_of_different_claims_differ_in_colour_and_line_and_keep_their_claims() -> None:
    figure = plot_curve([_curve(), _curve(claim=Claim.GIVEN_SKETCH), SAMPLED])
    first, second = _axes(figure).lines[:2]
    assert first.get_color() != second.get_color()
    assert first.get_linestyle() != second.get_linestyle()
    assert [label.split(" (")[0] for label in _legend(figure)[:3]] == [
        "deterministic equivalent, computed",
        "given sketch, computed",
        "given sketch, sampled",
    ]


def test_curves_of_one_claim_are_told_apart_by_what_was_asked() -> None:
    family = [_curve(asked={"a": "2", "model_size": size}) for size in ("10", "1000000000000")]
    figure = plot_curve(family)
    assert _legend(figure)[:2] == ["$M = 10$", "$M = 10^{12}$"]
    assert _axes(figure).get_legend().get_title().get_text() == "deterministic equivalent, computed"
    assert _axes(figure).get_title("left") == "$a = 2$"


def test_curves_of_one_claim_and_question_are_told_apart_by_their_method() -> None:
    labels = _legend(plot_curve([_curve(method={"name": "contour"}), _curve(method={"name": "recursion"})]))
    assert labels[0] != labels[1]
    assert "contour" in labels[0]


def test_own_labels_keep_the_claims() -> None:
    labels = _legend(plot_curve([_curve(), SAMPLED], labels=["theory", "simulation"]))
    assert labels[0] == "theory: deterministic equivalent, computed"
    assert labels[1].startswith("simulation: given sketch, sampled")
    with pytest.raises(InvalidInput, match="1 labels for 2 curves"):
        plot_curve([_curve(), SAMPLED], labels=["theory"])


def test_step_zero_has_a_place_left_of_a_break_and_is_absent_where_it_was_not_recorded() -> None:
    with_zero = _axes(plot_curve(_curve()))
    assert with_zero.get_xlim()[0] < 0
    assert [text.get_text() for text in with_zero.texts] == ["//"]
    without = _axes(plot_curve(_curve(steps=(1, 2, 10, 100, 1000))))
    assert without.get_xscale() == "log"
    assert without.get_xlim()[0] > 0
    assert not without.texts


def test_infinite_values_of_a_forced_run_are_left_out() -> None:
    figure = plot_curve(_curve(excess=np.array([1.0, 10.0, 100.0, math.inf, math.inf])))
    np.testing.assert_array_equal(np.isnan(_axes(figure).lines[0].get_ydata()), [False] * 3 + [True] * 2)
    assert _axes(figure).get_ylim()[1] < 1e3


def test_a_caller_may_give_the_axes() -> None:
    from matplotlib.figure import Figure

    own = Figure()
    left, right = own.subplots(1, 2)
    assert plot_curve(_curve(), ax=right) is own
    assert right.lines
    assert not left.lines


@pytest.mark.parametrize("curves", [[], None, "curve", [1], [_curve(), None]])
def test_what_is_no_curve_is_refused(curves: Any) -> None:
    with pytest.raises(InvalidInput, match="RiskCurve"):
        plot_curve(curves)


def test_a_curve_with_nothing_to_draw_is_refused() -> None:
    with pytest.raises(InvalidInput, match="nothing to draw"):
        plot_curve(_curve(excess=np.zeros(5), irreducible=0.0))


def test_without_matplotlib_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("matplotlib", "matplotlib.figure", "matplotlib.backends.backend_agg"):
        monkeypatch.setitem(sys.modules, name, None)
    for plot in (plot_curve, plot_components, plot_component_areas):
        with pytest.raises(MissingDependency, match=r'pip install "riskcalc-sgd\[plot\]"'):
            plot(_curve(bias=np.ones(5), variance=np.ones(5)))


def test_importing_loads_no_matplotlib_and_drawing_never_its_global_state() -> None:
    script = """
import sys
import numpy as np
from riskcalc.curve import Claim, RiskCurve, Warrant
from riskcalc.plotting import plot_curve
assert "matplotlib" not in sys.modules
curve = RiskCurve(steps=(0, 1), excess=np.array([1.0, 0.5]), irreducible=0.0, approximation=0.0,
                  claim=Claim.GIVEN_SKETCH, warrant=Warrant.COMPUTED)
plot_curve(curve)
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, capture_output=True, text=True)


@pytest.mark.slow
@settings(deadline=None, max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(
    steps=st.sets(st.integers(0, 10**18), min_size=1, max_size=5),
    data=st.data(),
    warrant=st.sampled_from([Warrant.COMPUTED, Warrant.SAMPLED]),
)
def test_any_curve_is_drawn_or_refused_with_the_packages_own_error(
    steps: set[int], data: st.DataObject, warrant: Warrant
) -> None:
    def series() -> np.ndarray:
        return np.array(data.draw(st.lists(st.floats(0, math.inf), min_size=len(steps), max_size=len(steps))))

    curve = RiskCurve(
        steps=tuple(sorted(steps)),
        excess=series(),
        bias=series(),
        variance=series(),
        irreducible=data.draw(st.floats(0, 10)),
        approximation=data.draw(st.floats(0, 10)),
        claim=Claim.GIVEN_SKETCH,
        warrant=warrant,
        standard_error=data.draw(st.sampled_from([None, np.ones(len(steps)), np.full(len(steps), math.inf)])),
    )
    for plot in (plot_curve, plot_components, plot_component_areas):
        try:
            figure = plot(curve)
        except RiskcalcError:
            continue
        figure.get_tightbbox()  # lays out every text and tick, without the cost of drawing pixels


def test_the_floor_is_drawn_once_and_told():
    """At every step the lowest mean risk on so many samples; one line under curves that share problem and batch."""
    import riskcalc as rc

    floor = [line for line in _axes(plot_curve([_curve(), SAMPLED], floor=True)).lines if line.get_alpha() == 0.7]
    assert len(floor) == 1
    problem = rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.PowerLawSignal("17/5"), noise="1/100")
    expected = [rc.bayes_risk(problem, samples=step).risk for step in STEPS[1:]]
    assert list(floor[0].get_ydata())[1:] == pytest.approx(expected, rel=1e-12)
    assert "no algorithm is below, over the prior" in _legend(plot_curve(_curve(), floor=True))
    above = [line for line in _axes(plot_curve(_curve(), floor=True, excess=True)).lines if line.get_alpha() == 0.7]
    assert above[0].get_ydata()[1:] == pytest.approx([level - 0.01 for level in expected], rel=1e-9)


def test_a_curve_that_does_not_say_its_problem_has_no_floor():
    with pytest.raises(InvalidInput, match="nothing is said of the spectrum"):
        plot_curve(_curve(asked={}), floor=True)
