"""The expected risk of a least-squares fit, decomposed, with its claim and warrant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from riskcalc.curve import Claim, Question, Warrant
from riskcalc.errors import ConsistencyError


@dataclass(frozen=True, kw_only=True)
class LeastSquaresRisk:
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

    def __post_init__(self) -> None:
        if math.isnan(self.excess):
            raise ConsistencyError("the excess risk of a least-squares fit came out as nan")

    @property
    def risk(self) -> float:
        """irreducible + excess."""
        return self.irreducible + self.excess
