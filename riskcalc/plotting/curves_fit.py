"""Loss curves under schedules: what was fitted and what was predicted, with the schedules and what the law misses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.fitting import CurvesFit, LossCurve
from riskcalc.fitting.fit_curves import read_curves
from riskcalc.plotting.canvas import HEIGHT, axes_or_new, figure_of
from riskcalc.plotting.captions import write_caption
from riskcalc.plotting.legend import draw_legend
from riskcalc.plotting.scales import dress
from riskcalc.plotting.style import BLACK, BLUE, GREEN, ORANGE, SKY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = (BLUE, VERMILION, GREEN, ORANGE, SKY, BLACK)
_TALLEST = 0.995  # of the losses, which the upper axis shows


def plot_curves_fit(fit: CurvesFit, holdout: Sequence[LossCurve] | None = None) -> Figure:
    """Draw a fit of loss curves in three panels over the steps.

    Above: losses (points) and the law (lines), dashed where the curve was not fitted. In the middle: the step
    sizes. Below: 100 times what the law misses of log L.

    Parameters
    ----------
    fit : CurvesFit
        What `fit_curves` returns.
    holdout : sequence of LossCurve or None, default None
        Curves that were not fitted.

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

    Source: D63.

    Examples
    --------
    >>> import numpy as np
    >>> from riskcalc import Cosine, fit_curves, loss_curve
    >>> steps = np.arange(500, 10_001, 500)
    >>> curve = loss_curve(steps, 2 + 3 * (0.1 + steps) ** -0.3, Cosine("1/10"), name="one")
    >>> plot_curves_fit(fit_curves([curve])).axes[0].get_ylabel()
    'loss'
    """
    if not isinstance(fit, CurvesFit):
        raise InvalidInput(f"plot_curves_fit draws what fit_curves returns, not {type(fit).__name__}")
    others = () if holdout is None else read_curves(holdout)
    upper = axes_or_new(None)
    figure = figure_of(upper)
    figure.set_size_inches(figure.get_figwidth(), 1.9 * HEIGHT)
    figure.clear()
    panels = figure.subplots(3, 1, sharex=True, height_ratios=[2.2, 0.8, 1])
    for place, curve in enumerate((*fit.curves, *others)):
        _draw(panels, fit, curve, _COLOURS[place % len(_COLOURS)], fitted=place < len(fit.curves))
    for ax, words in zip(panels, ("loss", "step size", "100 (log $L$ - fit)"), strict=True):
        dress(ax)
        ax.set_ylabel(words, fontsize=9)
    losses = np.concatenate([curve.losses for curve in (*fit.curves, *others)])
    low, high = float(losses.min()), float(np.quantile(losses, _TALLEST))
    panels[0].set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    draw_legend(panels[0], ncols=2)
    write_caption(panels[0], f"{fit.law.name}: lines, dashed where not fitted")
    panels[2].axhline(0.0, color=BLACK, linewidth=0.8)
    panels[2].set_xlabel("step")
    return figure


def _draw(panels: Sequence[Axes], fit: CurvesFit, curve: LossCurve, colour: str, *, fitted: bool) -> None:
    found = fit.predicted(curve).loss
    style = "-" if fitted else "--"
    missed = float(np.abs(found - curve.losses).mean())
    panels[0].plot(curve.steps, curve.losses, ".", color=colour, markersize=2.5, alpha=0.5)
    panels[0].plot(curve.steps, found, style, color=colour, linewidth=1.5, label=f"{curve.name}: {missed:.4f} off")
    panels[1].plot(curve.steps, curve.recorded_sizes, style, color=colour, linewidth=1.3)
    panels[2].plot(curve.steps, 100 * np.log(curve.losses / found), style, color=colour, linewidth=1.0)
