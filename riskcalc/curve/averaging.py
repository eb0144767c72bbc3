"""Which iterates of a run are averaged into the model whose risk is recorded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol, runtime_checkable

from riskcalc.errors import InvalidInput
from riskcalc.optimiser import Averaged, Optimiser
from riskcalc.quantity import GivenNumber, frozen, number, plain, whole


@runtime_checkable
class Averaging(Protocol):
    """The model recorded at step t: the last iterate theta_t, or a mean of iterates before it."""

    def first(self, step: int) -> int:
        """s, where the model at `step` = t > 0 is the mean of theta_s, ..., theta_(t-1); s = t stands for theta_t."""

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""


@runtime_checkable
class Following(Protocol):
    """An averaging that is one more buffer of the method: its last value is recorded."""

    def following(self, optimiser: Optimiser) -> Optimiser:
        """The method with that buffer, which is read."""


@dataclass(frozen=True)
class LastIterate:
    """No averaging: the model at step t is theta_t.

    Notes
    -----
    Valid: any run; it is what a run reads by default.

    Source: D01.

    Examples
    --------
    >>> LastIterate()
    LastIterate()
    """

    def first(self, step: int) -> int:
        return whole(step, "step")

    def describe(self) -> dict[str, Any]:
        return {"name": "last"}


@dataclass(frozen=True)
class IterateAverage:
    """The model at step t is the mean of theta_0, ..., theta_(t-1); at t = 0 it is theta_0.

    Notes
    -----
    Valid: any run of SGD.

    Source: Lin et al., arXiv 2406.08466, theorem F.6.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run, risk
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3), noise=1)
    >>> words = {"model_size": 100, "schedule": Constant("3/10"), "steps": [10**4]}
    >>> bool(risk(Run(problem, averaging=IterateAverage(), **words)).excess[0] < risk(Run(problem, **words)).excess[0])
    True
    """

    def first(self, step: int) -> int:
        whole(step, "step")
        return 0

    def describe(self) -> dict[str, Any]:
        return {"name": "iterates"}


@frozen()
class TailAverage:
    """The model at step t is the mean of the last part of the iterates before it.

    Parameters
    ----------
    fraction : number
        Share of the run that is averaged.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: (theta_s + ... + theta_(t-1))/(t - s) with t - s = ceil(fraction t); at t = 0 it is theta_0.

    Valid: 0 < fraction <= 1; a fraction of 1 is `IterateAverage`, any t has at least theta_(t-1).

    Source: D24.

    Examples
    --------
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


@frozen()
class ExponentialAverage:
    """The model at step t is an exponential moving average of the iterates, which starts at theta_0.

    Parameters
    ----------
    rate : number
        How much of each new iterate enters.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: mean <- (1 - rate) mean + rate theta_t, t = 1, 2, ...

    Valid: 0 < rate <= 1; a rate of 1 is the last iterate.

    Source: D24.

    Examples
    --------
    >>> ExponentialAverage("1/100").rate
    Fraction(1, 100)
    """

    rate: GivenNumber

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", number(self.rate, "rate"))
        if not 0 < self.rate <= 1:
            raise InvalidInput(f"an exponential average takes a rate above 0 and at most 1, not {self.rate}")

    def first(self, step: int) -> int:
        return whole(step, "step")

    def following(self, optimiser: Optimiser) -> Optimiser:
        return Averaged(optimiser, self.rate)

    def describe(self) -> dict[str, Any]:
        return {"name": "exponential", "rate": plain(self.rate)}


def reads_last(averaging: Averaging) -> bool:
    """Whether what is recorded is one buffer's last value, not a mean over a window of iterates."""
    return isinstance(averaging, LastIterate | Following)


def windows(averaging: Averaging, steps: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
    """The recorded steps whose averages start at each first iterate, both ascending.

    >>> windows(TailAverage("1/2"), (0, 1, 2, 8))
    {0: (0, 1), 1: (2,), 4: (8,)}
    """
    found: dict[int, list[int]] = {}
    for step in steps:
        found.setdefault(averaging.first(step), []).append(step)
    return {first: tuple(found[first]) for first in sorted(found)}
