"""The compute frontier: excess against model size at fixed budgets, their optima, and the derived slope."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.allocation import Isoflop
from riskcalc.curve import Question
from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import common_settings
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.style import BLACK, VERMILION
from riskcalc.quantity import listed, of_type

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def plot_frontier(curves: Sequence[Isoflop], *, ax: Axes | None = None) -> Figure:
    """Draw isoFLOP curves: a line for each budget M t B = C, a dot at its optimum, the derived slope through the last.

    The slope is that of excess ~ M^(-eta/xi), the optimum's path where M ~ C^xi and excess ~ C^-eta.

    Parameters
    ----------
    curves : sequence of Isoflop
        What `isoflops` returns.
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
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, isoflops
    >>> spectrum, signal = PowerLaw(a=2, dimension=40), PowerLawSignal(b=3)
    >>> problem = Problem(spectrum=spectrum, signal=signal, noise="1/10")
    >>> plot_frontier(isoflops(problem, budgets=["1e4"], step_size="1/10")).axes[0].get_xlabel()
    'model size $M$'
    """
    from matplotlib import colormaps

    needed = "a nonempty list of isoFLOP curves, as isoflops returns them"
    drawn = [of_type(curve, Isoflop, "curves", needed) for curve in listed(curves, "curves", needed)]
    if not drawn:
        raise InvalidInput(f"curves must be {needed}")
    drawn = sorted(drawn, key=lambda curve: curve.compute)
    ax = axes_or_new(ax)
    shades = colormaps["cividis"](np.linspace(0.0, 0.66, len(drawn)))
    for curve, shade in zip(drawn, shades, strict=True):
        ax.plot(curve.model_sizes, curve.excess, color=shade, linewidth=1.8)
        ax.annotate(
            f"$C = {_power(curve.compute)}$",
            (curve.model_sizes[-1], curve.excess[-1]),
            (4, 0),
            textcoords="offset points",
            fontsize=8.5,
            color=shade,
            va="center",
            annotation_clip=False,
        )
    sizes = np.array([curve.optimum.model_size for curve in drawn])
    losses = np.array([curve.optimum.excess for curve in drawn])
    ax.plot(sizes, losses, "o", color=VERMILION, markersize=5.5, zorder=4, label="optimum (deterministic equivalent)")
    _draw_slope(ax, drawn, sizes, float(losses[-1]))
    ax.set_xscale("log")
    ax.set_yscale("log")
    low, high = ax.get_xlim()
    ax.set_xlim(low, high * (high / low) ** 0.1)
    ax.set_xlabel("model size $M$")
    ax.set_ylabel("excess risk $E$ at $t = C/(MB)$")
    return finished(ax, _caption(drawn))


def _draw_slope(ax: Axes, drawn: Sequence[Isoflop], sizes: np.ndarray, loss: float) -> None:
    derived = drawn[-1].optimum.asymptotic
    if derived is None or derived.model_size_exponent <= 0:
        return
    slope = derived.loss_exponent / derived.model_size_exponent
    reach = np.array([sizes.min() / 3, sizes.max() * 3])
    words = rf"derived: $E \sim M^{{-{slope}}}$"
    ax.plot(reach, loss * (reach / sizes[-1]) ** -float(slope), color=BLACK, linestyle="--", linewidth=1.2, label=words)


def _caption(drawn: Sequence[Isoflop]) -> str:
    words = common_settings([Question.of(curve.optimum.asked) for curve in drawn])
    derived, rules = drawn[-1].optimum.asymptotic, {curve.optimum.step_size_rule for curve in drawn}
    if rules == {"fixed"}:
        words += rf", $\gamma = {drawn[-1].optimum.step_size:.4g}$"
    elif rules == {"optimised"}:
        words += r", best $\gamma$"
    return f"{words}; phase {derived.phase}" if derived is not None and derived.phase else words


def _power(compute: float) -> str:
    power = math.floor(math.log10(compute) + 1e-9)
    digits = compute / 10.0**power
    return f"10^{{{power}}}" if abs(digits - 1) < 1e-6 else rf"{digits:.3g} \times 10^{{{power}}}"
