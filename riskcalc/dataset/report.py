"""What an analysis of a data set found, for a reader and for a program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.dataset.curves import DataCurves
from riskcalc.dataset.eigen import Eigen
from riskcalc.dataset.exponents import DataExponents
from riskcalc.dataset.noise import LabelNoise
from riskcalc.dataset.phase import DataPhase
from riskcalc.dataset.rows import Rows
from riskcalc.display import Block, Displayed, Grid, Lines, Page
from riskcalc.fitting.report import ExponentFit
from riskcalc.problem import MultipleOutputs, Problem
from riskcalc.quantity import held, plain

_MUCH_DRIFT = 0.25  # of the exponent


@dataclass(frozen=True, kw_only=True, eq=False)
class DataReport(Displayed):
    """A data set's spectrum, signal, exponents, phase and risk curves.

    rows: the data as prepared. kernel: its name and settings. eigen: eigenvalues, directions and coefficients.
    noise: the label noise behind the coefficients. fits: exponents a and b. phase: None where b is not determined.
    curves: None where Ctrl-C came before SGD had run.
    """

    rows: Rows
    kernel: dict[str, Any]
    eigen: Eigen
    noise: LabelNoise
    fits: DataExponents
    phase: DataPhase | None
    curves: DataCurves | None

    @property
    def problem(self) -> Problem | MultipleOutputs:
        """The rows as the population: their spectrum, signal and noise."""
        return self.eigen.problem()

    @property
    def eigenvalues(self) -> np.ndarray:
        """Of the kernel matrix over n, centred and scaled to trace 1, largest first."""
        return self.eigen.eigenvalues

    @property
    def signal_power(self) -> np.ndarray:
        """<u_j, y>^2/n added over the outputs, with the label noise that each carries."""
        return self.eigen.power

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        signal = self.fits.signal
        return {
            "data": {
                "name": self.rows.name,
                "rows": self.eigen.rows,
                "total_rows": self.rows.total_rows,
                "columns": int(self.rows.features.shape[1]),
                "outputs": list(self.rows.outputs),
                "notes": list(self.rows.notes),
            },
            "kernel": self.kernel,
            "directions": self.eigen.dimension,
            "eigenvalues": self.eigenvalues.tolist(),
            "signal_power": self.signal_power.tolist(),
            "noise": self.noise.to_dict(),
            "a": None if self.fits.spectrum is None else self.fits.spectrum.to_dict(),
            "b": None if signal is None else signal.to_dict(),
            "b_missing": self.fits.reason or None,
            "phase": None if self.phase is None else self.phase.to_dict(),
            "curves": None if self.curves is None else self.curves.to_dict(),
        }

    def page(self) -> Page:
        """The data, the fitted exponents, the phase, and SGD on the rows beside what is predicted of it."""
        told = (self._data_lines(), self._fit_lines(), self._phase_lines())
        blocks: list[Block] = [Lines(tuple(part)) for part in told]
        if self.curves is None:
            return Page("data set", (*blocks, Lines(("SGD:        not run to its end",))))
        head, grid, reasons = self._curves(self.curves)
        return Page("data set", (*blocks, Lines(tuple(head)), grid, *([Lines(tuple(reasons))] if reasons else [])))

    def __repr__(self) -> str:
        phase = "no phase" if self.phase is None or self.phase.phase is None else f"phase {self.phase.phase}"
        return f"DataReport({self.rows.name}, {self.eigen.rows} rows, {self.kernel['name']} kernel; {phase})"

    def curve_rows(self) -> Grid:
        """The risk in full, one row a step: of SGD on the rows with its standard error, and what is predicted of it."""
        curves = held(self.curves, "the curves")
        shown = {
            "measured": curves.measured,
            "exact": curves.exact,
            "equivalent": curves.equivalent,
            "power law": curves.power_law,
        }
        columns = {name: curve for name, curve in shown.items() if curve is not None}
        error = held(curves.measured.standard_error, "the standard error")
        rows = tuple(
            (str(step), repr(float(error[place])), *(repr(float(curve.risk[place])) for curve in columns.values()))
            for place, step in enumerate(curves.run.steps)
        )
        return Grid(("step", "standard error", *columns), rows)

    def _data_lines(self) -> list[str]:
        rows, noise = self.rows, self.noise
        settings = ", ".join(f"{name} {_short(value)}" for name, value in self.kernel.items() if name != "name")
        outputs = rows.outputs
        listed = ", ".join(outputs[:4]) + (", ..." if len(outputs) > 4 else "")
        return [
            f"data:       {rows.name}: {self.eigen.rows} rows, {rows.features.shape[1]} columns",
            f"outputs:    {len(outputs)} ({listed})",
            *(f"            {note}" for note in rows.notes),
            f"kernel:     {self.kernel['name']}{f' ({settings})' if settings else ''}, centred, scaled to trace 1; "
            f"{self.eigen.dimension} directions",
            f"noise:      {noise.variance:.3g} of the labels' variance, {noise.describe()}",
        ]

    def _fit_lines(self) -> list[str]:
        if self.fits.spectrum is None:
            return [f"a, b:       none: {self.fits.reason}"]
        lines = _exponent_lines("a", "eigenvalues j^-a", self.fits.spectrum)
        if self.fits.signal is None:
            return [*lines, f"b:          none: {self.fits.reason}"]
        return lines + _exponent_lines("b", "signal power j^-b", self.fits.signal)

    def _phase_lines(self) -> list[str]:
        phase = self.phase
        if phase is None:
            missing = "b is" if self.fits.spectrum is not None else "a and b are"
            return [f"phase:      none, for {missing} not determined"]
        point = f"a = {plain(phase.a)}, b = {plain(phase.b)}"
        if phase.phase is None:
            lines = [f"phase:      none at {point}: {phase.outside}"]
        else:
            lines = [
                f"phase:      {phase.phase} at {point} (without label noise): {' = '.join(phase.balance)}",
                f"            model size ~ C^{phase.model_size_exponent}, loss ~ C^-{phase.loss_exponent}",
            ]
        allowed = ", ".join(phase.allowed) or "none"
        more = ", and b <= 1, where there is no phase" if phase.reaches_outside else ""
        return [*lines, f"            the intervals allow: {allowed}{more}"]

    def _curves(self, curves: DataCurves) -> tuple[list[str], Grid, list[str]]:
        run = curves.run
        step = held(run.question.schedule, "the schedule").step_size
        lines = [
            f"SGD:        M = {int(run.model_size)} sketched features, step size {step}, batch size {run.batch_size}; "
            "rows drawn with replacement",
            f"            {curves.sketches} sketches, {curves.runs} runs each; risk as a share of the labels' variance",
        ]
        titles = ("step", "measured", "+-", "exact", "equivalent", "power law", "gap to exact, %")
        shown = (curves.measured, curves.exact, curves.equivalent, curves.power_law)
        columns = [None if curve is None else np.asarray(curve.risk) for curve in shown]
        error = held(curves.measured.standard_error, "the standard error")
        rows = []
        for place, step_count in enumerate(run.steps):
            gap = f"{100 * curves.gap[place]:+.2f} +- {100 * curves.gap_error[place]:.2f}"
            numbers = (_cell(column, place) for column in columns[1:])
            rows.append((str(step_count), _cell(columns[0], place), f"{error[place]:.4f}", *numbers, gap))
        reasons = [f"no {name.replace('_', ' ')}: {reason}" for name, reason in curves.missing.items()]
        return lines, Grid(titles, tuple(rows)), reasons


def is_bent(fit: ExponentFit) -> bool:
    """Whether the local exponent visibly changes, by much, so that its one value depends on the window."""
    term = fit.terms[0]
    low, high = held(term.drift_interval, "the interval of the drift")
    return abs(term.drift) > _MUCH_DRIFT * abs(term.exponent) and low * high > 0


def _exponent_lines(name: str, what: str, fit: ExponentFit) -> list[str]:
    term, window = fit.terms[0], fit.window
    intervals = held(term.interval, "the interval of the exponent"), held(term.drift_interval, "that of its drift")
    reach, bend = (f"[{low:.3f}, {high:.3f}]" for low, high in intervals)
    lines = [
        f"{name}:          {term.exponent:.3f} {reach} ({100 * fit.level:g} %), {what}, "
        f"j = {window.first:.0f} to {window.last:.0f}: {window.chosen}",
        f"            drift across the window {term.drift:+.3f} {bend}; {fit.uncertainty}",
    ]
    if is_bent(fit):
        lines.append("            not one power law: the local exponent changes much, and the value with the window")
    return lines


def _cell(column: np.ndarray | None, place: int) -> str:
    return "" if column is None else f"{column[place]:.4f}"


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
