"""What a schedule is in a long run, as the theory of leading orders asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from riskcalc.errors import InvalidInput
from riskcalc.schedule.schedule import Schedule
from riskcalc.schedule.spelling import name_of


@dataclass(frozen=True, kw_only=True)
class Ending:
    """The end of a schedule that keeps no profile gamma phi(1 - s/N) as its horizon N grows.

    clock: sum gamma_s/gamma in units of its time scale, N/log2 N where the step size falls by equal factors.
    """

    clock: int


@runtime_checkable
class _Kept(Protocol):
    def long_run(self, *, horizon: int | None) -> Any:
        """A `Formula` without numbers of steps, or an `Ending`."""


def long_run_of(schedule: Schedule, *, horizon: int | None) -> Any:
    """A `Formula` whose profile is kept as the horizon grows, or an `Ending`; InvalidInput where there is neither."""
    if not isinstance(schedule, _Kept):
        raise InvalidInput(
            f"no exponents are derived for the schedule {name_of(schedule)!r}: it has no shape that is kept "
            "as the horizon grows; use a schedule with a formula, such as constant, polynomial, cosine or "
            "warmup-stable-decay, or geometric"
        )
    return schedule.long_run(horizon=horizon)
