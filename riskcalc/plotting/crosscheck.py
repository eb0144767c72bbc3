"""A cross-check as one picture: what the two sides say, how far apart they are, and what was rejected.

A row for each sampled comparison: on the left the curves, on the right the statistic that decides with its bound, and
the negative controls that came nearest to it, which must leave the band. Below them, all comparisons by digits in one
panel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskcalc.agreement import Comparison, CrossCheck, NegativeControl
from riskcalc.curve.wording import in_one_line
from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import HEIGHT, WIDTH, axes_or_new, figure_of
from riskcalc.plotting.curves import BAR
from riskcalc.plotting.scales import drawable, dress, risk_axis, step_axis
from riskcalc.plotting.style import (
    BLACK,
    CURVE_COLOURS,
    CURVE_MARKERS,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
)
from riskcalc.quantity import Real, of_type

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SMALL = 7.5  # points
_ROW, _LOW_ROW = 0.72 * HEIGHT, 0.55 * HEIGHT
_CONTROL_COLOURS = (ORANGE, PURPLE, SKY, GREEN)
_APART = 1.05  # between the bars of two model sizes at the same step
_VERDICTS = {"passed": GREEN, "NO POWER": ORANGE}


def plot_crosscheck(check: CrossCheck) -> Figure:
    """Draw a cross-check; comparisons that could not be made are left out.

    Parameters
    ----------
    check : CrossCheck
        What `crosscheck` returns.

    Returns
    -------
    Figure
        Of matplotlib, drawn and not shown: `save_picture` writes it, a notebook shows it.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    MissingDependency
        If the package that is needed is not installed.

    Notes
    -----
    Valid: what it is given comes from the function that it names; needs the extra `plot`.

    Source: the rules of docs/crosscheck.md.

    Examples
    --------
    >>> from riskcalc import Constant, Exact, PowerLaw, PowerLawSignal, Problem, Run, crosscheck
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b=3))
    >>> run = Run(problem, model_size=10, schedule=Constant("1/5"), steps=1000)
    >>> bool(plot_crosscheck(crosscheck(run, methods=[Exact(seed=0)])).axes)
    True
    """
    of_type(check, CrossCheck, "check", "what crosscheck returns")
    made = [comparison for comparison in check.comparisons if comparison.steps]
    if not made:
        raise InvalidInput("there is nothing to draw: no comparison of this cross-check could be made")
    sampled = [one for one in made if _has(one, "z") or _has(one, "c")]
    by_digits = [one for one in made if _has(one, "digits")]
    heights = [_ROW] * len(sampled) + [_LOW_ROW] * bool(by_digits)
    figure = figure_of(axes_or_new(None))
    figure.clear()
    figure.set_size_inches(1.8 * WIDTH, sum(heights) + 0.5)
    grid = figure.add_gridspec(len(heights), 2, height_ratios=heights)
    for row, comparison in enumerate(sampled):
        controls = nearest_controls(check, comparison.rule)
        _draw_sides(figure.add_subplot(grid[row, 0]), comparison)
        right = figure.add_subplot(grid[row, 1])
        (_draw_z if _has(comparison, "z") else _draw_gaps)(right, comparison, controls)
    if by_digits:
        _draw_digits(figure.add_subplot(grid[-1, :]), by_digits)
    words = f"cross-check: {check.verdict}\n{in_one_line(check.asked)}"
    figure.suptitle(words, fontsize=9.5, x=0.01, ha="left", color=_VERDICTS.get(check.verdict, VERMILION))
    return figure


def nearest_controls(check: CrossCheck, rule: str) -> list[NegativeControl]:
    """The controls of a rule that are drawn, as many as there are colours: those nearest to being accepted."""
    own = [control for control in check.controls if control.rule == rule]
    own.sort(key=lambda control: max(one.observed / one.bound for one in control.criteria))
    return own[: len(_CONTROL_COLOURS)]


def _draw_sides(ax: Axes, comparison: Comparison) -> None:
    """The left side as lines, the sampled one as points with bars."""
    names = [column.name for column in comparison.columns]
    sizes = [name.removeprefix("average, ") for name in names if name.startswith("average, ")]
    pairs = [(f"{comparison.left.name}, {size}", f"average, {size}") for size in sizes] or [(names[0], names[1])]
    risk_axis(ax, [np.array(comparison.column(name)) for pair in pairs for name in pair], label="excess risk $E(t)$")
    step_axis(ax, [comparison])  # type: ignore[list-item]  # only its steps are read
    for place, (line, points) in enumerate(pairs):
        colour, marker = CURVE_COLOURS[place], CURVE_MARKERS[place]
        computed, values = np.array(comparison.column(line)), np.array(comparison.column(points))
        if _has(comparison, "standard error"):
            spread = np.array(comparison.column("standard error"))
        else:
            spread = computed * np.array(comparison.column(f"error of gap*M, {sizes[place]}")) / _size(sizes[place])
        ax.plot(comparison.steps, drawable(computed), color=colour, linewidth=1.6, label=line)
        ax.errorbar(
            comparison.steps,
            drawable(values),
            yerr=BAR * spread,
            fmt=marker,
            markersize=3.8,
            markerfacecolor="white",
            markeredgewidth=0.9,
            color=colour,
            elinewidth=1.0,
            zorder=3,
            label=f"{points} ($\\pm${BAR:.0f} s.e.)",
        )
    left, right = comparison.left, comparison.right
    title = f"{left.name} ({left.claim})\nagainst {right.name} ({right.claim}): {comparison.verdict}"
    _finish(ax, title, colour=_VERDICTS.get(comparison.verdict, VERMILION))
    ax.legend(loc="best", fontsize=_SMALL, framealpha=0.9, edgecolor="none")


def _draw_z(ax: Axes, comparison: Comparison, controls: list[NegativeControl]) -> None:
    step_axis(ax, [comparison])  # type: ignore[list-item]
    z, bound = np.array(comparison.column("z")), comparison.criteria[0].bound
    ax.plot(comparison.steps, z, "o", markersize=4.0, color=BLACK, label=f"z of {comparison.left.name}", zorder=4)
    ax.axhspan(-bound, bound, color=GREEN, alpha=0.12, linewidth=0, label=f"bound $\\pm${bound:.2f}")
    ax.axhline(0.0, color=GREY, linewidth=0.8)
    shown = [z]
    for colour, control in zip(_CONTROL_COLOURS, controls, strict=False):
        _draw_control(ax, control, control.column("z"), colour)
        shown.append(np.array(control.column("z")))
    _linear_up_to(ax, 1.2 * bound, [*shown, np.array([-bound, bound])])
    ax.set_ylabel("z (sampled $-$ computed)")
    _finish(ax, f"largest |z| {comparison.criteria[0].worst:.2f}, bound {bound:.2f}")
    _legend_beside(ax)


def _draw_gaps(ax: Axes, comparison: Comparison, controls: list[NegativeControl]) -> None:
    step_axis(ax, [comparison])  # type: ignore[list-item]
    ax.axhline(0.0, color=GREY, linewidth=0.8)
    names = [column.name for column in comparison.columns if column.name.startswith("gap*M, ")]
    shown = []
    for place, name in enumerate(names):
        gaps, spread = np.array(comparison.column(name)), BAR * np.array(comparison.column(f"error of {name}"))
        shown += [gaps - spread, gaps + spread]
        ax.errorbar(
            np.array(comparison.steps) * _APART ** (place - 1),
            gaps,
            yerr=spread,
            fmt=CURVE_MARKERS[place],
            markersize=3.8,
            color=CURVE_COLOURS[place],
            elinewidth=1.0,
            label=f"{name.removeprefix('gap*M, ')} ($\\pm${BAR:.0f} s.e.)",
        )
    ax.plot(comparison.steps, comparison.column("c"), color=BLACK, linewidth=1.2, label="fit: gap $= c/M$")
    reach = max(float(np.abs(edge).max()) for edge in shown)
    for colour, control in zip(_CONTROL_COLOURS, controls, strict=False):
        values = control.column(names[-1])
        shown.append(np.array(values))
        _draw_control(ax, control, values, colour, at=f", {names[-1].removeprefix('gap*M, ')}")
    _linear_up_to(ax, reach, shown)
    ax.set_ylabel("$M$ (average/equivalent $- 1$)")
    fit, spreads = comparison.criteria
    _finish(
        ax,
        f"largest $\\chi^2$ of a fit {fit.worst:.1f} (bound {fit.bound:.1f}), "
        f"largest gap {spreads.worst:.2f} spreads (bound {spreads.bound:.2f})",
    )
    _legend_beside(ax)


def _draw_digits(ax: Axes, comparisons: list[Comparison]) -> None:
    step_axis(ax, comparisons)  # type: ignore[arg-type]
    required = max(comparison.criteria[0].bound for comparison in comparisons)
    for place, comparison in enumerate(comparisons):
        ax.plot(
            comparison.steps,
            comparison.column("digits"),
            CURVE_MARKERS[place] + "-",
            markersize=3.5,
            linewidth=1.0,
            color=CURVE_COLOURS[place],
            label=f"{comparison.left.name} against\n{comparison.right.name}: {comparison.verdict}",
        )
    ax.axhspan(0, required, color=VERMILION, alpha=0.12, linewidth=0, label=f"fewer than {required:g}")
    ax.set_ylim(0, 17)
    ax.set_yticks(range(0, 17, 4))
    ax.set_ylabel("agreeing digits")
    agree = all(comparison.passed for comparison in comparisons)
    _finish(ax, "deterministic on both sides", colour=GREEN if agree else VERMILION)
    _legend_beside(ax)


def _draw_control(
    ax: Axes, control: NegativeControl, values: tuple[float, ...], colour: str, *, at: str = ""
) -> None:
    label = f"control{at}:\n{control.name}: {control.verdict}"
    ax.plot(control.steps, values, "--", color=colour, linewidth=1.3, label=label)


def _linear_up_to(ax: Axes, linear: float, shown: list[Real]) -> None:
    """A scale that is linear where agreement is judged, and logarithmic for what lies far beyond."""
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = 1.2 * min(float(values.min()) for values in shown), 1.2 * max(float(values.max()) for values in shown)
    if max(-low, high) > 3 * linear:
        ax.set_yscale("symlog", linthresh=linear, linscale=2.0)
        sizes = [digit * 10.0**power for power in range(-3, 13) for digit in (1, 2, 5)]
        ticks = [size for size in sizes if linear / 5 <= size <= max(-low, high)]
        ax.yaxis.set_major_locator(FixedLocator([0.0, *ticks, *(-tick for tick in ticks)]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.yaxis.set_minor_locator(NullLocator())
    ax.set_ylim(low, high)


def _legend_beside(ax: Axes) -> None:
    handles, labels = ax.get_legend_handles_labels()
    # matplotlib lists bars after lines; the controls come last here
    order = sorted(range(len(labels)), key=lambda place: labels[place].startswith("control"))
    ax.legend(
        [handles[place] for place in order],
        [labels[place] for place in order],
        loc="upper left",
        bbox_to_anchor=(1.01, 1.02),
        fontsize=_SMALL,
        frameon=False,
        labelspacing=0.7,
    )


def _finish(ax: Axes, title: str, *, colour: str = GREY) -> None:
    dress(ax)
    ax.tick_params(labelsize=_SMALL)
    ax.set_title(title, loc="left", fontsize=8, color=colour)


def _size(label: str) -> int:
    return int(label.removeprefix("M="))


def _has(comparison: Comparison, name: str) -> bool:
    return any(column.name == name for column in comparison.columns)
