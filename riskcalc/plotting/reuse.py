"""How many epochs are worth it: fresh samples in place of passes, over the passes, for several sizes of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new, figure_of
from riskcalc.plotting.captions import common_settings, write_caption
from riskcalc.plotting.legend import draw_legend
from riskcalc.plotting.scales import dress
from riskcalc.plotting.style import BLACK, CURVE_COLOURS, CURVE_MARKERS
from riskcalc.quantity import listed, of_type
from riskcalc.tuning import ReuseRate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RATES = "what reuse_rate(...) gives"


def plot_reuse_rates(rates: Sequence[ReuseRate], *, ax: Axes | None = None) -> Figure:
    """Draw fresh samples over N against passes, a line for each size of the data set; dotted: as good as fresh ones."""
    found = [of_type(one, ReuseRate, "rates", _RATES) for one in listed(rates, "rates", f"a list of {_RATES}")]
    if not found:
        raise InvalidInput(f"rates is empty: give a list of {_RATES}")
    ax = axes_or_new(ax)
    for one, colour, mark in zip(found, CURVE_COLOURS, CURVE_MARKERS, strict=False):
        ax.plot(one.passes, one.rate, color=colour, marker=mark, markersize=4.5, label=f"$N = {one.samples}$")
    ends = [min(min(one.passes) for one in found), max(max(one.passes) for one in found)]
    ax.plot(ends, ends, color=BLACK, linestyle=":", linewidth=1.0, label="as good as fresh")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlabel("passes $K$ over the data set, with replacement")
    ax.set_ylabel("fresh samples with the same risk, over $N$")
    write_caption(ax, common_settings([one.many.asked for one in found]))
    dress(ax)
    draw_legend(ax)
    return figure_of(ax)
