"""Pictures of cross-checks show both sides of every comparison and where its statistic must not go."""

from __future__ import annotations

import pytest

from riskcalc.agreement import CrossCheck, crosscheck
from riskcalc.agreement.comparison import Column, Comparison, Criterion, Power, Side, inconclusive
from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.exact import Exact
from riskcalc.plotting.cross_checks import plot_crosscheck
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.schedule import Constant

LEFT, RIGHT = Side(name="exact", claim="given sketch"), Side(name="simulation", claim="given sketch")
STEPS = (0, 10, 100)


def check(*comparisons: Comparison) -> CrossCheck:
    return CrossCheck(asked={}, level=1e-3, seed=0, comparisons=comparisons, controls=())


def comparison(columns, *, worst: float, bound: float) -> Comparison:
    return Comparison(
        rule="some rule",
        left=LEFT,
        right=RIGHT,
        steps=STEPS,
        columns=tuple(Column(name=name, values=values) for name, values in columns.items()),
        criteria=(Criterion(statistic="some statistic", worst=worst, step=10, bound=bound),),
        power=Power(reached=True, statement="enough"),
    )


def by_z_scores(worst: float) -> Comparison:
    columns = {
        "exact": (1.0, 0.5, 0.1),
        "sampled": (1.0, 0.51, 0.099),
        "standard error": (0.0, 0.01, 0.001),
        "z": (0.0, worst, -1.0),
    }
    return comparison(columns, worst=worst, bound=4.0)


def by_size() -> Comparison:
    columns = {"c": (0.0, 0.5, 0.6)}
    for size in (10, 20, 40):
        columns[f"exact, M={size}"] = columns[f"average, M={size}"] = (1.0, 0.5, 0.1)
        columns[f"gap*M, M={size}"] = columns[f"error of gap*M, M={size}"] = (0.0, 0.5, 0.6)
    return comparison(columns, worst=1.0, bound=18.0)


def labels(ax) -> list[str]:
    return ax.get_legend_handles_labels()[1]


def test_a_real_check():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b=3))
    run = Run(problem, model_size=10, schedule=Constant("1/5"), steps=100)
    found = crosscheck(run, methods=[Exact(seed=0)])
    left, right = plot_crosscheck(found).axes
    assert left.get_title(loc="left").endswith("passed")
    assert right.get_ylabel() == "digits"
    assert left.get_yscale() == "log"


def test_every_rule_has_its_statistic():
    figure = plot_crosscheck(check(by_z_scores(1.0), by_size()))
    sides, scores, curves, gaps = figure.axes
    assert labels(sides) == ["exact", "sampled"]
    assert scores.get_ylim() == (-5.2, 5.2)
    assert "beyond the bound 4.00" in labels(scores)
    assert {"exact, M=40", "average, M=10"} <= set(labels(curves))
    assert len(gaps.containers) == 3


def test_a_failure_is_red_and_in_the_frame():
    figure = plot_crosscheck(check(by_z_scores(1.0), by_z_scores(50.0)))
    good, _, bad, scores = figure.axes
    colours = [ax.title.get_color() if ax.get_title() else ax._left_title.get_color() for ax in (good, bad)]
    assert colours[0] != colours[1]
    assert bad.get_title(loc="left").endswith("FAILED")
    assert scores.get_ylim()[1] > 50


def test_comparisons_that_could_not_be_made_are_left_out():
    absent = inconclusive("some rule", left=LEFT, right=RIGHT, statement="unstable")
    assert len(plot_crosscheck(check(absent, by_z_scores(1.0))).axes) == 2
    with pytest.raises(InvalidInput, match="nothing to draw"):
        plot_crosscheck(check(absent))
