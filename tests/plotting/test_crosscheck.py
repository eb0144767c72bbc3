"""The picture of a cross-check shows both sides, what decides between them, and the rejected controls."""

from __future__ import annotations

import pytest

from riskcalc import Constant, Exact, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.agreement import CrossCheck, Effort, crosscheck
from riskcalc.agreement.comparison import Side, inconclusive
from riskcalc.errors import InvalidInput
from riskcalc.plotting import save_picture
from riskcalc.plotting.crosscheck import nearest_controls, plot_crosscheck

SIDE = Side(name="exact", claim="given sketch, computed")


@pytest.fixture(scope="module")
def check() -> CrossCheck:
    problem = Problem(spectrum=PowerLaw(a="3/2", dimension=80), signal=PowerLawSignal(b=2))
    run = Run(problem, model_size=12, schedule=Constant("1/5"), steps=20)
    return crosscheck(run, effort=Effort(draws=1e6, fewest_runs=200, fewest_sketches=20, most_sketches=20))


def only(check: CrossCheck, *places: int) -> CrossCheck:
    comparisons = tuple(check.comparisons[place] for place in places)
    return CrossCheck(asked=check.asked, level=1e-3, seed=0, comparisons=comparisons, controls=check.controls)


def labels(ax) -> str:
    return "; ".join(text.get_text().replace("\n", " ") for text in ax.get_legend().get_texts())


def test_a_row_for_each_sampled_comparison_and_one_for_the_digits(check):
    sides, scores, curves, gaps, digits = plot_crosscheck(check).axes
    assert sides.get_title(loc="left").startswith("exact (given sketch, computed)\nagainst simulation")
    assert "sampled" in labels(sides)
    for ax, rule in ((scores, "z-scores"), (gaps, "gap like 1/M")):
        for control in nearest_controls(check, rule):
            assert f"{control.name}: {control.verdict}" in labels(ax)
    assert "equivalent, M=48" in labels(curves)
    assert "recursion step by step" in labels(digits)


def test_everything_lies_within_the_frame(check):
    _, scores, _, gaps, _ = plot_crosscheck(check).axes
    bound = check.comparisons[0].criteria[0].bound
    for ax, columns in (
        (scores, [control.column("z") for control in nearest_controls(check, "z-scores")]),
        (gaps, [control.column("gap*M, M=48") for control in nearest_controls(check, "gap like 1/M")]),
    ):
        low, high = ax.get_ylim()
        assert low < min(map(min, columns))
        assert high > max(map(max, columns))
    assert scores.get_ylim()[0] < -bound


def test_the_controls_drawn_are_those_that_came_nearest(check):
    drawn = nearest_controls(check, "z-scores")
    others = [one for one in check.controls if one.rule == "z-scores" and one not in drawn]
    assert len(drawn) == 4
    assert max(one.criteria[0].observed for one in drawn) <= min(one.criteria[0].observed for one in others)


def test_the_verdict_is_in_the_headline_and_in_its_colour(check):
    good = plot_crosscheck(only(check, 2))
    missing = inconclusive("z-scores", left=SIDE, right=SIDE, statement="unstable")
    unsure = CrossCheck(
        asked=check.asked, level=1e-3, seed=0, comparisons=(missing, check.comparisons[2]), controls=()
    )
    bad = plot_crosscheck(unsure)
    assert good.get_suptitle().startswith("cross-check: ")
    assert bad.get_suptitle().startswith("cross-check: NO POWER")
    assert len(bad.axes) == 1


def test_nothing_to_draw(check):
    missing = inconclusive("z-scores", left=SIDE, right=SIDE, statement="unstable")
    empty = CrossCheck(asked=check.asked, level=1e-3, seed=0, comparisons=(missing,), controls=())
    with pytest.raises(InvalidInput, match="nothing to draw"):
        plot_crosscheck(empty)


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_it_can_be_saved(check, tmp_path, ending):
    path = tmp_path / f"check.{ending}"
    save_picture(plot_crosscheck(check), path)
    assert path.stat().st_size > 10_000


def test_a_single_recorded_step():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=40), signal=PowerLawSignal(b=2))
    run = Run(problem, model_size=8, schedule=Constant("1/5"), steps=[7])
    (ax,) = plot_crosscheck(crosscheck(run, methods=[Exact()])).axes
    assert ax.get_ylabel() == "agreeing digits"
