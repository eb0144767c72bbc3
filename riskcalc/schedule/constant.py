"""Constant step size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskcalc.quantity import Number, plain
from riskcalc.schedule.formula import Formula, Reading, Value
from riskcalc.schedule.schedule import Stage, positive_step_size, read_horizon


@dataclass(frozen=True)
class Constant(Formula):
    """gamma_s = step_size at every step.

    >>> Constant("3/10").step_sizes(0, 2, horizon=10)
    array([0.3, 0.3])
    """

    step_size: Number

    def __post_init__(self) -> None:
        object.__setattr__(self, "step_size", positive_step_size(self.step_size))

    def formula(self, at: Reading) -> Value:
        return at.number(self.step_size)

    def kinks(self) -> tuple[Number, ...]:
        return ()

    def stages(self, *, horizon: int) -> tuple[Stage, ...]:
        return (Stage(start=0, stop=read_horizon(horizon), step_size=self.step_size),)

    def peak(self, *, horizon: int) -> float:
        read_horizon(horizon)
        return float(self.step_size)

    def check(self, *, horizon: int) -> None:
        """A constant schedule runs for any number of steps."""
        read_horizon(horizon)

    def describe(self) -> dict[str, Any]:
        return {"name": "constant", "step_size": plain(self.step_size)}
