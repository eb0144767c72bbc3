"""Polynomial decay to zero."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, frozen
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.schedule import Stage, read_horizon
from riskcalc.schedule.spelling import spelled


@spelled("polynomial", bare="power", needs="the power P, as in polynomial:2", letters="P (power P)")
@frozen()
class Polynomial(Formula):
    """gamma_s = step_size (1 - s/N)^power, N the horizon.

    Parameters
    ----------
    step_size : number
        The step size of the first step; positive. Text and fractions are exact, a float is the binary fraction that
        it is.
    power : number
        How it falls: 1 is linear.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: power >= 0; power 1 is linear decay, power 0 a constant step size.

    Source: D26, D17 (its end has this power).

    Examples
    --------
    >>> Polynomial("1/2", power=1).step_sizes(0, 4, horizon=4)
    array([0.5  , 0.375, 0.25 , 0.125])
    """

    step_size: GivenNumber
    power: GivenNumber

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.power < 0:
            raise InvalidInput(f"power must be at least 0, not {self.power}: the step size would grow")

    def formula(self, at: Reading) -> Value:
        return at.number(self.step_size) * at.power(at.left / at.horizon, self.power)

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        steps = read_horizon(horizon)
        return None if self.power > 0 else (Stage(start=0, stop=steps, step_size=self.step_size),)
