"""The pictures of figures 1 and 3: excess over the (effective) number of samples, and the fitted law."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.plotting.canvas import axes_or_new, figure_of
from riskcalc.plotting.scales import dress
from riskcalc.plotting.style import GREY
from riskcalc.quantity import Real
from riskcalc.reproduce.lin2024_fit import Additive
from riskcalc.reproduce.lin2024_setting import Grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_BAR = 2.0  # standard errors


def plot_risk_over_samples(grid: Grid, excess: Real, fitted: Additive, drawn: Grid, runs: Real) -> Figure:
    """Lines: the deterministic equivalent for each M; points: the mean of simulated runs; dashed: the fitted law."""
    from matplotlib import colormaps
    from matplotlib.ticker import FuncFormatter

    ax = axes_or_new(None)
    shades = colormaps["cividis"](np.linspace(0.0, 0.72, len(grid.model_sizes)))
    places = grid.counted
    for row, (size, shade) in enumerate(zip(grid.model_sizes, shades, strict=True)):
        ax.plot(places, excess[row], color=shade, linewidth=1.8, label=f"$M = {size}$")
        ax.plot(places, fitted.law(np.full_like(places, size), places), color=shade, linestyle="--", linewidth=1.0)
        if size in drawn.model_sizes:
            values = runs[:, drawn.model_sizes.index(size)]
            mean, error = values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))
            shifted = drawn.counted * 1.012 ** (row - 2)
            ax.errorbar(shifted, mean, yerr=_BAR * error, fmt="o", color=shade, markersize=3.5, elinewidth=0.9)
    ax.set_xscale("log")
    ax.set_yscale("log")
    for axis, labelled in ((ax.xaxis, "235"), (ax.yaxis, "2346")):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(FuncFormatter(partial(_tick, labelled=labelled)))
    ax.tick_params(which="minor", labelsize=9)
    letter = "N" if grid.averaged else r"N_{\mathrm{eff}}"
    ax.set_xlabel("samples $N$" if grid.averaged else rf"effective samples ${letter} = N/\log_2 N$")
    ax.set_ylabel(f"excess risk, {grid.iterate}")
    law_words = rf"fitted $c_1 M^{{-{fitted.model:.2f}}} + c_2 {letter}^{{-{fitted.data:.3f}}}$ (dashed)"
    bars = rf"points: SGD on {len(runs)} sketches, $\pm{_BAR:.0f}$ standard errors"
    caption = f"$a = {grid.a}$, $d = {grid.dimension}$; lines: equivalent; {law_words};\n{bars}"
    ax.set_title(caption, loc="left", fontsize=8.5, color=GREY)
    dress(ax)
    ax.legend(fontsize=8.5, framealpha=0.9, edgecolor="none", loc="lower left")
    return figure_of(ax)


def _tick(value: float, _: int | None, *, labelled: str) -> str:
    """A label where the leading digit is one of those asked for."""
    return f"{value:g}" if f"{value:e}"[0] in labelled else ""
