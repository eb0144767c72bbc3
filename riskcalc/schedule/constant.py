"""Constant step size."""

from __future__ import annotations

from riskcalc.quantity import GivenNumber, frozen
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.schedule import Stage, read_horizon
from riskcalc.schedule.spelling import spelled


@spelled("constant")
@frozen()
class Constant(Formula):
    """gamma_s = step_size at every step.

    Parameters
    ----------
    step_size : number
        Gamma, the same at every step; positive.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: step_size > 0.

    Source: D01 (any schedule), D03 (a constant step size at once).

    Examples
    --------
    >>> Constant("3/10").step_sizes(0, 2, horizon=10)
    array([0.3, 0.3])
    """

    step_size: GivenNumber

    def formula(self, at: Reading) -> Value:
        return at.number(self.step_size)

    def stages(self, *, horizon: int) -> tuple[Stage, ...]:
        return (Stage(start=0, stop=read_horizon(horizon), step_size=self.step_size),)
