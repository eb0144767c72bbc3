"""Cosine decay, to zero or to a fraction of the peak."""

from __future__ import annotations

from typing import Any

from riskcalc.quantity import GivenNumber, frozen, given
from riskcalc.schedule.floored import above_floor, check_floor, without_floor
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.spelling import spelled


@spelled("cosine")
@frozen()
class Cosine(Formula):
    """gamma_s = step_size (f + (1 - f) (1 + cos(pi s/N))/2), N the horizon, f the floor.

    The first step has the step_size, the last one (s = N - 1) is a little above f step_size, which step N would
    have. A floor is a fraction of the peak: `eta_min` of PyTorch over the step size, `alpha` of optax.

    Parameters
    ----------
    step_size : number
        The step size of the first step; positive. Text and fractions are exact, a float is the binary fraction that
        it is.
    floor : number, default 0
        f, the fraction of the step size that is left at the end.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: 0 <= floor < 1.

    Source: D26 (panels of a smooth schedule), D17 (its end is quadratic).

    Examples
    --------
    >>> Cosine(1).step_sizes(0, 2, horizon=2), Cosine(1, floor="1/10").step_sizes(0, 2, horizon=2)
    (array([1. , 0.5]), array([1.  , 0.55]))
    """

    step_size: GivenNumber
    floor: GivenNumber = given(default=0)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_floor(self.floor)

    def formula(self, at: Reading) -> Value:
        # (1 + cos x)/2 = cos(x/2)^2 = sin(y)^2 with y = pi (N - s)/(2N): no cancellation at the end of the run
        return at.number(self.step_size) * above_floor(at, self.floor, at.sine(at.left / at.horizon) ** 2)

    def describe(self) -> dict[str, Any]:
        return without_floor(super().describe())
