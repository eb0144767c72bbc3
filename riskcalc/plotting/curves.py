"""Risk curves on log-log axes: computed ones as lines, sampled ones as points with error bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.curve import RiskCurve, Warrant
from riskcalc.curve.wording import settings
from riskcalc.errors import InvalidInput
from riskcalc.plotting.bayes_floor import FLOOR_WORDS, draw_floors, floors_under
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import claim_of, common_settings, legend_words
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.scales import divergence, drawable, held_in, near, risk_axis, set_range, step_axis
from riskcalc.plotting.sketch_band import WORDS, band_edges, claimed, draw_band, has_band
from riskcalc.plotting.style import CURVE_COLOURS, CURVE_LINES, CURVE_MARKERS, FLOOR_LINE, GREY, point_marks
from riskcalc.quantity import Real, flag

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WHOLE_FLOORS = 4  # of curves, which are drawn right across
_BY_STYLE = (("batch_size",), ("averaging",), ("optimiser",), ("schedule", "horizon"))
_EDGE = 0.92  # of the width, from which on the floors of more curves are drawn
BAR = 2.0  # half the length of an error bar, in standard errors


def plot_curve(
    curves: RiskCurve | Sequence[RiskCurve],
    *,
    labels: Sequence[str] | None = None,
    excess: bool = False,
    floor: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw one or several curves; the legend says what each claims.

    Computed curves are lines, one line style a claim, or where the claims agree and other settings differ too, one a
    batch size, averaging, optimiser or schedule; with a band of two standard errors where they are averages over
    sketches, or of 95 % of single sketches where they know shift and spread; sampled ones are points with bars of two
    standard errors. Horizontal lines mark the irreducible risk (dotted) and the risk of the best model on the features
    (thin, dashed, in the colour of its curve, or grey where several share it; of many curves at the right edge alone),
    unless they lie more than two decades below the curves. A curve that diverges leaves the picture, and the legend
    says so. Step 0 stands to the left of a break in the step axis. What a logarithmic axis cannot show (zero, infinity)
    is left out.

    Parameters
    ----------
    curves : RiskCurve or sequence of RiskCurve
        One, or several.
    labels : sequence of str or None, default None
        Own names for the curves, as many.
    excess : bool, default False
        Whether risk - irreducible is drawn in place of the risk.
    floor : bool, default False
        Whether what no algorithm can be below on the samples seen, on average over targets of the same signal power
        (`bayes_risk`), is drawn in grey.
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

    Source: D01.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run, risk
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3), noise="1/10")
    >>> curve = risk(Run(problem, model_size=100, schedule=Constant("3/10"), steps=[0, 10, 1000]))
    >>> len(plot_curve([curve, curve], labels=["one", "two"]).axes)
    1
    """
    drawn, above = _checked_curves(curves), flag(excess, "excess")
    words, title = legend_words(drawn, labels)
    series = [claimed(curve, excess=above) for curve in drawn]
    ax = axes_or_new(ax)
    name = "excess risk $E(t)$" if above else "risk $R(t)$ = irreducible + excess"
    pairs = zip(drawn, series, strict=True)
    reached = [held_in(edge) for curve, values in pairs for edge in _reach(curve, values, above)]
    under = floors_under(drawn, excess=above) if flag(floor, "floor") else []
    low, high = risk_axis(ax, reached, label=f"{name}, squared error")
    step_axis(ax, drawn)
    looks, handles = _looks(drawn), []
    for place, (curve, values) in enumerate(zip(drawn, series, strict=True)):
        look = looks[place]
        handles.append(_draw(ax, curve, drawable(values), **look))
        if curve.standard_error is not None:
            words[place] += rf" ($\pm${BAR:.0f} standard errors)"
        if has_band(curve):
            draw_band(ax, curve, excess=above, color=look["color"])
            words[place] += f" (band: {WORDS})"
        words[place] += divergence(curve, values)
    floors, lowest = _floors(ax, drawn, looks, low=low, excess=above)
    if under:
        floors[FLOOR_WORDS], least = draw_floors(ax, under, low=low)
        lowest = min(lowest, least)
    set_range(ax, min(low, lowest), high)
    caption, entries = common_settings([curve.asked for curve in drawn]), handles + list(floors.values())
    return finished(ax, caption, entries, words + list(floors), title=title, title_fontsize=8.5)


def _checked_curves(curves: object) -> list[RiskCurve]:
    """The curves as a nonempty list."""
    several = curves if isinstance(curves, Sequence) else []
    drawn = [curves] if isinstance(curves, RiskCurve) else list(several)
    if not drawn or not all(isinstance(curve, RiskCurve) for curve in drawn):
        raise InvalidInput("a RiskCurve, or a nonempty list of them, is needed to draw a picture")
    return drawn


