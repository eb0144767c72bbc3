"""A fit of exponents: data, fitted curve and floor above, local exponents and the derived one below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.fitting import ExponentFit, local_exponents
from riskcalc.fitting.slopes import read_width
from riskcalc.plotting.canvas import HEIGHT, axes_or_new, figure_of
from riskcalc.plotting.captions import common_settings, write_caption
from riskcalc.plotting.legend import draw_legend
from riskcalc.plotting.scales import drawable, dress, near, set_range
from riskcalc.plotting.style import BLACK, BLUE, FLOOR_LINE, GREEN, GREY, SKY, VERMILION
from riskcalc.quantity import NumberLike, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR = 2.0  # half the length of an error bar, in standard errors
_MANY = 60  # points beyond which marks would run into each other


def plot_fit(fit: ExponentFit, *, decades: NumberLike = "1/2") -> Figure:
    """Draw a fit in two panels over the same steps.

    Above: the curve (grey outside the window), bars of two standard errors, the fit, and the floor if it is near.
    Below: the local exponent of the decaying part, each over `decades` of log t, with a band of two standard errors
    where there are replicates; the fitted exponent with its interval, and the expected one dashed.

    Parameters
    ----------
    fit : ExponentFit
        What `fit_exponents` returns.
    decades : number, default "1/2"
        Width of the stretch of log t behind each local exponent.

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

    Source: D28.

    Examples
    --------
    >>> import numpy as np
    >>> from riskcalc import fit_exponents
    >>> steps = np.geomspace(1, 1000, 13)
    >>> len(plot_fit(fit_exponents((steps, 0.01 + steps**-0.5), floor=0)).axes)
    2
    """
    if not isinstance(fit, ExponentFit):
        raise InvalidInput(f"plot_fit draws what fit_exponents returns, not {type(fit).__name__}")
    width = read_width(decades)
    upper = axes_or_new(None)
    figure = figure_of(upper)
    figure.set_size_inches(figure.get_figwidth(), 1.45 * HEIGHT)
    figure.clear()
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[1.5, 1])
    _draw_curve(upper, fit)
    _draw_exponents(lower, fit, width)
    for ax in (upper, lower):
        dress(ax)
        ax.axvspan(fit.window.first, fit.window.last, color=SKY, alpha=0.10, linewidth=0, zorder=0)
    return figure


def _draw_curve(ax: Axes, fit: ExponentFit) -> None:
    whole, inside = fit.whole, fit.data
    ax.set_xscale("log")
    ax.set_yscale("log")
    marks = "o" if len(whole.steps) <= _MANY else "."
    size = 4.0 if marks == "o" else 3.0
    outside = (whole.steps < fit.window.first) | (whole.steps > fit.window.last)
    if outside.any():
        shown = drawable(whole.excess[outside])
        ax.plot(whole.steps[outside], shown, marks, color=GREY, markersize=size, label="not fitted")
    words, error = "data", inside.standard_error
    if inside.replicates is not None:
        error = inside.replicates.std(axis=0, ddof=1) / np.sqrt(len(inside.replicates))
        words = f"mean of {len(inside.replicates)} replicates"
    if error is not None:
        words += rf" ($\pm${_BAR:.0f} standard errors)"
    bars = None if error is None else _BAR * error
    look: dict[str, Any] = {"fmt": marks, "color": BLUE, "markersize": size, "elinewidth": 1.0, "zorder": 4}
    ax.errorbar(inside.steps, inside.excess, yerr=bars, label=words, **look)
    ax.plot(inside.steps, fit.values(), color=VERMILION, linewidth=1.8, zorder=3, label=_formula(fit))
    levels = [fit.floor] if near(fit.floor, float(inside.excess.min())) else []
    for level in levels:
        ax.axhline(level, color=GREY, linestyle=FLOOR_LINE, linewidth=1.0, label=f"floor {level:.4g}")
    shown = drawable(np.concatenate([whole.excess, fit.values(), levels]))
    set_range(ax, float(np.nanmin(shown)), float(np.nanmax(shown)))
    ax.set_ylabel("excess risk $E(t)$")
    kind = "fitted" if fit.floor_source.startswith("fitted") else "held"
    asked = "" if whole.asked is None else f"{common_settings([whole.asked])}; "
    title = (
        f"{asked}shaded: the window of the fit, {fit.window.decades:.2g} decades, {fit.window.points} steps; "
        f"floor {kind}: {fit.floor:.3g}"
    )
    write_caption(ax, title)
    draw_legend(ax)


def _draw_exponents(ax: Axes, fit: ExponentFit, decades: float) -> None:
    reach: list[float] = []
    try:
        local = local_exponents(fit.whole, floor=fit.floor, decades=decades)
    except InvalidInput:  # too few steps for slopes: the fit can be drawn all the same
        local = None
    if local is not None:
        ax.plot(local.steps, local.exponents, color=BLUE, linewidth=1.6, label=f"local, over {local.decades:g} decades")
        reach += _bulk(local.exponents[(local.steps >= fit.window.first) & (local.steps <= fit.window.last)])
        if local.standard_error is not None:
            low, high = (local.exponents + sign * _BAR * local.standard_error for sign in (-1, 1))
            ax.fill_between(local.steps, low, high, color=BLUE, alpha=0.2, linewidth=0)
            inside = (local.steps >= fit.window.first) & (local.steps <= fit.window.last)
            reach += _bulk(low[inside]) + _bulk(high[inside])
    ends = [fit.window.first, fit.window.last]
    for place, (term, colour) in enumerate(zip(fit.terms, (VERMILION, GREEN), strict=False), 1):
        name = f"$s_{place}$" if len(fit.terms) > 1 else "$s$"
        ax.plot(ends, [term.exponent] * 2, color=colour, linewidth=1.8, label=f"fitted {name} = {term.exponent:.4g}")
        reach.append(term.exponent)
        if term.interval is not None and np.isfinite(term.interval).all():
            words = f"its {100 * fit.level:g} % interval"
            ax.fill_between(ends, *term.interval, color=colour, alpha=0.25, linewidth=0, label=words)
            reach += term.interval
        if term.expected is not None:
            words = f"derived {plain(term.expected)}"
            ax.axhline(float(term.expected), color=BLACK, linestyle="--", linewidth=1.2, label=words)
            reach.append(float(term.expected))
    margin = 0.1 * max(max(reach) - min(reach), 0.01)
    ax.set_ylim(min(reach) - margin, max(reach) + margin)
    ax.set_ylabel("local exponent\n" r"$-d\,\log(E-\mathrm{floor})/d\,\log t$", fontsize=9)
    ax.set_xlabel("SGD steps done, $t$")
    draw_legend(ax, ncols=2)


def _bulk(values: np.ndarray) -> list[float]:
    """What the axis has to hold: the range without the noisiest tenth at either end."""
    return [float(end) for end in np.quantile(values, [0.1, 0.9])] if values.size else []


def _formula(fit: ExponentFit) -> str:
    terms = " + ".join(rf"{_number(term.coefficient)}\,t^{{-{term.exponent:.4g}}}" for term in fit.terms)
    return f"fit: floor + ${terms}$"


def _number(value: float) -> str:
    mantissa, _, power = f"{value:.3g}".partition("e")
    return rf"{mantissa} \times 10^{{{int(power)}}}" if power else mantissa
