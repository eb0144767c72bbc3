"""What a schedule offers in addition where its step size is a smooth function between a few kinks."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from riskcalc.schedule.schedule import Schedule, read_range


@runtime_checkable
class Smooth(Schedule, Protocol):
    """gamma as a function of a real-valued step s, so that long runs need not go through every step.

    A step is named twice, by `done` = s and by `left` = horizon - s: near the end of a run of 1e18 steps, float64
    could not tell one from the other.
    """

    def at(self, done: NDArray[np.float64], left: NDArray[np.float64], *, horizon: int) -> NDArray[np.float64]:
        """gamma at real-valued steps s = done = horizon - left; equal to `step_sizes` at whole s."""

    def breaks(self, *, horizon: int) -> tuple[int, ...]:
        """Steps s, ascending, 0 < s < horizon, from which on gamma_s follows another smooth formula than before."""


def whole_steps(start: int, stop: int, *, horizon: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`done` and `left` at s = start, ..., stop - 1."""
    first, last, steps = read_range(start, stop, horizon=horizon)
    ticks = np.arange(last - first)
    return (first + ticks).astype(np.float64), (steps - first - ticks).astype(np.float64)
