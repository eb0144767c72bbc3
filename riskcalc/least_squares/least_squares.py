"""One least-squares fit, as a question: which problem, how many features, how many samples, which ridge."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from riskcalc.errors import InvalidInput
from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.problem import Problem
from riskcalc.quantity import GivenNumber, frozen, given, number, of_type, plain


@frozen(kw_only=True)
class LeastSquares:
    """Fit theta to n samples (x_i, y_i) through the features S x_i.

    Formula: theta minimises (1/n) sum_i (y_i - <S x_i, theta>)^2 + ridge |theta|^2; with ridge = 0 the minimiser of
        smallest norm (ridgeless).
    model_size: M >= 1 features, more than the dimension if wanted. samples: n >= 1. Whole numbers to be drawn; the
        deterministic equivalent also takes real ones. ridge: at least 0.
    Valid: the ridgeless fit has no finite expected risk where n is the smaller of M and the dimension.
    """

    problem: Problem
    model_size: GivenNumber
    samples: GivenNumber
    ridge: GivenNumber = given(default=0)

    def __post_init__(self) -> None:
        of_type(self.problem, Problem, "problem", "a Problem(...)")
        for name in ("model_size", "samples", "ridge"):
            object.__setattr__(self, name, number(getattr(self, name), name))
        for name in ("model_size", "samples"):
            if getattr(self, name) < 1:
                raise InvalidInput(f"{name} must be at least 1, not {getattr(self, name)}")
        if self.ridge < 0:
            raise InvalidInput(f"ridge must be at least 0, not {self.ridge}")

    def describe(self) -> dict[str, Any]:
        """Everything that was asked, as plain JSON values."""
        return {
            **self.problem.describe(),
            "model_size": plain(self.model_size),
            "samples": plain(self.samples),
            "ridge": plain(self.ridge),
        }


@runtime_checkable
class Way(Protocol):
    """A way to answer: a frozen value."""

    def risk(self, asked: LeastSquares) -> LeastSquaresRisk:
        """The expected risk of the fit."""
