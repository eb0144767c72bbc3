"""The decomposition of a risk curve into irreducible + approximation + bias + variance: lines or areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import claim_of, common_settings
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.scales import divergence, drawable, held_in, near, risk_axis, set_range, step_axis
from riskcalc.plotting.sketch_band import WORDS, band_edges, claimed, draw_band, has_band
from riskcalc.plotting.style import BLACK, COMPONENT_COLOURS, COMPONENT_LINES, point_marks
from riskcalc.quantity import Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SMALLEST_PART = 1e-6  # of the smallest risk; what is below is cut off by the axis


def plot_components(curve: RiskCurve, *, ax: Axes | None = None) -> Figure:
    """Draw the risk and each of its four parts as a line of its own.

    Parts that are zero are left out, and the axis ends six decades below the risk. Where the curve knows shift and
    spread, a band holds 95 % of single sketches.

    Parameters
    ----------
    curve : RiskCurve
        With bias and variance apart: of any road but the simulation.
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
    >>> len(plot_components(curve).axes)
    1
    """
    parts = _parts(curve)
    ax = axes_or_new(ax)
    risk = claimed(curve, excess=False)
    reached = [risk, *(band_edges(curve, excess=False) if has_band(curve) else ())]
    low, high = risk_axis(ax, [held_in(values) for values in reached], label="risk $R(t)$ and its parts, squared error")
    step_axis(ax, [curve])
    label, marks = f"risk{divergence(curve, risk)}", point_marks(len(curve.steps))
    ax.plot(curve.steps, drawable(risk), color=BLACK, linewidth=2.4, label=label, **marks)
    if has_band(curve):
        draw_band(ax, curve, excess=False, color=BLACK, label=WORDS)
    shown = [low]
    for name, values in reversed(parts.items()):
        visible = values[np.isfinite(values) & (values > _SMALLEST_PART * low)]
        if visible.size:
            colour, line = COMPONENT_COLOURS[name], COMPONENT_LINES[name]
            look: dict[str, Any] = {} if name in ("irreducible", "approximation") else marks
            ax.plot(curve.steps, drawable(values), color=colour, linestyle=line, lw=1.7, label=name, **look)
            shown.append(float(visible.min()))
    set_range(ax, min(shown), high)
    return _finished(ax, curve)


def plot_component_areas(curve: RiskCurve, *, ax: Axes | None = None) -> Figure:
    """Draw the four parts stacked on each other, so that their upper edge is the risk.

    From below: irreducible, approximation, variance, bias; parts that are zero are left out. The axis is
    logarithmic: every edge can be read off, but an area is as high as the ratio of its edges, not its share.

    Parameters
    ----------
    curve : RiskCurve
        With bias and variance apart: of any road but the simulation.
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
    >>> len(plot_component_areas(curve).axes)
    1
    """
    parts = {name: values for name, values in _parts(curve).items() if np.isfinite(drawable(values)).any()}
    if not parts:
        raise InvalidInput("there is nothing to draw on a logarithmic axis: no part is positive and finite")
    ax = axes_or_new(ax)
    low, high = risk_axis(ax, [held_in(curve.risk)], label="risk $R(t)$, its parts stacked, squared error")
    step_axis(ax, [curve])
    heights = [np.where(values == 0, 0.0, drawable(values)) for values in parts.values()]
    edges = np.cumsum(heights, axis=0)
    floor = float(np.nanmin(drawable(edges[0])))
    bottom = (floor if near(floor, low) else low) / 3
    lower = np.vstack([np.full(len(curve.steps), bottom), edges[:-1]])
    label, marks = f"risk{divergence(curve, curve.risk)}", point_marks(len(curve.steps))
    ax.plot(curve.steps, drawable(curve.risk), color=BLACK, linewidth=2.0, label=label, **marks)
    for name, low_edge, high_edge in reversed(list(zip(parts, lower, edges, strict=True))):
        ax.fill_between(
            curve.steps,
            np.maximum(low_edge, bottom),
            np.maximum(high_edge, bottom),
            color=COMPONENT_COLOURS[name],
            alpha=0.75,
            linewidth=0,
            label=name,
        )
    set_range(ax, bottom, high, bottom=bottom)
    return _finished(ax, curve)


def _parts(curve: RiskCurve) -> dict[str, Real]:
    """The four parts in the order in which they are stacked."""
    if not isinstance(curve, RiskCurve):
        raise InvalidInput(f"one RiskCurve is needed to draw its parts, not {type(curve).__name__}")
    if curve.bias is None or curve.variance is None:
        raise InvalidInput(
            f"this curve ({claim_of(curve)}) does not separate bias and variance: draw it with plot_curve, "
            "or ask another road for its parts"
        )
    every_step = np.ones(len(curve.steps))
    return {
        "irreducible": curve.irreducible * every_step,
        "approximation": curve.approximation * every_step,
        "variance": curve.variance,
        "bias": curve.bias,
    }


def _finished(ax: Axes, curve: RiskCurve) -> Figure:
    return finished(ax, common_settings([curve.asked]), title=claim_of(curve), title_fontsize=8.5)
