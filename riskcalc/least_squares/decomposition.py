"""The expected risk of a least-squares fit, decomposed, with its claim and warrant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from riskcalc.curve import Claim, Question, Warrant
from riskcalc.curve.wording import problem_sentence
from riskcalc.display import Displayed, Facts, Page
from riskcalc.errors import ConsistencyError


@dataclass(frozen=True, kw_only=True)
class LeastSquaresRisk(Displayed):
    """risk = irreducible + excess, excess = approximation + bias + variance.

    approximation: excess of the best model on the features. bias: what the ridge, or too few samples, leave unfitted of
    that model. variance: response to the noise sigma2 + approximation that every sample carries. The parts are None
    where they are not separated (simulation). training: the mean squared error on the samples of the fit.
    standard_error: of the excess, where it is sampled; training_error: of the training loss.
    """

    excess: float
    irreducible: float
    claim: Claim
    warrant: Warrant
    approximation: float | None = None
    bias: float | None = None
    variance: float | None = None
    training: float | None = None
    standard_error: float | None = None
    training_error: float | None = None
    asked: Question = field(default_factory=Question)
    method: dict[str, Any] = field(default_factory=dict)

    def page(self) -> Page:
        """The parts of the risk that are known, for a reader."""
        return Page("least squares", (Facts((("problem", problem_sentence(self.asked)), *self.facts())),))

    def facts(self) -> tuple[tuple[str, str], ...]:
        """The parts, and what they claim."""
        names = ("risk", "excess", "irreducible", "approximation", "bias", "variance", "training", "standard_error")
        parts = ((name.replace("_", " "), getattr(self, name)) for name in names)
        told = tuple((name, f"{value:.9g}") for name, value in parts if value is not None)
        return (("claim", f"{self.claim.value}; {self.warrant.value}"), *told)

    def __post_init__(self) -> None:
        if math.isnan(self.excess):
            raise ConsistencyError("the excess risk of a least-squares fit came out as nan")

    @property
    def risk(self) -> float:
        """irreducible + excess."""
        return self.irreducible + self.excess
