"""The answer for the quadratic parameterisation: medians of runs, and how many were lost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from riskcalc.curve import Question
from riskcalc.display import Displayed, Facts, Grid, Page
from riskcalc.quantity import Real


@dataclass(frozen=True, kw_only=True, eq=False)
class QuadraticCurve(Displayed):
    """The excess along a run of SGD on v, one value a recorded step.

    excess: of simulated runs the median, lost ones counted as infinite; of the mean-field chain the mean of its
    replicas. The expected excess of SGD need not be finite (D71), so that no mean over all runs is stated.
    mean, standard_error: of the runs that were not lost; of the replicas. low, high: an interval of the median of at
    least 95 %, by order statistics; None of the chain. lost: runs that had diverged by then, of `runs`.
    approximation: the signal beyond the first M coordinates, part of the excess.
    """

    steps: tuple[int, ...]
    excess: Real
    mean: Real
    standard_error: Real
    low: Real | None
    high: Real | None
    lost: tuple[int, ...]
    runs: int
    irreducible: float
    approximation: float
    claim: str
    asked: Question = field(default_factory=Question)

    @property
    def risk(self) -> Real:
        """irreducible + excess."""
        return np.asarray(self.irreducible + self.excess)

    def page(self) -> Page:
        """One row a step."""
        facts = (
            ("claim", self.claim),
            ("irreducible", f"{self.irreducible:.6g}"),
            ("approximation", f"{self.approximation:.6g}"),
            ("lost", f"{self.lost[-1]} of {self.runs} runs diverged"),
        )
        titles = ("step", "excess", "from", "to", "mean of the others", "standard error", "lost")
        rows = []
        for place, step in enumerate(self.steps):
            ends = ("", "") if self.low is None or self.high is None else (self.low[place], self.high[place])
            numbers = (self.excess[place], *ends, self.mean[place], self.standard_error[place])
            cells = tuple(value if isinstance(value, str) else f"{value:.5g}" for value in numbers)
            rows.append((str(step), *cells, str(self.lost[place])))
        return Page("quadratic parameterisation", (Facts(facts), Grid(titles, tuple(rows))))
