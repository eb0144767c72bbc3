"""Full batch: gradient descent on the mean over all N samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput
from riskcalc.order.order import Rows
from riskcalc.order.spelling import described, read_samples, spelled
from riskcalc.quantity import GivenNumber, frozen, whole


@spelled("full-batch")
@frozen(kw_only=True)
class FullBatch:
    """Every step is one of gradient descent on all samples: theta <- theta - gamma grad L/2.

    L = (1/N) sum_i (y_i - <S x_i, theta>)^2 is the training loss.

    Parameters
    ----------
    samples : number
        N, the size of the data set, a whole number >= 1; the equivalent takes any real one.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: a run on it takes no batch size.

    Source: D56, D57, D59.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run, risk
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="3/2"), noise=1)
    >>> words = {"model_size": 300, "schedule": Constant("3/10"), "steps": [671]}
    >>> f"{risk(Run(problem, data=FullBatch(samples=100), **words)).excess[0]:.4f}"
    '0.6460'
    """

    samples: GivenNumber

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", read_samples(self.samples))

    def check(self, batch_size: int) -> None:
        if batch_size != 1:
            raise InvalidInput(
                f"full-batch steps take all samples, so batch_size {batch_size} has no meaning: leave it out, or use "
                "WithReplacement(samples=...)"
            )

    def seen(self, batch_size: int) -> int:
        return whole(self.samples, "samples", least=1)

    def rows(self, generator: np.random.Generator, samples: int) -> Rows:
        return _InTurn(samples)

    def describe(self) -> dict[str, Any]:
        return described(self)


@dataclass
class _InTurn:
    """0, ..., N - 1, and again."""

    samples: int
    at: int = 0

    def take(self, count: int) -> NDArray[np.intp]:
        taken = (self.at + np.arange(count)) % self.samples
        self.at = (self.at + count) % self.samples
        return taken
