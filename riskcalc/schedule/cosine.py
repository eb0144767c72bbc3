"""Cosine decay to zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskcalc.quantity import Number, plain
from riskcalc.schedule.formula import Formula, Reading, Value
from riskcalc.schedule.schedule import positive_step_size, read_horizon


@dataclass(frozen=True)
class Cosine(Formula):
    """gamma_s = step_size (1 + cos(pi s/N))/2, N the horizon.

    >>> Cosine(1).step_sizes(0, 2, horizon=2)
    array([1. , 0.5])
    """

    step_size: Number

    def __post_init__(self) -> None:
        object.__setattr__(self, "step_size", positive_step_size(self.step_size))

    def formula(self, at: Reading) -> Value:
        # (1 + cos x)/2 = cos(x/2)^2 = sin(y)^2 with y = pi (N - s)/(2N): no cancellation at the end of the run
        return at.number(self.step_size) * at.sine(at.left / at.horizon) ** 2

    def kinks(self) -> tuple[Number, ...]:
        return ()

    def breaks(self, *, horizon: int) -> tuple[int, ...]:
        read_horizon(horizon)
        return ()

    def stages(self, *, horizon: int) -> None:
        read_horizon(horizon)

    def peak(self, *, horizon: int) -> float:
        read_horizon(horizon)
        return float(self.step_size)

    def check(self, *, horizon: int) -> None:
        """Smooth at any horizon: nothing to refuse but what is none."""
        read_horizon(horizon)

    def describe(self) -> dict[str, Any]:
        return {"name": "cosine", "step_size": plain(self.step_size)}
