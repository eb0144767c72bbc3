"""How many epochs are worth it: fresh samples in place of passes, over the passes, for several sizes of a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import common_settings
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.style import BLACK, CURVE_COLOURS, CURVE_MARKERS
from riskcalc.quantity import listed, of_type
from riskcalc.tuning import ReuseRate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_RATES = "what reuse_rate(...) gives"


def plot_reuse_rates(rates: Sequence[ReuseRate], *, ax: Axes | None = None) -> Figure:
    """Draw fresh samples over N against passes, a line for each size of the data set; dotted: as good as fresh ones.

    Parameters
    ----------
    rates : sequence of ReuseRate
        What `reuse_rate` returns, for one or several sizes of the data set.
    ax : Axes or None, default None
        Axes to draw into; None: a figure of its own.

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

    Source: D58.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, reuse_rate
    >>> spectrum, signal = PowerLaw(a=2, dimension=40), PowerLawSignal(b=3)
    >>> problem = Problem(spectrum=spectrum, signal=signal, noise="1/10")
    >>> rate = reuse_rate(problem, model_size=10, samples=20, passes=[1, 4], step_size="1/5")
    >>> plot_reuse_rates([rate]).axes[0].get_xlabel()
    'passes $K$ over the data set, with replacement'
    """
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
    return finished(ax, common_settings([one.many.asked for one in found]))