def _reach(curve: RiskCurve, values: Real, excess: bool) -> list[Real]:
    """What the risk axis has to hold: the values, and their bars as far as these do not dwarf them."""
    if has_band(curve):
        return [values, *band_edges(curve, excess=excess)]
    if curve.standard_error is None:
        return [values]
    shown, spread = drawable(values), BAR * curve.standard_error
    return [np.maximum(shown - spread, shown / 4), np.minimum(shown + spread, shown * 4)]


def _looks(curves: Sequence[RiskCurve]) -> list[dict[str, Any]]:
    """Colour, line style and mark of each curve.

    The style tells claims apart; where these agree, batch sizes, else methods or schedules, if curves that differ in
    them alone share the rest.
    """
    styles, colours = [claim_of(curve) for curve in curves], [str(place) for place in range(len(curves))]
    each = [settings(curve.asked) for curve in curves]
    for names in _BY_STYLE if len(set(styles)) == 1 else ():
        told = [str([said.get(name) for name in names]) for said in each]
        rest = [str([pair for pair in said.items() if pair[0] not in names]) for said in each]
        crossed = len(set(rest)) > 1 or names == ("batch_size",)  # what differs alone is told apart by its colour
        if len(set(told)) > 1 and crossed and len(set(rest)) < len(curves):
            styles, colours = told, rest
            break
    style_of, colour_of = (list(dict.fromkeys(names)) for names in (styles, colours))
    looks = []
    for place, (style, colour) in enumerate(zip(styles, colours, strict=True)):
        lap, shade = divmod(colour_of.index(colour), len(CURVE_COLOURS))
        line = style_of.index(style) + lap * len(style_of)
        looks.append(
            {
                "color": CURVE_COLOURS[shade],
                "linestyle": CURVE_LINES[line % len(CURVE_LINES)],
                "marker": CURVE_MARKERS[place % len(CURVE_MARKERS)],
            }
        )
    return looks


def _draw(ax: Axes, curve: RiskCurve, values: Real, *, color: str, linestyle: Any, marker: str) -> Any:
    spread = None if curve.standard_error is None else BAR * curve.standard_error
    if spread is not None and not np.isfinite(spread).all():
        spread = np.where(np.isfinite(spread), spread, np.nan)
    if curve.warrant is Warrant.SAMPLED:
        return ax.errorbar(
            curve.steps,
            values,
            yerr=spread,
            fmt=marker,
            markersize=5.0,
            markeredgecolor="white",
            markeredgewidth=0.6,
            color=color,
            elinewidth=1.2,
            capsize=2.5,
            zorder=3,
        )
    if spread is not None:
        ax.fill_between(curve.steps, values - spread, values + spread, color=color, alpha=0.2, linewidth=0)
    marks = point_marks(len(curve.steps))
    return ax.plot(curve.steps, values, color=color, linestyle=linestyle, linewidth=2.0, **marks)[0]


def _floors(
    ax: Axes, curves: Sequence[RiskCurve], looks: Sequence[dict[str, Any]], *, low: float, excess: bool
) -> tuple[dict[str, Artist], float]:
    """Horizontal lines that no run goes below: legend entries, and the lowest level drawn."""
    entries: dict[str, Artist] = {}
    levels: list[float] = []
    irreducible = set() if excess else {curve.irreducible for curve in curves}
    for level in irreducible:
        if near(level, low):
            entries["irreducible"] = ax.axhline(level, color=GREY, linestyle=":", linewidth=1.4)
            levels.append(level)
    colours: dict[float, set[str]] = {}
    for curve, look in zip(curves, looks, strict=True):
        level = (0.0 if excess else curve.irreducible) + curve.approximation
        if near(level, low) and curve.approximation > 0 and level not in irreducible:
            colours.setdefault(level, set()).add(look["color"])
    name = "approximation" if excess or not any(irreducible) else "irreducible + approximation"
    begin = 0.0 if len(colours) <= _WHOLE_FLOORS else _EDGE
    for level, owners in colours.items():
        colour = owners.pop() if len(owners) == 1 else GREY
        look = {"color": colour, "linestyle": FLOOR_LINE, "linewidth": 0.9, "alpha": 0.8, "zorder": 1}
        line = ax.axhline(level, xmin=begin, **look)
        entries.setdefault(f"{name}{', of each' if len(colours) > 1 else ''}", line)
        levels.append(level)
    return entries, min(levels, default=low)
