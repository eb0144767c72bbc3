"""Decay with the inverse square root of the step."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, MaybeNumber, frozen, given, number
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.lengths import only_length, read_fraction, told_length
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.spelling import spelled


@spelled(
    "inverse-sqrt",
    bare="timescale",
    letters="T (time scale T in steps)",
)
@frozen()
class InverseSquareRoot(Formula):
    """gamma_s = step_size/sqrt(1 + s/T), with a time scale of T = timescale steps, or of T = fraction N.

    The first step has the step_size; after many times T steps gamma_s is step_size sqrt(T/s), and so at the last
    step, which nothing tells to be the last. After a warm-up over W steps, `Warmup(InverseSquareRoot(...,
    timescale=W), steps=W)` is step_size min(s/W, sqrt(W/s)): the schedule of the transformer, whose steps are
    counted from 1, and that of `get_inverse_sqrt_schedule`.

    Parameters
    ----------
    step_size : number
        The step size of the first step; positive. Text and fractions are exact, a float is the binary fraction that
        it is.
    timescale : number or None, default None
        T in steps, a whole number.
    fraction : number or None, default None
        T as a fraction of the horizon, in place of timescale.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: timescale > 0, or fraction > 0, one of them.

    Source: D26.

    Examples
    --------
    >>> InverseSquareRoot(1, timescale=1).step_sizes(0, 9, horizon=9)[[0, 3, 8]].round(4)
    array([1.    , 0.5   , 0.3333])
    """

    step_size: GivenNumber
    timescale: MaybeNumber = given(default=None)
    fraction: MaybeNumber = given(default=None)

    def __post_init__(self) -> None:
        super().__post_init__()
        only_length("the time scale", timescale=self.timescale, fraction=self.fraction)
        if self.timescale is not None:
            object.__setattr__(self, "timescale", number(self.timescale, "timescale"))
            if self.timescale <= 0:
                raise InvalidInput(f"timescale must be a positive number of steps, not {self.timescale}")
        else:
            object.__setattr__(self, "fraction", read_fraction(self.fraction, most=None))

    def formula(self, at: Reading) -> Value:
        scale = self.timescale if self.fraction is None else at.share(self.fraction)
        return at.number(self.step_size) * at.power(1 + at.done / at.steps(scale), Fraction(-1, 2))

    def describe(self) -> dict[str, Any]:
        return told_length(super().describe())

    def long_run(self, *, horizon: int | None) -> Formula:
        if self.timescale is None:
            return self
        if horizon is None:
            raise InvalidInput(
                f"an inverse square root with a time scale of {self.timescale} steps keeps no shape as the horizon "
                "grows: give the time scale as a fraction of the run, InverseSquareRoot(..., fraction='1/100') or "
                "inverse-sqrt:fraction=1/100"
            )
        return InverseSquareRoot(self.step_size, fraction=Fraction(self.timescale) / horizon)
