"""What a theorem says about one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """On which side of the truth a statement stands, up to a constant."""

    ORDER = "order"  # both sides
    UPPER = "upper bound"
    LOWER = "lower bound"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Terms without the constants in front of them.

    Parameters
    ----------
    theorem : str
        As numbered in the paper.
    kind : Kind
        What is claimed about every part.
    terms : Mapping[str, float]
        By the name of the part they bound (approximation, bias, variance, or excess where only the sum is bounded).
    provided : tuple[str, ...], default ()
        Conditions with constants that the paper leaves open, which no program can check.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: made by the theorems.

    Source: Lin et al. (arXiv 2406.08466).

    Examples
    --------
    >>> from riskcalc import Geometric, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> run = Run(problem, model_size=1e6, schedule=Geometric("1/10"), steps=[1024])
    >>> from riskcalc.theorems import theorem_41
    >>> theorem_41(run).theorem
    '4.1'
    """

    theorem: str
    kind: Kind
    terms: Mapping[str, float]
    provided: tuple[str, ...] = ()

    @property
    def total(self) -> float:
        """Sum of the terms."""
        return sum(self.terms.values())
