"""Sampled means with standard errors, enlarged batch by batch until they are precise enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Real

_ROUNDING = 1e-12
_ROUNDS = 12
_SURPLUS = 1.15  # the spread itself is only estimated: ask for a little more than it says
_SMALLEST_BATCH = 2  # a single draw has no spread


@dataclass(frozen=True, kw_only=True, eq=False)
class Samples:
    """count: independent draws. mean, standard_error (of the mean): one value a step."""

    count: int
    mean: Real
    standard_error: Real

    @property
    def random(self) -> NDArray[np.bool_]:
        """Where something is random; elsewhere the draws differ by rounding at most."""
        return self.standard_error > _ROUNDING * np.abs(self.mean)

    def joined(self, other: Samples) -> Samples:
        """Both together, as if drawn at once."""
        count = self.count + other.count
        shift = other.mean - self.mean
        squares = self._squares() + other._squares() + shift**2 * (self.count * other.count / count)
        return Samples(
            count=count,
            mean=self.mean + shift * (other.count / count),
            standard_error=np.sqrt(squares / (count - 1) / count),
        )

    def _squares(self) -> Real:
        return self.standard_error**2 * self.count * (self.count - 1)


Draw = Callable[[int, int], Samples]
"""draw(batch, count): `count` fresh draws, independent of those of every other batch number."""

Needed = Callable[[Sequence[Samples]], Sequence[float]]
"""From what is there to the total number of draws that each source should have."""


def gather(draws: Sequence[Draw], needed: Needed, *, first: int, most: int) -> list[Samples]:
    """Draw from every source until `needed` is met, or `most` draws are made of each.

    How many are drawn must depend on the spread alone, never on how well the means agree with a theory:
    otherwise looking would bias the test.
    """
    found = [draw(0, first) for draw in draws]
    for batch in range(1, _ROUNDS):
        wanted = [min(float(most), _SURPLUS * count) for count in needed(found)]
        missing = [math.ceil(count) - samples.count for count, samples in zip(wanted, found, strict=True)]
        if max(missing) <= 0:
            break
        found = [
            samples.joined(draw(batch, max(count, _SMALLEST_BATCH))) if count > 0 else samples
            for draw, samples, count in zip(draws, found, missing, strict=True)
        ]
    return found


def batch_seed(*parts: int) -> int:
    """A seed for one batch, different for different parts.

    >>> batch_seed(0, 1) == batch_seed(0, 1), batch_seed(0, 1) == batch_seed(1, 0)
    (True, False)
    """
    return int(np.random.SeedSequence(list(parts)).generate_state(1, np.uint64)[0])
