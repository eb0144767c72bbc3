"""Why big models do not overfit: excess and variance over the model size at a fixed number of samples."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.allocation import ModelSizeSweep
from riskcalc.curve import Question, RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.least_squares import LeastSquaresRisk
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import common_settings
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.style import BLACK, BLUE, FLOOR_LINE, ORANGE, VERMILION
from riskcalc.quantity import held, listed, of_type

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SAMPLED = "a list of sampled fits and runs"
_BAR = 2.0  # half the length of an error bar, in standard errors
_HEADROOM = 30.0  # how far above the other curves the peak of the ridgeless fit is shown


def plot_ridgeless_and_sgd(
    sweep: ModelSizeSweep, *, simulated: Sequence[LeastSquaresRisk | RiskCurve] = (), ax: Axes | None = None
) -> Figure:
    """Draw the excess over the model size: ridgeless least squares, with its peak at M = n, and one-pass SGD.

    The thin dashed line is the approximation error, below which no model of that size can go.

    Parameters
    ----------
    sweep : ModelSizeSweep
        What `model_size_sweep` returns.
    simulated : sequence of LeastSquaresRisk or RiskCurve, default ()
        Sampled fits and runs of the same problem, drawn as points with bars of two standard errors.
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

    Source: D34, D35.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, model_size_sweep
    >>> spectrum, signal = PowerLaw(a=2, dimension=40), PowerLawSignal(b=3)
    >>> problem = Problem(spectrum=spectrum, signal=signal, noise="1/10")
    >>> plot_ridgeless_and_sgd(model_size_sweep(problem, samples=20, step_size="1/10", points=4)).axes[0].get_xlabel()
    'model size $M$'
    """
    _check(sweep)
    answers = LeastSquaresRisk | RiskCurve
    points = [of_type(one, answers, "simulated", _SAMPLED) for one in listed(simulated, "simulated", _SAMPLED)]
    ax = axes_or_new(ax)
    below = sweep.fit_sizes < sweep.samples
    for part, label in ((below, "ridgeless least squares, all samples at once"), (~below, None)):
        ax.plot(sweep.fit_sizes[part], sweep.fit_excess[part], color=VERMILION, linewidth=2.0, label=label)
    ax.plot(sweep.model_sizes, sweep.sgd_excess, color=BLUE, linewidth=2.2, label="one-pass SGD, geometric schedule")
    floor = [curve.approximation for curve in sweep.sgd]
    ax.plot(sweep.model_sizes, floor, color=BLUE, linestyle=FLOOR_LINE, linewidth=1.0, label="approximation")
    _draw_simulated(ax, points)
    lowest, highest = float(sweep.sgd_excess.min()), float(sweep.sgd_excess.max())
    ax.set_ylim(lowest / 12, highest * _HEADROOM)
    _size_axis(ax, sweep)
    ax.set_ylabel("excess risk $E$")
    return _finished(ax, sweep)


def plot_variance_bound(sweep: ModelSizeSweep, *, ax: Axes | None = None) -> Figure:
    """Draw the variance over the model size: of the ridgeless fit, of SGD, and SGD's bound without its constant.

    The bound is (sigma2 + approximation) D/N_eff with D = sum min(1, (N_eff gamma lambda)^2), which grows like M up
    to (N_eff gamma)^(1/a) and then stays.

    Parameters
    ----------
    sweep : ModelSizeSweep
        What `model_size_sweep` returns.
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

    Source: D35.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, model_size_sweep
    >>> spectrum, signal = PowerLaw(a=2, dimension=40), PowerLawSignal(b=3)
    >>> problem = Problem(spectrum=spectrum, signal=signal, noise="1/10")
    >>> plot_variance_bound(model_size_sweep(problem, samples=20, step_size="1/10", points=4)).axes[0].get_xlabel()
    'model size $M$'
    """
    _check(sweep)
    ax = axes_or_new(ax)
    variance = np.array([fit.variance for fit in sweep.fits])
    below = sweep.fit_sizes < sweep.samples
    for part, label in ((below, "ridgeless least squares"), (~below, None)):
        ax.plot(sweep.fit_sizes[part], variance[part], color=VERMILION, linewidth=2.0, label=label)
    ax.plot(sweep.model_sizes, sweep.sgd_variance, color=BLUE, linewidth=2.2, label="one-pass SGD")
    bound = r"$(\sigma^2 + \mathcal{A})\, D / N_{\mathrm{eff}}$, the order of SGD's variance"
    ax.plot(sweep.model_sizes, sweep.variance_bound, color=ORANGE, linestyle="--", linewidth=1.8, label=bound)
    ax.set_ylim(float(sweep.sgd_variance.min()) / 6, float(sweep.variance_bound.max()) * 3 * _HEADROOM)
    _size_axis(ax, sweep)
    ax.set_ylabel("variance")
    return _finished(ax, sweep)


def _draw_simulated(ax: Axes, simulated: Sequence[LeastSquaresRisk | RiskCurve]) -> None:
    for kind, colour, label in ((LeastSquaresRisk, VERMILION, "simulated"), (RiskCurve, BLUE, None)):
        found = [one for one in simulated if isinstance(one, kind)]
        if not found:
            continue
        sizes = [float(Fraction(held(one.asked.model_size, "the model size"))) for one in found]
        means = [float(np.ravel(one.excess)[-1]) for one in found]
        spreads = [0.0 if one.standard_error is None else one.standard_error for one in found]
        errors = [_BAR * float(np.ravel(spread)[-1]) for spread in spreads]
        ax.errorbar(sizes, means, yerr=errors, fmt="o", color=colour, markersize=4.5, capsize=2, zorder=4, label=label)


def _check(sweep: object) -> None:
    if not isinstance(sweep, ModelSizeSweep):
        raise InvalidInput("a sweep over model sizes is needed: see riskcalc.model_size_sweep")


def _size_axis(ax: Axes, sweep: ModelSizeSweep) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.axvline(sweep.samples, color=BLACK, linestyle=":", linewidth=1.0, zorder=1)
    where = ax.get_xaxis_transform()
    look = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}  # at the foot, where no peak is
    ax.text(sweep.samples, 0.02, "$M = n$", transform=where, fontsize=9, va="bottom", ha="center", bbox=look)
    ax.set_xlabel("model size $M$")


def _finished(ax: Axes, sweep: ModelSizeSweep) -> Figure:
    words = common_settings([Question.of(sweep.asked)])
    peak = float(sweep.step_size)
    caption = rf"{words}, $n = {sweep.samples}$ samples, peak $\gamma = {peak:.4g}$; deterministic equivalent"
    return finished(ax, caption)
