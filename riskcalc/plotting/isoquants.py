"""Isoquants of the production function: the pairs (M, N) that reach the same excess, and the cheapest of each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.allocation import Production
from riskcalc.curve import Question
from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import common_settings
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.style import BLACK, GREY, VERMILION
from riskcalc.quantity import of_type, whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FINE = 80  # points of the interpolated grid along each axis
_MOST_LINES = 100
_BUDGETS = 9

_Edge = tuple[float, np.ndarray, np.ndarray]


def plot_isoquants(found: Production, *, levels: int = 9, ax: Axes | None = None) -> Figure:
    """Draw lines of equal excess over model size M and samples N, and the expansion path along which M N is spent best.

    Dots: the optimum of one budget each, where the line M N = C touches an isoquant. Dashed: the derived direction
    of the path, N ~ M^((1 - xi)/xi) where M ~ C^xi, through the last dot. Dotted: equal scaling, N in proportion to
    M.

    Parameters
    ----------
    found : Production
        What `production` returns.
    levels : int, default 9
        How many lines.
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

    Source: D15.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, production
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
    >>> words = {"model_sizes": [4, 8, 16, 32], "samples": [64, 128, 256, 512], "schedule": Constant}
    >>> bool(plot_isoquants(production(problem, step_size="1/10", **words), levels=3).axes)
    True
    """
    of_type(found, Production, "found", "a production function, as production returns it")
    lines = whole(levels, "levels", least=1)
    if lines > _MOST_LINES:
        raise InvalidInput(f"levels={lines} is more than {_MOST_LINES} lines: ask for fewer")
    from matplotlib import colormaps

    ax = axes_or_new(ax)
    x, y = np.log(found.model_sizes), np.log(found.samples)
    fine_x, fine_y = (np.linspace(axis[0], axis[-1], _FINE) for axis in (x, y))
    surface = _interpolated(found, fine_x, fine_y)
    values = np.linspace(surface.min(), surface.max(), lines + 2)[1:-1]
    shades = colormaps["cividis"](np.linspace(0.0, 0.66, values.size))
    ax.contour(np.exp(fine_x), np.exp(fine_y), surface.T, levels=values, colors=shades, linewidths=1.6)
    for value, shade in zip(values, shades, strict=True):
        _label(ax, value, shade, right=(fine_x[-1], fine_y, surface[-1]), top=(fine_y[-1], fine_x, surface[:, -1]))
    ends = found.model_sizes[0] * found.samples[0], found.model_sizes[-1] * found.samples[-1]
    path = found.path(np.geomspace(*ends, _BUDGETS + 2)[1:-1].tolist())
    if path.size:
        ax.plot(path[:, 0], path[:, 1], "o", color=VERMILION, markersize=5.5, zorder=4, label="best at $C = MN$")
        _directions(ax, found, path[-1])
    else:
        ax.plot([], [], " ", label="no budget has its optimum inside this grid")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(found.model_sizes[0], found.model_sizes[-1])
    ax.set_ylim(found.samples[0], found.samples[-1])
    ax.set_xlabel("model size $M$")
    ax.set_ylabel("samples $N$")
    return finished(ax, _caption(found), pad=14)


def _interpolated(found: Production, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    from scipy.interpolate import RectBivariateSpline

    spline = RectBivariateSpline(np.log(found.model_sizes), np.log(found.samples), np.log(found.excess), kx=3, ky=3)
    return np.asarray(spline(x, y))


def _label(ax: Axes, level: float, shade: Any, *, right: _Edge, top: _Edge) -> None:
    """The excess on a line, written where the line leaves the picture: at its right edge, or at the upper one."""
    words: dict[str, Any] = {"fontsize": 8.5, "color": shade, "textcoords": "offset points", "annotation_clip": False}
    text = f"{math.exp(level):.2g}"
    for (edge, along, heights), shift, at_right in ((right, (4, 0), True), (top, (0, 3), False)):
        if heights.min() < level < heights.max():
            place = math.exp(float(np.interp(-level, -heights, along)))  # the excess falls along both edges
            if at_right:
                ax.annotate(text, (math.exp(edge), place), shift, va="center", **words)
            else:
                ax.annotate(text, (place, math.exp(edge)), shift, ha="center", **words)
            return


def _directions(ax: Axes, found: Production, last: np.ndarray) -> None:
    sizes = np.array([found.model_sizes[0], found.model_sizes[-1]])
    equal = last[1] * sizes / last[0]
    if found.size_exponent is not None and found.size_exponent > 0:
        slope = (1 - found.size_exponent) / found.size_exponent
        words = rf"derived: $N \sim M^{{{slope}}}$, $M \sim C^{{{found.size_exponent}}}$"
        ax.plot(sizes, last[1] * (sizes / last[0]) ** float(slope), "--", color=BLACK, linewidth=1.3, label=words)
    ax.plot(sizes, equal, ":", color=GREY, linewidth=1.6, label=r"equal scaling: $N \sim M$, $M \sim C^{1/2}$")


def _caption(found: Production) -> str:
    words = common_settings([Question.of(found.asked)])
    schedule, peak = found.asked["schedule"], float(_number(found.asked["step_size"]))
    return rf"excess risk: {words}, {schedule} schedule, peak $\gamma = {peak:.4g}$; deterministic equivalent"


def _number(text: str) -> float:
    from fractions import Fraction

    return float(Fraction(text))
