"""What every schedule offers to the roads."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, NumberLike, Real, number, of_type, whole
from riskcalc.schedule.spelling import name_of


@dataclass(frozen=True, init=False)
class Stage:
    """Steps start, ..., stop - 1 (counted from zero), all of one step size, which is kept as exactly as it is given."""

    start: int
    stop: int
    exact: Number

    def __init__(self, *, start: int, stop: int, step_size: Number) -> None:
        for name, value in (("start", start), ("stop", stop), ("exact", step_size)):
            object.__setattr__(self, name, value)

    @property
    def step_size(self) -> float:
        """The step size as a float."""
        return float(self.exact)


@runtime_checkable
class Schedule(Protocol):
    """A sequence of step sizes gamma_s, s = 0, ..., horizon - 1, counted from zero."""

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> Real:
        """gamma_s for s = start, ..., stop - 1, where stop <= horizon."""

    def stages(self, *, horizon: int) -> tuple[Stage, ...] | None:
        """The schedule as few stages of constant step size, or None where it has no such form."""

    def peak(self, *, horizon: int) -> float:
        """The largest step size of the run."""

    def check(self, *, horizon: int) -> None:
        """Raise InvalidInput where the schedule cannot run for so many steps."""

    def describe(self) -> dict[str, Any]:
        """Name and parameters as plain JSON values."""


@runtime_checkable
class _Rescaled(Protocol):
    def with_step_size(self, step_size: Number) -> Any:
        """The same shape at another (peak) step size."""


def checked_schedule(schedule: object) -> Schedule:
    """A schedule, if it is one."""
    if not isinstance(schedule, type) and hasattr(schedule, "step_sizes"):
        needed = [name for name in vars(Schedule) if not name.startswith("_")]
        missing = [name for name in needed if not callable(getattr(schedule, name, None))]
        if missing:
            raise InvalidInput(
                f"schedule is of the class {type(schedule).__name__}, which has step_sizes but lacks the methods "
                f"{', '.join(missing)}: derive it from riskcalc.schedule.Listed, which needs step_sizes alone"
            )
    read: Schedule = of_type(schedule, Schedule, "schedule", "a schedule such as Constant('3/10')")
    return read


def constant_size(schedule: Schedule, *, horizon: int) -> Number | None:
    """The step size of a schedule that keeps one throughout, whatever its name; None where it moves.

    >>> from riskcalc.schedule import Cosine, Polynomial
    >>> constant_size(Polynomial("3/10", power=0), horizon=9), constant_size(Cosine("3/10"), horizon=9)
    (Fraction(3, 10), None)
    """
    stages = schedule.stages(horizon=horizon)
    return stages[0].exact if stages is not None and len(stages) == 1 else None


def sizes_of(stages: tuple[Stage, ...], start: int, stop: int) -> Real:
    """The step sizes of s = start, ..., stop - 1 under these stages."""
    sizes = np.empty(stop - start)
    for stage in stages:
        first, last = max(stage.start, start), min(stage.stop, stop)
        if first < last:
            sizes[first - start : last - start] = stage.step_size
    return sizes


def rescaled(schedule: Schedule, step_size: Number) -> Schedule:
    """The same shape at another (peak) step size.

    >>> from riskcalc.schedule import Cosine, Custom
    >>> rescaled(Cosine("3/10"), 1), rescaled(Custom([0.5, 0.25]), 1).values
    (Cosine(step_size=Fraction(1, 1), floor=Fraction(0, 1)), array([1. , 0.5]))
    """
    if isinstance(schedule, _Rescaled):
        other: Schedule = schedule.with_step_size(step_size)
        return other
    if not (dataclasses.is_dataclass(schedule) and hasattr(schedule, "step_size")):
        raise InvalidInput(f"the schedule {name_of(schedule)!r} has no step_size to be tuned")
    return dataclasses.replace(schedule, step_size=step_size)


def read_horizon(horizon: NumberLike) -> int:
    """Read the number of steps of a run; there is at least one."""
    return whole(horizon, "horizon", least=1)


def read_range(start: NumberLike, stop: NumberLike, *, horizon: NumberLike) -> tuple[int, int, int]:
    """Read start, stop and horizon; steps outside 0, ..., horizon - 1 are refused: no schedule has step sizes there."""
    last = read_horizon(horizon)
    first, end = whole(start, "start"), whole(stop, "stop")
    if not first <= end <= last:
        raise InvalidInput(
            f"step sizes are asked for steps {start} to {stop} of a schedule of {last}: 0 <= start <= stop <= horizon "
            "is needed"
        )
    return first, end, last


def positive_step_size(value: object) -> Number:
    """Read a step size; it must be positive."""
    read = number(value, "step_size")
    if read <= 0:
        raise InvalidInput(f"step_size must be positive, not {value}")
    return read
