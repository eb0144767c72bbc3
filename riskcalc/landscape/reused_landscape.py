"""The final excess of full-batch descent on a data set as a function of its step size, on one pair of contours."""

from __future__ import annotations

import dataclasses
from functools import cached_property

from riskcalc.curve import Run
from riskcalc.curve.stability import Stability, descent_stability
from riskcalc.equivalent import Equivalent
from riskcalc.equivalent.reuse.full_batch import excess_at_once
from riskcalc.equivalent.reuse.setting import Setting, setting_of
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.order import FullBatch
from riskcalc.quantity import number, of_type
from riskcalc.schedule import Constant, Schedule


@dataclasses.dataclass(frozen=True, eq=False)
class ReusedLandscape:
    """A run of FullBatch(samples=N) whose step sizes may be varied; what a `Landscape` is for fresh samples."""

    run: Run
    method: Equivalent

    def __post_init__(self) -> None:
        of_type(self.run.data, FullBatch, "data", "FullBatch(samples=N)")

    @property
    def largest_step_size(self) -> float:
        """Where the fastest direction begins to grow."""
        return 2 / self._setting.marks.largest

    def stability(self, step_size: float) -> Stability:
        """Of a step size."""
        run = dataclasses.replace(self.run, schedule=Constant(step_size))
        return descent_stability(run, self._setting.marks.largest)

    def excess(self, schedule: Schedule) -> float:
        """The excess at the last recorded step; inf where it cannot be computed stably."""
        run = dataclasses.replace(self.run, schedule=schedule)
        try:
            if not self.stability(schedule.peak(horizon=run.horizon)).stable:
                return float("inf")
            return float(excess_at_once(run, self._setting)[-1])
        except (InvalidInput, ToleranceNotMet):
            return float("inf")

    def verified(self, schedule: Schedule) -> tuple[float, float | None]:
        """The excess at the last recorded step by the road itself, and its relative error."""
        curve = self.method.curve(dataclasses.replace(self.run, schedule=schedule))
        return float(curve.excess[-1]), curve.error

    @cached_property
    def _setting(self) -> Setting:
        return setting_of(self.run, number(self.run.data.samples, "samples"))
