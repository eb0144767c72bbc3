"""A fitted scaling law: lines of equal loss over sizes and samples with the data, and the frontier; residuals below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.fitting import ScalingLawFit
from riskcalc.plotting.canvas import HEIGHT, axes_or_new, figure_of
from riskcalc.plotting.captions import write_caption
from riskcalc.plotting.legend import draw_legend
from riskcalc.plotting.scales import dress
from riskcalc.plotting.style import BLACK, BLUE, GREY, ORANGE, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINES = 9
_GRID = 81
_BUDGETS = 25


def plot_scaling_law(law: ScalingLawFit) -> Figure:
    """Draw a fit in two panels.

    Above: lines of equal fitted loss over N and D, the points that were fitted, and the frontier of least loss at
    each budget C = 6 N D with its interval. Below: what the fit leaves of log L, by budget, the hold-out apart.

    Parameters
    ----------
    law : ScalingLawFit
        What `fit_scaling_law` returns.

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

    Source: D61, D62.

    Examples
    --------
    >>> import numpy as np
    >>> from riskcalc import fit_scaling_law
    >>> sizes, samples = np.repeat([10, 30, 100], 3), np.tile([100, 1000, 10_000], 3)
    >>> law = fit_scaling_law(sizes, samples, 1 + 2 / sizes + 3 * samples**-0.5)
    >>> plot_scaling_law(law).axes[0].get_xlabel()
    'size $N$'
    """
    if not isinstance(law, ScalingLawFit):
        raise InvalidInput(f"plot_scaling_law draws what fit_scaling_law returns, not {type(law).__name__}")
    upper = axes_or_new(None)
    figure = figure_of(upper)
    figure.set_size_inches(figure.get_figwidth(), 1.7 * HEIGHT)
    figure.clear()
    upper, lower = figure.subplots(2, 1, height_ratios=[1.8, 1])
    _draw_surface(upper, law)
    _draw_residuals(lower, law)
    for ax in (upper, lower):
        dress(ax)
    return figure


def _draw_surface(ax: Axes, law: ScalingLawFit) -> None:
    sizes, samples, _ = law.data
    ends = [(0.5 * float(axis.min()), 2 * float(axis.max())) for axis in (sizes, samples)]
    across, along = np.meshgrid(*(np.geomspace(*end, _GRID) for end in ends))
    loss = law(across, along)
    levels = np.exp(np.linspace(np.log(loss.min()), np.log(loss.max()), _LINES + 2)[1:-1])
    ax.set_xscale("log")
    ax.set_yscale("log")
    lines = ax.contour(across, along, loss, levels=levels, colors=GREY, linewidths=1.0)
    ax.clabel(lines, fmt="%.3g", fontsize=8)
    ax.plot(sizes, samples, "o", color=BLUE, markersize=3.5, label="data")
    budgets = 6 * np.geomspace(float((sizes * samples).min()), float((sizes * samples).max()), _BUDGETS)
    found = []
    for budget in budgets:
        try:
            found.append(law.allocation(float(budget)))
        except InvalidInput:
            continue
    if found:
        best = [one.size for one in found]
        ax.plot(best, [one.samples for one in found], color=VERMILION, linewidth=1.8, label="least loss at its budget")
        pairs = [one.size_interval for one in found if one.size_interval is not None]
        if len(pairs) == len(found):
            rates = [one.compute / 6 for one in found]
            for place, words in ((0, f"its {100 * law.level:g} % interval"), (1, None)):
                edge = np.array([pair[place] for pair in pairs])
                ax.plot(edge, rates / edge, color=VERMILION, linewidth=0.9, linestyle="--", label=words)
    ax.set_xlim(*ends[0])
    ax.set_ylim(*ends[1])
    ax.set_xlabel("size $N$")
    ax.set_ylabel("samples $D$")
    write_caption(ax, f"lines of equal loss, {law.form} form")
    draw_legend(ax)


def _draw_residuals(ax: Axes, law: ScalingLawFit) -> None:
    sizes, samples, losses = law.data
    budgets, left = sizes * samples, 100 * (np.log(losses) - np.log(law(sizes, samples)))
    ax.set_xscale("log")
    ax.plot(budgets, left, "o", color=BLUE, markersize=3.5)
    ax.axhline(0.0, color=BLACK, linewidth=0.8)
    if law.holdout is not None:
        ax.axvline(law.holdout.budget, color=ORANGE, linestyle="--", linewidth=1.2)
        write_caption(ax, f"hold-out from the dashed line on: {100 * law.holdout.error:.2g} % off, fitted without")
    ax.set_xlabel("budget $N D$")
    ax.set_ylabel("100 (log $L$ - fit)", fontsize=9)
