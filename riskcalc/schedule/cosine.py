"""Cosine decay to zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Number, plain
from riskcalc.schedule.schedule import positive_step_size, read_horizon
from riskcalc.schedule.smooth import whole_steps


@dataclass(frozen=True)
class Cosine:
    """gamma_s = step_size (1 + cos(pi s/N))/2, N the horizon.

    >>> Cosine(1).step_sizes(0, 2, horizon=2)
    array([1. , 0.5])
    """

    step_size: Number

    def __post_init__(self) -> None:
        object.__setattr__(self, "step_size", positive_step_size(self.step_size))

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> NDArray[np.float64]:
        return self.at(*whole_steps(start, stop, horizon=horizon), horizon=read_horizon(horizon))

    def at(self, done: NDArray[np.float64], left: NDArray[np.float64], *, horizon: int) -> NDArray[np.float64]:
        # (1 + cos x)/2 = cos(x/2)^2 = sin(y)^2 with y = pi (N - s)/(2N): no cancellation at the end of the run
        return np.asarray(float(self.step_size) * np.sin(np.pi / 2 * (left / horizon)) ** 2)

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
