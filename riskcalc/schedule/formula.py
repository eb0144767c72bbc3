"""A schedule by its formula, written once for every kind of number: float64 arrays, exact fields, SymPy."""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from fractions import Fraction
from functools import lru_cache

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Array, Number, Real, shown
from riskcalc.schedule.floats import Floats
from riskcalc.schedule.listed import Listed
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.schedule import read_horizon, read_range
from riskcalc.schedule.sizes import outside

_LOOKED_AT = 999  # steps of a run, at which a formula is compared with its peak


class Formula(Listed):
    """What a class of schedules with a formula says once; everything else follows from that.

    A frozen dataclass with a `step_size` need not say more than `formula`, where no step size is larger than that; a
    formula with several branches says where they begin, in `kinks`.
    """

    @abstractmethod
    def formula(self, at: Reading) -> Value:
        """gamma at the steps that are read."""

    def kinks(self) -> tuple[Number, ...]:
        """Where, in shares of the run that are left, another branch of the formula begins: ascending, in (0, 1)."""
        return ()

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> Real:
        """gamma_s for s = start, ..., stop - 1, where stop <= horizon."""
        first, last, steps = read_range(start, stop, horizon=horizon)
        return self.beyond(first, np.arange(last - first), horizon=steps)

    def at(self, done: Real, left: Real, *, horizon: int) -> Real:
        """gamma at real-valued steps s = done = horizon - left."""
        return self._read(Floats(start=0, past=done, left=left, span=horizon))

    def beyond(self, start: int, past: Array, *, horizon: int) -> Real:
        """gamma at real-valued steps s = start + past, where a float64 could not hold s itself."""
        left = np.asarray((horizon - start) - past, dtype=np.float64)
        return self._read(Floats(start=start, past=past, left=left, span=horizon))

    def breaks(self, *, horizon: int) -> tuple[int, ...] | None:
        """Steps s, ascending, 0 < s < horizon, from which on gamma_s follows another branch of the formula."""
        steps = read_horizon(horizon)
        places = {math.ceil((1 - Fraction(kink)) * steps) for kink in self.kinks()}
        return tuple(sorted(place for place in places if 0 < place < steps))

    def peak(self, *, horizon: int) -> float:
        """The largest step size of the run."""
        read_horizon(horizon)
        if not hasattr(self, "step_size"):
            raise InvalidInput(
                f"the schedule {self.name!r} has no step_size: give it one, its largest, or a method `peak`"
            )
        return float(self.step_size)

    def check(self, *, horizon: int) -> None:
        """Refuse a formula that does not stay between 0 and its peak, as far as many steps all along the run show."""
        steps = read_horizon(horizon)
        try:
            _seen_within(self, steps)  # a sweep asks for the same schedule many times
        except TypeError:  # a class without a hash
            _check_within(self, steps)

    def with_step_size(self, step_size: Number) -> Formula:
        """The same shape at another (peak) step size."""
        if not (dataclasses.is_dataclass(self) and hasattr(self, "step_size")):
            raise InvalidInput(f"the schedule {self.name!r} has no step_size that could be another")
        return dataclasses.replace(self, step_size=step_size)

    def long_run(self, *, horizon: int | None) -> Formula:
        """The same with every number of steps in it as a share of the run; None: of a run without end."""
        return self

    def _read(self, at: Floats) -> Real:
        with np.errstate(over="ignore"):  # many times the shortest time scale there is
            sizes = np.asarray(at.of(self), dtype=np.float64)
        return sizes if sizes.shape == at.left.shape else np.full(at.left.shape, sizes)


def _check_within(schedule: Formula, steps: int) -> None:
    peak = schedule.peak(horizon=steps)
    places = np.floor(np.linspace(0, steps - 1, min(steps, _LOOKED_AT)))
    with np.errstate(all="ignore"):
        inside = schedule.at(places, steps - places, horizon=steps)
        found = np.append(inside, schedule.beyond(steps - 1, np.zeros(1), horizon=steps))
    bad = outside(found, peak)
    if bad is not None:
        place = int([*places, steps - 1][bad])
        raise InvalidInput(
            f"the formula of the schedule {schedule.name!r} gives {shown(float(found[bad]))} at step {place} of "
            f"{steps}: every step size must lie between 0 and the largest, {peak!r}"
        )


_seen_within = lru_cache(maxsize=256)(_check_within)
