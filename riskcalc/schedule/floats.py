"""A schedule at many steps at once, in float64."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Array, Number, Real, number
from riskcalc.schedule.reading import Value, Written
from riskcalc.schedule.schedule import Schedule
from riskcalc.schedule.sizes import listed_sizes
from riskcalc.schedule.smooth import is_smooth, sizes_beyond

Steps = int | Fraction


@dataclass(frozen=True, kw_only=True, eq=False)
class Floats:
    """Steps s = start + past = span - left. start and span are exact: no step of a run of 1e18 is taken for another."""

    start: Steps
    past: Array
    left: Real
    span: Steps

    @property
    def done(self) -> Real:
        start = self.start if isinstance(self.start, int) else float(self.start)
        return np.asarray(start + self.past, dtype=np.float64)

    @property
    def begun(self) -> Real:
        return np.asarray(self.done + 1)

    @property
    def horizon(self) -> float:
        return float(self.span)

    def number(self, value: Number) -> float:
        return float(number(value, "a number of the formula"))

    def power(self, base: Real, exponent: Number) -> Real:
        return np.asarray(base ** float(number(exponent, "an exponent of the formula")))

    def sine(self, quarters: Real) -> Real:
        return np.asarray(np.sin(np.pi / 2 * quarters))

    def least(self, one: Real, other: Real) -> Real:
        return np.asarray(np.minimum(one, other))

    def share(self, fraction: Number) -> Fraction:
        return Fraction(number(fraction, "a share of the run")) * self.span

    def whole(self, fraction: Number) -> int:
        return math.ceil(self.share(fraction))

    def steps(self, place: Steps) -> float:
        return float(place)

    def split(self, place: Steps, before: Callable[[Floats], Value], after: Callable[[Floats], Value]) -> Real:
        early = self._before(place)
        if early.all():
            return np.asarray(before(self))
        if not early.any():
            return np.asarray(after(self))
        sizes = np.empty(self.left.shape)
        sizes[early], sizes[~early] = before(self._at(early)), after(self._at(~early))
        return sizes

    def later(self, place: Steps) -> Floats:
        return dataclasses.replace(self, start=self.start - place, span=self.span - place)

    def first(self) -> Floats:
        return Floats(start=0, past=np.zeros(1), left=np.array([float(self.span)]), span=self.span)

    def of(self, schedule: Schedule) -> Value:
        if isinstance(schedule, Written):
            return schedule.formula(self)
        start, horizon = int(self.start), int(self.span)
        stages = schedule.stages(horizon=horizon)
        if stages is not None:
            ends = np.array([float(stage.stop - start - Fraction(1, 2)) for stage in stages])
            return np.array([stage.step_size for stage in stages])[np.searchsorted(ends, self.past)]
        if is_smooth(schedule, horizon=horizon):
            return sizes_beyond(schedule, start, self.past, horizon=horizon)
        steps = self.past.astype(np.int64)  # whole: nothing else is asked of a list
        low = int(steps.min())
        listed = listed_sizes(schedule, start + low, start + int(steps.max()) + 1, horizon=horizon)
        return listed[steps - low]

    def _before(self, place: Steps) -> NDArray[np.bool_]:
        ahead = place - self.start
        if isinstance(ahead, int):  # between whole steps: a float64 may round the last one up to the place itself
            return np.asarray(self.past <= float(ahead - Fraction(1, 2)))
        return np.asarray(self.past < float(ahead))

    def _at(self, chosen: NDArray[np.bool_]) -> Floats:
        return dataclasses.replace(self, past=self.past[chosen], left=self.left[chosen])
