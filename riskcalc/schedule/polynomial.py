"""Polynomial decay to zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, plain
from riskcalc.schedule.formula import Formula, Reading, Value
from riskcalc.schedule.schedule import Stage, positive_step_size, read_horizon


@dataclass(frozen=True)
class Polynomial(Formula):
    """gamma_s = step_size (1 - s/N)^power, N the horizon.

    Valid: power >= 0; power 1 is linear decay, power 0 a constant step size.

    >>> Polynomial("1/2", power=1).step_sizes(0, 4, horizon=4)
    array([0.5  , 0.375, 0.25 , 0.125])
    """

    step_size: Number
    power: Number

    def __post_init__(self) -> None:
        object.__setattr__(self, "step_size", positive_step_size(self.step_size))
        object.__setattr__(self, "power", number(self.power, "power"))
        if self.power < 0:
            raise InvalidInput(f"power must not be negative, but it is {self.power}: the step size would grow")

    def formula(self, at: Reading) -> Value:
        return at.number(self.step_size) * at.power(at.left / at.horizon, self.power)

    def kinks(self) -> tuple[Number, ...]:
        return ()

    def breaks(self, *, horizon: int) -> tuple[int, ...]:
        read_horizon(horizon)
        return ()

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        steps = read_horizon(horizon)
        return None if self.power > 0 else (Stage(start=0, stop=steps, step_size=self.step_size),)

    def peak(self, *, horizon: int) -> float:
        read_horizon(horizon)
        return float(self.step_size)

    def check(self, *, horizon: int) -> None:
        """Smooth at any horizon: nothing to refuse but what is none."""
        read_horizon(horizon)

    def describe(self) -> dict[str, Any]:
        return {"name": "polynomial", "step_size": plain(self.step_size), "power": plain(self.power)}
