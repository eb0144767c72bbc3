"""What a schedule offers in addition where its step size is a smooth function between a few kinks."""

from __future__ import annotations

from typing import Protocol, TypeGuard, runtime_checkable

from riskcalc.quantity import Array, Real
from riskcalc.schedule.schedule import Schedule
from riskcalc.schedule.sizes import smooth_sizes


@runtime_checkable
class Smooth(Schedule, Protocol):
    """gamma as a function of a real-valued step s, so that long runs need not go through every step.

    A step is named twice, by `done` = s and by `left` = horizon - s: near the end of a run of 1e18 steps, float64
    could not tell one from the other.
    """

    def at(self, done: Real, left: Real, *, horizon: int) -> Real:
        """gamma at real-valued steps s = done = horizon - left; equal to `step_sizes` at whole s."""

    def breaks(self, *, horizon: int) -> tuple[int, ...] | None:
        """Steps s, ascending, 0 < s < horizon, from which on gamma_s follows another smooth formula than before.

        None where gamma is no smooth function at all.
        """


@runtime_checkable
class _Anchored(Protocol):
    """A smooth schedule that knows steps after any whole one, exactly."""

    def beyond(self, start: int, past: Array, *, horizon: int) -> Real:
        """gamma at real-valued steps s = start + past."""


def is_smooth(schedule: Schedule, *, horizon: int) -> TypeGuard[Smooth]:
    """Whether a schedule can be crossed in panels."""
    return isinstance(schedule, Smooth) and schedule.breaks(horizon=horizon) is not None


def sizes_beyond(schedule: Smooth, start: int, past: Array, *, horizon: int) -> Real:
    """gamma at the real-valued steps start + past."""
    if isinstance(schedule, _Anchored):
        said = schedule.beyond(start, past, horizon=horizon)
    else:
        said = schedule.at(start + past, (horizon - start) - past, horizon=horizon)
    return smooth_sizes(schedule, said, count=past.size, horizon=horizon)
