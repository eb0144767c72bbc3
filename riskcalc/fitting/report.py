"""What a fit found: window, estimate, interval, drift, and whether a derived exponent lies inside."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.display import Block, Displayed, Facts, Lines, Page
from riskcalc.fitting.power_sum import curve_sum
from riskcalc.fitting.table import Table
from riskcalc.fitting.window import Window
from riskcalc.quantity import Number, Real, plain

Limits = tuple[float, float]

_ROUNDING = 1e-12  # of an exponent, in float64 whatever the curve
_NO_POWER_LAW = 0.25  # of the exponent; beyond such a drift its value depends on the window above all


@dataclass(frozen=True, kw_only=True)
class Term:
    """One power law coefficient * t^-exponent of a fit.

    interval: of the exponent of this window, at the stated level; None where nothing was sampled. drift: how much the
    local exponent changes from the first step of the window to the last. numerical: what the stated error of a
    computed curve can do to the exponent. expected: the derived exponent to compare with.
    """

    exponent: float
    interval: Limits | None
    coefficient: float
    coefficient_interval: Limits | None
    drift: float
    drift_interval: Limits | None
    numerical: float = 0.0
    expected: Number | None = None

    @property
    def resolution(self) -> float:
        """How well the asymptotic exponent can be known from this window at best: |drift|, plus numerical error."""
        return abs(self.drift) + self.numerical + _ROUNDING

    @property
    def inside(self) -> bool | None:
        """Whether the expected exponent lies in the interval; None without either."""
        if self.expected is None or self.interval is None:
            return None
        return self.interval[0] <= float(self.expected) <= self.interval[1]

    @property
    def inside_with_drift(self) -> bool | None:
        """Whether it lies in the interval (or at the estimate) widened by the resolution on both sides."""
        if self.expected is None:
            return None
        low, high = self.interval or (self.exponent, self.exponent)
        return low - self.resolution <= float(self.expected) <= high + self.resolution

    def to_dict(self) -> dict[str, Any]:
        return {
            "exponent": self.exponent,
            "interval": _pair(self.interval),
            "coefficient": self.coefficient,
            "coefficient_interval": _pair(self.coefficient_interval),
            "drift": self.drift,
            "drift_interval": _pair(self.drift_interval),
            "resolution": self.resolution,
            "expected": None if self.expected is None else plain(self.expected),
            "inside": self.inside,
            "inside_with_drift": self.inside_with_drift,
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class ExponentFit(Displayed):
    """A fit E = floor + sum of terms, in log E.

    terms: slowest first. floor_source: held and why, or fitted. data: the table inside the window; whole: all of it.
    spread: root mean square of the log residuals. uncertainty: where the intervals come from, in words.
    """

    terms: tuple[Term, ...]
    floor: float
    floor_interval: Limits | None
    floor_source: str
    window: Window
    level: float
    uncertainty: str
    loss: str
    spread: float
    data: Table
    whole: Table
    parameters: Real

    @property
    def exponent(self) -> float:
        """Of the slowest term."""
        return self.terms[0].exponent

    @property
    def interval(self) -> Limits | None:
        """Of the exponent of the slowest term."""
        return self.terms[0].interval

    @property
    def of_one_model(self) -> Limits | None:
        """Least and largest standard deviation of one sketch's excess over the excess in the window, where it is known.

        What one run of one model adds to the uncertainty of a fit: steps of one sketch move together.
        """
        scatter = self.data.of_one_model
        return None if scatter is None else (float(scatter.min()), float(scatter.max()))

    def values(self) -> Real:
        """The fitted curve at the steps of the window."""
        model = curve_sum(self.data.steps, terms=len(self.terms))
        return np.asarray(np.exp(model.values(self.parameters[None])[0]))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "terms": [term.to_dict() for term in self.terms],
            "floor": self.floor,
            "floor_interval": _pair(self.floor_interval),
            "floor_source": self.floor_source,
            "window": {
                "first": self.window.first,
                "last": self.window.last,
                "points": self.window.points,
                "decades": self.window.decades,
                "chosen": self.window.chosen,
            },
            "level": self.level,
            "uncertainty": self.uncertainty,
            "loss": self.loss,
            "spread": self.spread,
            "of_one_model": _pair(self.of_one_model),
            "columns": self.data.columns or None,
            "replicates": None if self.data.replicates is None else len(self.data.replicates),
        }

    def page(self) -> Page:
        """What was fitted and where, then each exponent with its interval and drift."""
        window = self.window
        facts = [
            ("model", f"E = floor + {' + '.join(_term_formula(place) for place in range(len(self.terms)))}"),
            (
                "window",
                f"t = {window.first:.6g} to {window.last:.6g} ({window.decades:.2f} decades, {window.points} steps), "
                f"{window.chosen}",
            ),
            ("floor", f"{self.floor:.6g}{_between(self.floor_interval)}, {self.floor_source}"),
            ("interval", self.uncertainty),
            *([("columns", self.data.columns)] if self.data.columns else []),
            ("residuals", f"{self.spread:.2g} (root mean square of log E); {self.loss}"),
        ]
        if self.of_one_model is not None:
            low, high = self.of_one_model
            scatters = f"its excess scatters by {low:.2%} to {high:.2%} at this size (one sketch, D52)"
            facts.append(("one model", scatters))
        blocks: list[Block] = [Facts(tuple(facts))]
        for place, term in enumerate(self.terms, 1):
            number = f" {place}" if len(self.terms) > 1 else ""
            blocks.append(Lines(tuple(_term_lines(term, number, self.level))))
        return Page("fitted exponents", tuple(blocks))

    def __repr__(self) -> str:
        exponents = ", ".join(f"{term.exponent:.{_digits(term)}f}" for term in self.terms)
        return f"ExponentFit({exponents} over t = {self.window.first:.6g} to {self.window.last:.6g})"


def _term_lines(term: Term, number: str, level: float) -> list[str]:
    digits = _digits(term)
    interval = "" if term.interval is None else f"   {100 * level:g} % interval{_between(term.interval, digits)}"
    lines = [
        f"exponent{number}:  {term.exponent:.{digits}f}{interval}",
        f"  coefficient: {term.coefficient:.6g}{_between(term.coefficient_interval)}",
        f"  drift across the window: {term.drift:+.{digits}f}{_between(term.drift_interval, digits)}",
    ]
    if abs(term.drift) > _NO_POWER_LAW * abs(term.exponent):
        lines.append("  the local exponent changes much: not one power law here; try another window or two terms")
    if term.expected is not None:
        lines.append(f"  expected {plain(term.expected)}: {_verdict(term, level)}")
    return lines


def _verdict(term: Term, level: float) -> str:
    if term.interval is None:
        words = "inside" if term.inside_with_drift else "outside"
        return f"{words} the resolution of this window, {term.resolution:.2g} (no sampling error; the drift limits)"
    if term.inside:
        return f"inside the {100 * level:g} % interval"
    if term.inside_with_drift:
        return f"outside the {100 * level:g} % interval, but nearer to it than the drift across the window"
    return f"outside the {100 * level:g} % interval, also with the drift allowed for"


def _digits(term: Term) -> int:
    low, high = term.interval or (0.0, term.resolution)
    width = high - low
    if not math.isfinite(width) or width <= 0:
        return 4
    return int(min(max(2, 2 - math.floor(math.log10(width))), 8))


def _term_formula(place: int) -> str:
    return f"c{place + 1} t^-s{place + 1}"


def _between(limits: Limits | None, digits: int | None = None) -> str:
    if limits is None:
        return ""
    low, high = (f"{end:.{digits}f}" if digits is not None else f"{end:.6g}" for end in limits)
    return f" [{low}, {high}]"


def _pair(limits: Limits | None) -> list[float] | None:
    return None if limits is None or not all(map(math.isfinite, limits)) else list(limits)


