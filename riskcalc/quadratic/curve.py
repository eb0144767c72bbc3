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
    least 95 %, by order statistics; None of fewer than 6 runs, and of the chain. lost: runs that had diverged by then;
    None of the chain. runs: how many, or replicas.
    approximation: the signal beyond the first M coordinates, part of the excess.
    """

    steps: tuple[int, ...]
    excess: Real
    mean: Real
    standard_error: Real
    low: Real | None
    high: Real | None
    lost: tuple[int, ...] | None
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
        facts = [("claim", self.claim), ("irreducible", f"{self.irreducible:.6g}")]
        facts.append(("approximation", f"{self.approximation:.6g}"))
        columns: dict[str, Real] = {"excess": self.excess}
        if self.low is not None and self.high is not None:
            columns |= {"from": self.low, "to": self.high}
        if self.lost is not None:
            facts.append(("lost", f"{self.lost[-1]} of {self.runs} runs diverged"))
            columns["mean of the others"] = self.mean
        columns["standard error"] = self.standard_error
        rows = [
            [str(step), *(f"{values[place]:.5g}" for values in columns.values())]
            for place, step in enumerate(self.steps)
        ]
        titles = ["step", *columns]
        if self.lost is not None:
            titles.append("lost")
            rows = [[*row, str(count)] for row, count in zip(rows, self.lost, strict=True)]
        grid = Grid(tuple(titles), tuple(map(tuple, rows)))
        return Page("quadratic parameterisation", (Facts(tuple(facts)), grid))
