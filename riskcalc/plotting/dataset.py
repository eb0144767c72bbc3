"""A data set: spectrum and signal with their fits above, risk curves measured and predicted below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskcalc.dataset import DataReport
from riskcalc.dataset.report import is_bent
from riskcalc.errors import InvalidInput
from riskcalc.fitting.report import ExponentFit
from riskcalc.plotting.canvas import HEIGHT, axes_or_new, figure_of
from riskcalc.plotting.captions import write_caption
from riskcalc.plotting.legend import draw_legend
from riskcalc.plotting.scales import drawable, dress, set_range, step_axis
from riskcalc.plotting.style import BLACK, BLUE, FLOOR_LINE, GREEN, GREY, ORANGE, SKY, VERMILION
from riskcalc.quantity import held

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_BAR = 2.0  # half the length of an error bar, in standard errors
_BINS_A_DECADE = 8
_DECADES = 5.0  # of eigenvalues or powers shown below the largest


def plot_data(report: DataReport) -> Figure:
    """Draw a data set's analysis in two panels.

    Above: eigenvalues and signal powers (small; averages over eighths of a decade on top), the windows and the
    fitted laws, and the label noise that every power carries. Below: the risk of SGD on the rows with bars of two
    standard errors, and what the same sketches, the measured spectrum and the fitted power law predict; a report
    without curves has no lower panel.

    Parameters
    ----------
    report : DataReport
        What `analyse_data` returns.

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

    Source: D36.

    Examples
    --------
    >>> import numpy as np
    >>> from riskcalc import analyse_data
    >>> draw = np.random.default_rng(0)
    >>> rows = draw.normal(size=(60, 8)) / np.arange(1, 9)
    >>> report = analyse_data((rows, rows @ np.ones(8)), resamples=20, runs=2, sketches=2)
    >>> plot_data(report).axes[0].get_xlabel()
    'direction $j$ of the kernel matrix'
    """
    if not isinstance(report, DataReport):
        raise InvalidInput(f"plot_data draws what analyse_data returns, not {type(report).__name__}")
    upper = axes_or_new(None)
    figure = figure_of(upper)
    figure.set_size_inches(figure.get_figwidth(), 1.75 * HEIGHT)
    figure.clear()
    drawn = (_draw_spectrum,) if report.curves is None else (_draw_spectrum, _draw_curves)
    panels = figure.subplots(len(drawn), 1, squeeze=False)[:, 0]
    for ax, draw in zip(panels, drawn, strict=True):
        draw(ax, report)
        dress(ax)
    return figure


def _draw_spectrum(ax: Axes, report: DataReport) -> None:
    eigenvalues, power = drawable(report.eigenvalues), drawable(report.signal_power)
    order = np.arange(1, len(eigenvalues) + 1)
    floor = report.noise.variance / report.eigen.rows
    ax.set_xscale("log")
    ax.plot(order, eigenvalues, "o", color=BLUE, markersize=3.0, label=r"eigenvalues $\lambda_j$", rasterized=True)
    ax.plot(order, power, ".", color=ORANGE, markersize=3.0, alpha=0.45, rasterized=True)
    places, means = _binned(report.signal_power)
    ax.plot(places, means, "s", color=ORANGE, markersize=4.5, label=r"signal power $\lambda_j w_j^2$, noise included")
    if report.fits.spectrum is not None:
        _draw_law(ax, report.fits.spectrum, BLACK, "a")
    if report.fits.signal is not None:
        _draw_law(ax, report.fits.signal, VERMILION, "b")
    laws = [fit.values() for fit in (report.fits.spectrum, report.fits.signal) if fit is not None]
    top = max(float(np.nanmax(values)) for values in (eigenvalues, power, *laws))
    low = max(min(float(np.nanmin(eigenvalues)), floor or np.inf, means.min()), top / 10**_DECADES)
    set_range(ax, low, top)
    if floor >= low:
        ax.axhline(floor, color=GREY, linestyle=FLOOR_LINE, linewidth=1.0, label=r"label noise $\sigma^2/n$")
    ax.set_xlabel("direction $j$ of the kernel matrix")
    ax.set_ylabel("share of trace, of label variance")
    write_caption(ax, _title(report))
    draw_legend(ax)


def _draw_law(ax: Axes, fit: ExponentFit, colour: str, letter: str) -> None:
    term = fit.terms[0]
    low, high = held(term.interval, "the interval of the exponent")
    spread = (high - low) / 2
    words = rf"fit, bias taken off: ${letter} = {term.exponent:.2f} \pm {spread:.2f}$ ({100 * fit.level:g} %)"
    if is_bent(fit):
        words = rf"not one power law: local ${letter}$ moves by {term.drift:+.2f} about {term.exponent:.2f}"
    ax.plot(
        fit.data.steps,
        fit.values(),
        color=colour,
        linewidth=1.8,
        linestyle=":" if is_bent(fit) else "-",
        zorder=4,
        label=words,
    )


def _binned(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means over an eighth of a decade of j, and the middles of these."""
    order = np.arange(1, len(values) + 1)
    bins = np.floor(_BINS_A_DECADE * np.log10(order) + 1e-9).astype(int)
    names = np.unique(bins)
    places = np.array([np.exp(np.log(order[bins == name]).mean()) for name in names])
    return places, np.array([values[bins == name].mean() for name in names])


