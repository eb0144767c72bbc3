"""Which iterates of a run are averaged into the model whose risk is recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, frozen, number, plain, whole


@runtime_checkable
class Averaging(Protocol):
    """The model recorded at step t: the last iterate theta_t, or a mean of iterates before it."""

    def first(self, step: int) -> int:
        """s, where the model at `step` = t > 0 is the mean of theta_s, ..., theta_(t-1); s = t stands for theta_t."""

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""


@dataclass(frozen=True)
class LastIterate:
    """No averaging: the model at step t is theta_t."""

    def first(self, step: int) -> int:
        return whole(step, "step")

    def describe(self) -> dict[str, Any]:
        return {"name": "last"}


@dataclass(frozen=True)
class IterateAverage:
    """The model at step t is the mean of theta_0, ..., theta_(t-1); at t = 0 it is theta_0.

    Source: Lin et al., arXiv 2406.08466, theorem F.6.
    """

    def first(self, step: int) -> int:
        whole(step, "step")
        return 0

    def describe(self) -> dict[str, Any]:
        return {"name": "iterates"}


@frozen()
class TailAverage:
    """The model at step t is the mean of the last part of the iterates before it.

    Formula: (theta_s + ... + theta_(t-1))/(t - s) with t - s = ceil(fraction t); at t = 0 it is theta_0.
    Valid: 0 < fraction <= 1; a fraction of 1 is `IterateAverage`, any t has at least theta_(t-1).

    >>> TailAverage("1/4").first(10)
    7
    """

    fraction: GivenNumber

    def __post_init__(self) -> None:
        object.__setattr__(self, "fraction", number(self.fraction, "fraction"))
        if not 0 < self.fraction <= 1:
            raise InvalidInput(f"a tail average takes a fraction above 0 and at most 1, not {self.fraction}")

    def first(self, step: int) -> int:
        t = whole(step, "step")
        return t - math.ceil(Fraction(self.fraction) * t)

    def describe(self) -> dict[str, Any]:
        return {"name": "tail", "fraction": plain(self.fraction)}


def windows(averaging: Averaging, steps: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    """The recorded steps whose averages start at each first iterate, both ascending.

    >>> windows(TailAverage("1/2"), (0, 1, 2, 8))
    {0: (0, 1), 1: (2,), 4: (8,)}
    """
    found: dict[int, list[int]] = {}
    for step in steps:
        found.setdefault(averaging.first(step), []).append(step)
    return {first: tuple(found[first]) for first in sorted(found)}
