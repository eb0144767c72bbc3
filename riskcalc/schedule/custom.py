"""A schedule given by the user: one step size for each step, or a function of the step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, Real, as_function, real_array
from riskcalc.schedule.listed import Listed
from riskcalc.schedule.schedule import Stage, positive_step_size, read_horizon, read_range

_FEWEST_STEPS_A_STAGE = 64  # on average; below that, going step by step is faster


@dataclass(frozen=True, eq=False)
class Custom(Listed):
    """gamma_s = values[s]; `Custom.from_function` samples a function of (s, N) instead.

    Parameters
    ----------
    values : array_like
        Step sizes, shape (N,), one a step.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: every step size finite and >= 0, at least one positive; the run must not be longer than the array.

    Source: D01, step by step.

    Examples
    --------
    >>> Custom([0.3, 0.2, 0.1]).step_sizes(1, 3, horizon=3)
    array([0.2, 0.1])
    >>> Custom.from_function(lambda s, N: 0.3 / (1 + s), horizon=4).peak(horizon=4)
    0.3
    """

    values: Real

    def __init__(self, values: ArrayLike) -> None:
        array = real_array(values, "a custom schedule", needed="a vector of step sizes")
        if array.ndim != 1 or array.size == 0:
            raise InvalidInput(f"a custom schedule must be a nonempty vector, not of shape {array.shape}")
        bad = np.flatnonzero(~(np.isfinite(array) & (array >= 0)))
        if bad.size:
            raise InvalidInput(
                f"step sizes must be finite and not negative, but step {int(bad[0])} has {array[bad[0]]}"
            )
        if array.max() == 0:
            raise InvalidInput("all step sizes of the custom schedule are zero")
        array.setflags(write=False)
        object.__setattr__(self, "values", array)

    @classmethod
    def from_function(cls, function: Callable[[int, int], float], *, horizon: int) -> Custom:
        """The schedule function(s, horizon) for s = 0, ..., horizon - 1."""
        step_size = as_function(function, "function", "a function of the step and the horizon")
        steps = read_horizon(horizon)
        return cls([step_size(step, steps) for step in range(steps)])

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> Real:
        first, last, steps = read_range(start, stop, horizon=horizon)
        self.check(horizon=steps)
        return self.values[first:last]

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        values = self.values[: read_horizon(horizon)]
        changes = self._changes[: np.searchsorted(self._changes, values.size)]
        starts = np.concatenate(([0], changes, [values.size]))
        if _FEWEST_STEPS_A_STAGE * (starts.size - 1) > values.size:
            return None
        return tuple(
            Stage(start=int(first), stop=int(last), step_size=float(values[first])) for first, last in pairwise(starts)
        )

    def peak(self, *, horizon: int) -> float:
        return float(self._largest_so_far[min(read_horizon(horizon), self.values.size) - 1])

    @cached_property
    def _changes(self) -> NDArray[np.intp]:
        """The steps whose step size is not that of the one before; found once, for a run asks many times."""
        return 1 + np.flatnonzero(np.diff(self.values))

    @cached_property
    def _largest_so_far(self) -> Real:
        return np.asarray(np.maximum.accumulate(self.values))

    def check(self, *, horizon: int) -> None:
        if read_horizon(horizon) > self.values.size:
            raise InvalidInput(
                f"the custom schedule has {self.values.size} step sizes, but the run has {horizon} steps"
            )
        if self.peak(horizon=horizon) == 0:
            raise InvalidInput(
                f"all step sizes of the run are zero: the custom schedule begins to move at step "
                f"{np.argmax(self.values > 0)} only; record a later step too, or give a longer horizon"
            )

    def with_step_size(self, step_size: Number) -> Custom:
        """The same list, scaled to another largest step size."""
        return Custom(self.values * (float(positive_step_size(step_size)) / self.values.max()))

    def describe(self) -> dict[str, Any]:
        return {"name": self.name, "step_sizes": self.values.tolist()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Custom) and np.array_equal(self.values, other.values)

    def __hash__(self) -> int:
        return hash(self.values.tobytes())
