"""A schedule that lists its step sizes: what a class need not say, once it says these."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, Number, number, plain, real_array
from riskcalc.schedule.schedule import Schedule, Stage, positive_step_size, read_horizon
from riskcalc.schedule.spelling import spelled_name

_BLOCK = 4096
_NUMBERS = (Number, "Number", GivenNumber, "GivenNumber")  # types of fields, as values or as written
_LONGEST = 10**7  # steps gone through for their largest


class Listed(ABC):
    """What a class of schedules that says `step_sizes` gets: name, stages (none), peak, check and description.

    The peak is looked for among all step sizes of the run; a class that knows it says `peak`. Of a frozen dataclass,
    fields that are a `Number` are read as the package reads numbers, and all are told by `describe`.

    >>> class Harmonic(Listed):
    ...     def step_sizes(self, start, stop, *, horizon):
    ...         return [1 / (4 + s) for s in range(start, stop)]
    >>> Harmonic().peak(horizon=10), Harmonic().describe()
    (0.25, {'name': 'harmonic'})
    """

    def __post_init__(self) -> None:
        """Of a dataclass: read what is a `Number`, or a `GivenNumber`, as the package reads numbers."""
        if not dataclasses.is_dataclass(self):
            return
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.name == "step_size":
                object.__setattr__(self, "step_size", positive_step_size(value))
            elif field.type in _NUMBERS:
                object.__setattr__(self, field.name, number(value, field.name))

    @abstractmethod
    def step_sizes(self, start: int, stop: int, *, horizon: int) -> ArrayLike:
        """gamma_s for s = start, ..., stop - 1, where stop <= horizon."""

    @property
    def name(self) -> str:
        """The name it is spelled by at the command line; that of its class where it has no spelling."""
        return spelled_name(type(self))

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        """The schedule as few stages of constant step size, or None where it has no such form."""
        read_horizon(horizon)
        return None

    def peak(self, *, horizon: int) -> float:
        """The largest step size of the run."""
        steps = read_horizon(horizon)
        try:
            return _seen_largest(self, steps)  # asked often
        except TypeError:  # a class without a hash
            return _largest(self, steps)

    def check(self, *, horizon: int) -> None:
        """Raise InvalidInput where the schedule cannot run for so many steps: any horizon is as good as another."""
        read_horizon(horizon)

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""
        return {"name": self.name, **{name: _told(value) for name, value in parameters(self).items()}}


def parameters(schedule: object) -> dict[str, Any]:
    """The fields of a dataclass by their names; nothing of any other class."""
    if not dataclasses.is_dataclass(schedule):
        return {}
    return {field.name: getattr(schedule, field.name) for field in dataclasses.fields(schedule)}


def _told(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    if isinstance(value, Fraction | float):
        return plain(value)
    return value.describe() if isinstance(value, Schedule) else value


def _largest(schedule: Listed, steps: int) -> float:
    if steps > _LONGEST:
        raise InvalidInput(
            f"the largest of {steps:.6g} listed step sizes of the schedule {schedule.name!r} is not looked for (at "
            f"most {_LONGEST:.0e}): give the class a method `peak(self, *, horizon)` that says it"
        )
    largest = 0.0
    for start in range(0, steps, _BLOCK):
        said = schedule.step_sizes(start, min(start + _BLOCK, steps), horizon=steps)
        sizes = real_array(said, f"step_sizes of the schedule {schedule.name!r}", needed="a vector of real numbers")
        if sizes.size == 0 or not np.isfinite(sizes).all():
            shape = f"of shape {sizes.shape}" if sizes.size == 0 else "not all finite"
            raise InvalidInput(
                f"step sizes {start} to {min(start + _BLOCK, steps)} of the schedule {schedule.name!r} are {shape}: "
                "one finite number for each step is needed"
            )
        largest = max(largest, float(sizes.max()))
    return largest


_seen_largest = lru_cache(maxsize=256)(_largest)