def _draw_curves(ax: Axes, report: DataReport) -> None:
    curves = held(report.curves, "the curves")
    step_axis(ax, [curves.measured])
    measured = np.asarray(curves.measured.risk)
    error = curves.measured.standard_error
    bars = None if error is None else _BAR * error
    words = rf"SGD on the rows ($\pm${_BAR:.0f} standard errors)"
    steps = np.asarray(curves.run.steps)
    ax.errorbar(steps, measured, yerr=bars, fmt="o", color=BLUE, markersize=4.5, capsize=2.5, zorder=4, label=words)
    shown = [measured]
    lines = [
        (curves.exact, GREEN, "-", f"exact on the same {curves.sketches} sketches"),
        (curves.equivalent, VERMILION, "--", "equivalent, measured spectrum"),
        (curves.power_law, BLACK, ":", "equivalent, fitted power law"),
    ]
    for curve, colour, style, name in lines:
        if curve is not None:
            ax.plot(steps, np.asarray(curve.risk), color=colour, linestyle=style, linewidth=1.8, label=name)
            shown.append(np.asarray(curve.risk))
    everything = drawable(np.concatenate(shown))
    set_range(ax, float(np.nanmin(everything)), float(np.nanmax(everything)))
    if report.noise.variance >= float(np.nanmin(everything)):
        ax.axhline(report.noise.variance, color=SKY, linestyle=FLOOR_LINE, linewidth=1.0, label="label noise")
    run = curves.run
    size, step = int(run.model_size), held(run.question.schedule, "the schedule").step_size
    title = (
        rf"$M = {size}$, $\gamma = {step}$, $B = {run.batch_size}$; {curves.sketches} sketches, {curves.runs} runs each"
    )
    write_caption(ax, title)
    ax.set_ylabel("risk, share of label variance")
    draw_legend(ax)


def _title(report: DataReport) -> str:
    outputs = len(report.rows.outputs)
    counted = f"{report.eigen.rows} rows, {outputs} output{'s' * (outputs > 1)}"
    words = f"{report.rows.name}: {counted}, {report.kernel['name']} kernel"
    phase = report.phase
    bent = [name for name, fit in (("a", report.fits.spectrum), ("b", report.fits.signal)) if fit and is_bent(fit)]
    if bent:
        return f"{words}; no phase: {' and '.join(bent)} not of one power law"
    return words if phase is None or phase.phase is None else f"{words}; phase {phase.phase}"
