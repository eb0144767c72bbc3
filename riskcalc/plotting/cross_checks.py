"""A cross-check as a picture: for each comparison its two sides, and the statistic that decides, with its bound."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.agreement import Comparison, CrossCheck
from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import WIDTH, axes_or_new, figure_of
from riskcalc.plotting.curves import BAR
from riskcalc.plotting.scales import drawable, dress, risk_axis, step_axis
from riskcalc.plotting.style import CURVE_COLOURS, CURVE_MARKERS, GREEN, GREY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROW = 2.9  # inches
_SMALL = 7.5  # points


def plot_crosscheck(check: CrossCheck) -> Figure:
    """One row a comparison: on the left what both sides say, on the right how far they are apart, step by step.

    Shaded is where the statistic must not go. Comparisons that could not be made are left out.
    """
    made = [comparison for comparison in check.comparisons if comparison.steps]
    if not made:
        raise InvalidInput("there is nothing to draw: no comparison of this cross-check could be made")
    figure = figure_of(axes_or_new(None))
    figure.clear()
    figure.set_size_inches(1.5 * WIDTH, _ROW * len(made))
    for (left, right), comparison in zip(figure.subplots(len(made), 2, squeeze=False), made, strict=True):
        _draw_sides(left, comparison)
        _draw_statistic(right, comparison)
        title = f"{comparison.left.name} against {comparison.right.name}: {comparison.verdict}"
        left.set_title(title, loc="left", fontsize=9, color=GREEN if comparison.passed else VERMILION)
        for ax in (left, right):
            dress(ax)
            ax.tick_params(labelsize=_SMALL)
            ax.legend(fontsize=_SMALL, framealpha=0.9, edgecolor="none")
    return figure


def _draw_sides(ax: Axes, comparison: Comparison) -> None:
    names = [column.name for column in comparison.columns]
    sizes = [name.removeprefix("average, ") for name in names if name.startswith("average, ")]
    if sizes:
        pairs = [(f"{comparison.left.name}, {size}", f"average, {size}") for size in sizes]
    else:
        pairs = [(names[0], names[1])]
    series = [np.array(comparison.column(name)) for pair in pairs for name in pair]
    risk_axis(ax, series, label="excess risk")
    step_axis(ax, [comparison])  # type: ignore[list-item]  # only its steps are read
    for place, (line, points) in enumerate(pairs):
        colour, marker = CURVE_COLOURS[place], CURVE_MARKERS[place]
        ax.plot(comparison.steps, drawable(np.array(comparison.column(line))), color=colour, label=line)
        spread = BAR * np.array(comparison.column("standard error")) if "standard error" in names else None
        values = drawable(np.array(comparison.column(points)))
        ax.errorbar(
            comparison.steps,
            values,
            yerr=spread,
            fmt=marker,
            markersize=4.0,
            markerfacecolor="none",
            color=colour,
            label=points,
        )


def _draw_statistic(ax: Axes, comparison: Comparison) -> None:
    step_axis(ax, [comparison])  # type: ignore[list-item]
    names = {column.name for column in comparison.columns}
    kinds: dict[str, Callable[[Axes, Comparison], None]] = {
        "z": _draw_z,
        "digits": _draw_digits,
        "c": _draw_gaps,
    }
    for name, draw in kinds.items():
        if name in names:
            draw(ax, comparison)


def _draw_z(ax: Axes, comparison: Comparison) -> None:
    z, bound = np.array(comparison.column("z")), comparison.criteria[0].bound
    reach = 1.3 * max(bound, float(np.abs(z[np.isfinite(z)]).max(initial=0.0)))
    ax.axhline(0.0, color=GREY, linewidth=0.8)
    ax.plot(
        comparison.steps,
        z,
        "o",
        markersize=4.0,
        color=CURVE_COLOURS[0],
        label="difference in standard errors",
    )
    ax.set_ylim(-reach, reach)
    _shade(ax, bound, reach, label=f"beyond the bound {bound:.2f}")
    _shade(ax, -reach, -bound)
    ax.set_ylabel("$z$")


def _draw_digits(ax: Axes, comparison: Comparison) -> None:
    required = comparison.criteria[0].bound
    ax.plot(
        comparison.steps,
        comparison.column("digits"),
        "o-",
        markersize=3.5,
        color=CURVE_COLOURS[0],
        label="agree",
    )
    ax.set_ylim(0, 17)
    _shade(ax, 0, required, label=f"fewer than {required:g}")
    ax.set_ylabel("digits")


def _draw_gaps(ax: Axes, comparison: Comparison) -> None:
    for place, column in enumerate(one for one in comparison.columns if one.name.startswith("gap*M")):
        spread = BAR * np.array(comparison.column(f"error of {column.name}"))
        look: dict[str, Any] = {"fmt": CURVE_MARKERS[place], "color": CURVE_COLOURS[place], "markersize": 4.0}
        label = column.name.replace("gap*M, ", "")
        ax.errorbar(comparison.steps, column.values, yerr=spread, label=rf"{label} ($\pm${BAR:.0f} s.e.)", **look)
    ax.plot(comparison.steps, comparison.column("c"), color=GREY, label="gap $= c/M$ at all three")
    ax.set_ylabel("relative gap times $M$")


def _shade(ax: Axes, low: float, high: float, *, label: str | None = None) -> None:
    ax.axhspan(low, high, color=VERMILION, alpha=0.12, linewidth=0, label=label)
