"""Many passes with replacement: every batch is drawn anew from the N samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.order.order import Rows
from riskcalc.order.spelling import described, read_samples, spelled
from riskcalc.quantity import GivenNumber, frozen


@spelled("with-replacement")
@frozen(kw_only=True)
class WithReplacement:
    """Each step takes B samples drawn uniformly, with replacement, from N that were drawn once.

    Parameters
    ----------
    samples : number
        N, the size of the data set; the equivalent takes any real one.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: N >= 1.

    Source: D58.

    Examples
    --------
    >>> WithReplacement(samples=100).samples
    Fraction(100, 1)
    """

    samples: GivenNumber

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", read_samples(self.samples))

    def check(self, batch_size: int) -> None:
        """Any batch can be drawn."""

    def seen(self, batch_size: int) -> int:
        return batch_size

    def rows(self, generator: np.random.Generator, samples: int) -> Rows:
        return _Drawn(generator, samples)

    def describe(self) -> dict[str, Any]:
        return described(self)


@dataclass
class _Drawn:
    generator: np.random.Generator
    samples: int

    def take(self, count: int) -> NDArray[np.intp]:
        # Scaled uniforms, not `integers`, which keeps half-used draws between calls.
        drawn = (self.generator.random(count) * self.samples).astype(np.intp)
        return np.minimum(drawn, self.samples - 1)
