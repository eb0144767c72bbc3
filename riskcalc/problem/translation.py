"""Translation between papers: exponents, step size and risk in a paper's letters, to ours and back.

Ours is: eigenvalues j^-a, signal power lambda_j w_j^2 = j^-b, M features; the update uses the batch mean of
the gradient of half the squared error; the risk is the squared error without a factor 1/2. The papers
themselves are in `riskcalc.problem.papers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Protocol, Self, TypeVar

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, NumberLike, number, whole


class Gradient(StrEnum):
    """How an update treats the gradients of its batch."""

    MEAN = "mean over the batch"
    SUM = "sum over the batch"


@dataclass(frozen=True, kw_only=True)
class Convention:
    """Where a paper's letters come from, and what they mean besides the two exponents.

    model_size: the paper's letter for our M. gradient: None where the paper takes no SGD steps (gradient
    flow, ridge regression). risk_factor: the paper's risk divided by ours, None where it is not recorded.
    """

    authors: str
    title: str
    arxiv: str
    model_size: str
    gradient: Gradient | None = None
    risk_factor: Fraction | None = None


class Letters(Protocol):
    """A problem's exponents in the letters of one paper."""

    convention: ClassVar[Convention]

    def exponents(self) -> tuple[Number, Number]:
        """Our (a, b)."""

    @classmethod
    def from_exponents(cls, *, a: NumberLike, b: NumberLike) -> Self:
        """The paper's letters for our a and b."""


AnyLetters = TypeVar("AnyLetters", bound=Letters)


def translate(letters: Letters, *, to: type[AnyLetters]) -> AnyLetters:
    """The same problem in the letters of another paper.

    >>> from riskcalc.problem import Atanasov2024, Lin2024
    >>> translate(Lin2024(a=2, b=3), to=Atanasov2024)
    Atanasov2024(alpha=Fraction(2, 1), r=Fraction(1, 2))
    """
    a, b = letters.exponents()
    return to.from_exponents(a=a, b=b)


def our_step_size(paper: type[Letters], step_size: NumberLike, *, batch_size: NumberLike = 1) -> Number:
    """Our step size (batch mean) for a paper's.

    >>> from riskcalc.problem import Paquette2024
    >>> our_step_size(Paquette2024, "1/10", batch_size=8)
    Fraction(4, 5)
    """
    return number(step_size, "step_size") * _step_factor(paper, batch_size)


def their_step_size(paper: type[Letters], step_size: NumberLike, *, batch_size: NumberLike = 1) -> Number:
    """A paper's step size for ours (batch mean)."""
    return number(step_size, "step_size") / _step_factor(paper, batch_size)


def our_risk(paper: type[Letters], risk: NumberLike) -> Number:
    """Our risk (no factor 1/2) for a paper's; excess and irreducible risk translate alike.

    >>> from riskcalc.problem import Li2025
    >>> our_risk(Li2025, "1/4")
    Fraction(1, 2)
    """
    return number(risk, "risk") / _risk_factor(paper)


def their_risk(paper: type[Letters], risk: NumberLike) -> Number:
    """A paper's risk for ours."""
    return number(risk, "risk") * _risk_factor(paper)


def _step_factor(paper: type[Letters], batch_size: NumberLike) -> int:
    convention = paper.convention
    size = whole(batch_size, "batch_size", least=1)
    if convention.gradient is None:
        raise InvalidInput(f"arXiv {convention.arxiv} takes no SGD steps: there is no step size to translate")
    return size if convention.gradient is Gradient.SUM else 1


def _risk_factor(paper: type[Letters]) -> Fraction:
    convention = paper.convention
    if convention.risk_factor is None:
        raise InvalidInput(f"the normalisation of the risk in arXiv {convention.arxiv} is not recorded here")
    return convention.risk_factor
