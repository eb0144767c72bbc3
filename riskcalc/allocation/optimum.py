"""The best model size and step size at one budget, on the deterministic equivalent."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from riskcalc.allocation.landscape import Landscape, with_dimension
from riskcalc.allocation.search import Minimum, minimise
from riskcalc.curve import Run
from riskcalc.curve.run import MOST_STEPS
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.problem import Problem
from riskcalc.quantity import Number
from riskcalc.schedule import Constant

_PLACE = 1e-5  # accuracy of log M; the excess is flat there, so its own error is of the order of the square
_PLACE_OF_STEP = 1e-6
_FIRST_STRIDE = 1.0  # in log M


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How the step size is set: a fixed value, a fixed fraction of the largest stable one, or (neither) optimised."""

    step_size: Number | None = None
    stable_fraction: Number | None = None

    @property
    def optimised(self) -> bool:
        """Whether the step size is chosen at every model size."""
        return self.step_size is None and self.stable_fraction is None


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the budget is spent on: a run of M features for t steps costs M t B.

    ratio: where given, the dimension is ratio * M whatever the problem's own. sharp: search on the contour that hugs
    the spectrum.
    """

    problem: Problem
    compute: Number
    batch_size: int
    rule: Rule
    ratio: Number | None = None
    sharp: bool = False
    _seen: dict[float, Allocation] = field(default_factory=dict, repr=False, compare=False)

    def at(self, log_size: float) -> Allocation:
        """The allocation closest to this log M whose number of steps is whole, at the best allowed step size."""
        size, steps = self._whole(log_size)
        if size not in self._seen:
            self._seen[size] = self._allocation(size, steps)
        return self._seen[size]

    def range(self) -> tuple[float, float]:
        """The smallest and the largest log M that can be asked."""
        paid = float(self.compute) / self.batch_size
        dimension = self.problem.dimension
        most = paid if dimension is None or self.ratio is not None else min(paid, dimension * (1 - 1e-6))
        least = max(1.0, paid / MOST_STEPS * (1 + 1e-12))
        if most <= least:
            raise InvalidInput(
                f"the budget {float(self.compute):.6g} at batch size {self.batch_size} leaves no choice: it must "
                f"exceed the batch size and buy at most 1e18 steps of the largest model"
            )
        return math.log(least), math.log(most)

    def landscape(self, size: float) -> Landscape:
        """The problem at a model size."""
        problem = self.problem
        if self.ratio is not None:
            problem = with_dimension(problem, max(2, round(float(self.ratio) * size)))
        return Landscape(problem, size, self.batch_size, self.sharp)

    def _whole(self, log_size: float) -> tuple[float, int]:
        """M and t: t whole and M = C/(t B); with a ratio the dimension is whole too, and C holds up to 1/t."""
        paid = float(self.compute) / self.batch_size
        steps = max(1, round(paid / math.exp(log_size)))
        size = max(1.0, paid / steps)
        if self.ratio is not None:
            ratio = float(self.ratio)
            size = max(1.0, max(2, round(ratio * size)) / ratio)
        return size, steps

    def _allocation(self, size: float, steps: int) -> Allocation:
        landscape = self.landscape(size)
        if self.rule.step_size is not None:
            step_size = float(self.rule.step_size)
            return Allocation(size, steps, step_size, landscape.excess(step_size, steps))
        largest = landscape.largest_step_size
        if self.rule.stable_fraction is not None:
            step_size = float(self.rule.stable_fraction) * largest
            return Allocation(size, steps, step_size, landscape.excess(step_size, steps))
        found = minimise(
            lambda log_step: landscape.excess(math.exp(log_step), steps),
            start=math.log(largest / 2),
            step=0.3,
            low=math.log(largest) - 80.0,
            high=math.log(largest),
            accuracy=_PLACE_OF_STEP,
        )
        return Allocation(size, steps, math.exp(found.at), found.value)


@dataclass(frozen=True)
class Allocation:
    """One way to spend the budget, and the excess it leads to."""

    model_size: float
    steps: int
    step_size: float
    excess: float


def best(choices: Choices, *, guess: float) -> tuple[Allocation, Minimum]:
    """The minimum over log M, started at a guess of it; its excess is computed again and verified."""
    low, high = choices.range()
    found = minimise(
        lambda log_size: choices.at(log_size).excess,
        start=guess,
        step=_FIRST_STRIDE,
        low=low,
        high=high,
        accuracy=_PLACE,
    )
    return choices.at(found.at), found


def verified(choices: Choices, allocation: Allocation, method: Equivalent) -> tuple[float, float]:
    """The excess there by the road itself, and its error."""
    run = Run(
        choices.landscape(allocation.model_size).problem,
        model_size=allocation.model_size,
        batch_size=choices.batch_size,
        schedule=Constant(allocation.step_size),
        steps=[allocation.steps],
    )
    curve = method.curve(run)
    return float(curve.excess[-1]), float(curve.error or 0.0)
