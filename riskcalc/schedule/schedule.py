"""What every schedule offers to the roads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Steps start, ..., stop - 1 (counted from zero), all of one step size."""

    start: int
    stop: int
    step_size: float


@runtime_checkable
class Schedule(Protocol):
    """A sequence of step sizes gamma_s, s = 0, ..., horizon - 1, counted from zero."""

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> NDArray[np.float64]:
        """gamma_s for s = start, ..., stop - 1, where stop <= horizon."""

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        """The schedule as few stages of constant step size, or None where it has no such form."""

    def peak(self, *, horizon: int) -> float:
        """The largest step size of the run."""

    def check(self, *, horizon: int) -> None:
        """Raise InvalidInput where the schedule cannot run for so many steps."""

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""


def positive_step_size(value: object) -> Number:
    """Read a step size; it must be positive."""
    read = number(value, "step_size")
    if read <= 0:
        raise InvalidInput(f"step_size must be positive, not {value}")
    return read
