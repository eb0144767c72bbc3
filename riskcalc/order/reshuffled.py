"""Reshuffled epochs: all N samples once, in a new random order every epoch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput
from riskcalc.order.order import Rows
from riskcalc.order.spelling import described, read_samples, spelled
from riskcalc.quantity import GivenNumber, frozen


@spelled("reshuffled")
@frozen(kw_only=True)
class Reshuffled:
    """Each epoch goes through all N samples once, B at a time, in a new uniformly random order.

    Parameters
    ----------
    samples : number
        N, the size of the data set, a whole number >= 1.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: B divides N. The first epoch is one pass over fresh samples.

    Source: D58.

    Examples
    --------
    >>> Reshuffled(samples=100).samples
    Fraction(100, 1)
    """

    samples: GivenNumber

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", read_samples(self.samples))

    def check(self, batch_size: int) -> None:
        if self.samples % batch_size:
            raise InvalidInput(
                f"reshuffled epochs of {float(self.samples):.6g} samples do not fall into batches of {batch_size}: use "
                "a batch size that divides the number of samples"
            )

    def seen(self, batch_size: int) -> int:
        return batch_size

    def rows(self, generator: np.random.Generator, samples: int) -> Rows:
        return _Epochs(generator, samples)

    def describe(self) -> dict[str, Any]:
        return described(self)


@dataclass
class _Epochs:
    generator: np.random.Generator
    samples: int
    left: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))

    def take(self, count: int) -> NDArray[np.intp]:
        parts, missing = [], count
        while missing:
            if not self.left.size:
                self.left = self.generator.permutation(self.samples).astype(np.intp)
            parts.append(self.left[:missing])
            self.left = self.left[missing:]
            missing -= parts[-1].size
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.intp)
