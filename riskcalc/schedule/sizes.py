"""The step sizes that a schedule says, read: whatever class it is of, none is used unseen."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput
from riskcalc.quantity import number, real_array, shown
from riskcalc.schedule.schedule import Schedule, Stage
from riskcalc.schedule.spelling import name_of

Real = NDArray[np.float64]

_ROUNDING = 1e-12


def listed_sizes(schedule: Schedule, start: int, stop: int, *, horizon: int) -> Real:
    """gamma_s for s = start, ..., stop - 1 as the schedule lists them: that many numbers between 0 and its peak.

    >>> from riskcalc.schedule import Constant
    >>> listed_sizes(Constant("3/10"), 0, 2, horizon=10)
    array([0.3, 0.3])
    """
    what = f"step_sizes({start}, {stop}, horizon={horizon}) of the schedule {name_of(schedule)!r}"
    found = _vector(schedule.step_sizes(start, stop, horizon=horizon), what, stop - start)
    bad = outside(found, largest_size(schedule, horizon=horizon))
    if bad is not None:
        raise _out_of_range(schedule, found[bad], start + bad, horizon)
    return found


def smooth_sizes(schedule: Schedule, said: object, *, count: int, horizon: int) -> Real:
    """The same for step sizes between whole steps, which a class says as a function."""
    found = _vector(said, f"a step size function of the schedule {name_of(schedule)!r}", count)
    bad = outside(found, largest_size(schedule, horizon=horizon))
    if bad is not None:
        raise _out_of_range(schedule, found[bad], None, horizon)
    return found


def check_stated(schedule: Schedule, *, horizon: int) -> None:
    """Refuse a schedule whose peak is no step size, or whose stages are not its run from end to end."""
    peak = largest_size(schedule, horizon=horizon)
    stages = stages_of(schedule, horizon=horizon)
    if stages is None:
        return
    reached = 0
    for stage in stages:
        if stage.start != reached or stage.stop <= stage.start:
            break
        reached = stage.stop
        if outside(np.array([stage.step_size]), peak) is not None:
            raise _out_of_range(schedule, stage.step_size, stage.start, horizon)
    if reached != horizon:
        raise InvalidInput(
            f"the stages of the schedule {name_of(schedule)!r} do not follow one another from step 0 to {horizon}: "
            f"beyond step {reached} none starts where the one before it stops"
        )


def stages_of(schedule: Schedule, *, horizon: int) -> tuple[Stage, ...] | None:
    """The stages that the schedule states, if they are stages; None where there are none."""
    stages = schedule.stages(horizon=horizon)
    if stages is None:
        return None
    if not isinstance(stages, tuple | list) or not all(isinstance(stage, Stage) for stage in stages):
        raise InvalidInput(
            f"stages(horizon={horizon}) of the schedule {name_of(schedule)!r} must be a tuple of Stage(start=..., "
            f"stop=..., step_size=...), or None where there are none, not {shown(stages)}"
        )
    return tuple(stages)


def largest_size(schedule: Schedule, *, horizon: int) -> float:
    """The peak that the schedule states, if it is a step size."""
    peak = number(schedule.peak(horizon=horizon), f"the peak of the schedule {name_of(schedule)!r}")
    if peak <= 0:
        raise InvalidInput(
            f"the peak of the schedule {name_of(schedule)!r} must be positive, not {shown(peak)}: `peak(horizon=...)` "
            "is the largest step size of the run"
        )
    return float(peak)


def outside(sizes: Real, peak: float) -> int | None:
    """The place of the first that is no step size between 0 and the peak."""
    bad = np.flatnonzero(~((sizes >= 0) & (sizes <= peak * (1 + _ROUNDING))))
    return int(bad[0]) if bad.size else None


def _vector(said: object, what: str, count: int) -> Real:
    found = real_array(said, what, needed=f"a vector of {count} real numbers")
    if found.shape != (count,):
        raise InvalidInput(f"{what} must be a vector of {count} step sizes, not an array of shape {found.shape}")
    return found


def _out_of_range(schedule: Schedule, size: Any, step: int | None, horizon: int) -> InvalidInput:
    place = "between two steps" if step is None else f"at step {step}"
    return InvalidInput(
        f"the schedule {name_of(schedule)!r} gives {shown(float(size))} {place} of {horizon}: every step size must lie "
        f"between 0 and the largest, {largest_size(schedule, horizon=horizon)!r}, which its `peak` says"
    )
