"""The best model size and step size at one budget, on the deterministic equivalent."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from riskcalc.curve import Run
from riskcalc.curve.steps import MOST_STEPS
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.landscape import Landscape, ReusedLandscape, minimise
from riskcalc.optimiser import SGD, Optimiser
from riskcalc.order import FullBatch
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import Number
from riskcalc.schedule import Constant
from riskcalc.spectral.of_problem import LARGEST_DIMENSION

_PLACE = 1e-5  # accuracy of log M; the excess is flat there, so its own error is of the order of the square
_PLACE_OF_STEP = 1e-6
_FIRST_STRIDE = 1.0  # in log M
_FAR_APART = 1.5  # in log M: where the excess may have more than one valley
DIGITS = 14.0  # of the contour's rule while model sizes are searched


@dataclass(frozen=True, kw_only=True)
class StepSizeRule:
    """How the step size is set: a fixed value, a fixed fraction of the largest stable one, or (neither) optimised."""

    step_size: Number | None = None
    stable_fraction: Number | None = None

    @property
    def optimised(self) -> bool:
        """Whether the step size is chosen at every model size."""
        return self.step_size is None and self.stable_fraction is None


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the budget is spent on: a run of M features for t steps costs M t B, on a data set of N M t N.

    samples: N, where every step is a full batch of the same samples; None for fresh ones. ratio: where given, the
    dimension is ratio * M whatever the problem's own. sharp: search on the contour that hugs the spectrum. method: the
    road that verifies what is found. optimiser: what a step does.
    """

    problem: Problem
    compute: Number
    batch_size: int
    rule: StepSizeRule
    samples: int | None = None
    ratio: Number | None = None
    sharp: bool = False
    method: Equivalent = field(default_factory=Equivalent)
    optimiser: Optimiser = field(default_factory=SGD)
    _seen: dict[float, Allocation] = field(default_factory=dict, repr=False, compare=False)

    def at(self, log_size: float) -> Allocation:
        """The allocation closest to this log M whose number of steps is whole, at the best allowed step size."""
        size, steps = self._whole(log_size)
        if size not in self._seen:
            self._seen[size] = self._allocation(size, steps)
        return self._seen[size]

    def beside(self, allocation: Allocation, stride: int) -> list[Allocation]:
        """So many whole steps away on both sides, or whole dimensions where those are fewer; within the range."""
        if self.ratio is not None and self._fewest(allocation) < allocation.steps:
            sizes = [max(allocation.model_size + side * stride / float(self.ratio), 1.0) for side in (-1, 1)]
        else:
            sizes = [self._paid / max(allocation.steps + side * stride, 1) for side in (-1, 1)]
        low, high = self.range()
        return [self.at(min(max(math.log(size), low), high)) for size in sizes]

    def is_fine(self, allocation: Allocation) -> bool:
        """Whether whole steps and dimensions are closer than the accuracy of a search."""
        return self._fewest(allocation) * _PLACE >= 1

    def binding(self, allocation: Allocation) -> str:
        """Which limit holds the allocation, and not the budget; empty where none does."""
        if not allocation.at_end:
            return ""
        if allocation.steps >= MOST_STEPS * (1 - 1e-6):
            return "the limit of 1e18 steps binds: it is no optimum, a smaller model trained for longer is better"
        if self.ratio is not None and allocation.model_size >= self._most * (1 - 1e-6):
            return "the limit of 1e18 dimensions binds: it is no optimum, a larger model is better"
        return ""

    def range(self) -> tuple[float, float]:
        """The smallest and the largest log M that can be asked."""
        paid, most = self._paid, self._most
        least = max(1.0, paid / MOST_STEPS * (1 + 1e-12))
        if most <= least:
            raise InvalidInput(
                f"the budget {float(self.compute):.6g} at {self.seen} samples a step leaves no choice: it must "
                f"exceed {self.seen}, and buy at most 1e18 steps of the largest model"
            )
        return math.log(least), math.log(most)

    @property
    def seen(self) -> int:
        """Samples a step."""
        return self.batch_size if self.samples is None else self.samples

    def starts(self) -> list[float]:
        """Places in log M from which to look for valleys: with a data set, small models trained for long have one more.
        """
        low, high = self.range()
        count = 1 + math.ceil((high - low) / _FAR_APART)
        return [low + (high - low) * place / count for place in range(count + 1)]

    def landscape(self, size: float, steps: int = 1) -> Landscape | ReusedLandscape:
        """The problem at a model size, after so many steps of constant size."""
        problem = self.problem
        if self.ratio is not None:
            problem = _with_dimension(problem, max(2, round(float(self.ratio) * size)))
        run = Run(
            problem,
            model_size=size,
            schedule=Constant(1),
            steps=[steps],
            batch_size=self.batch_size,
            optimiser=self.optimiser,
            data=None if self.samples is None else FullBatch(samples=self.samples),
        )
        if self.samples is not None:
            return ReusedLandscape(run, self.method)
        return Landscape(run, self.method, sharp=self.sharp, digits=DIGITS)

    @property
    def _paid(self) -> float:
        """M t."""
        return float(self.compute) / self.seen

    @property
    def _most(self) -> float:
        """The largest model size: below the dimension; where that grows with it, below its largest over ratio."""
        dimension = self.problem.dimension
        if self.ratio is not None:
            return min(self._paid, LARGEST_DIMENSION / float(self.ratio) * (1 - 1e-6))
        return self._paid if dimension is None else min(self._paid, dimension * (1 - 1e-6))

    def is_stable(self, allocation: Allocation) -> bool:
        """Whether its step size is: that no excess is known there has another reason, then."""
        if self.rule.step_size is None:
            return True  # whatever is chosen lies below the largest stable one
        return self.landscape(allocation.model_size, allocation.steps).stability(allocation.step_size).stable

    def _fewest(self, allocation: Allocation) -> float:
        """Steps, or dimensions where those are whole as well, and fewer."""
        return min(allocation.steps, math.inf if self.ratio is None else float(self.ratio) * allocation.model_size)

    def _whole(self, log_size: float) -> tuple[float, int]:
        """M and t: t whole and M t B or M t N = C.

        With a ratio the dimension is whole too: the smaller of the two numbers is rounded first and the other one
        follows it, so that C holds up to half of one over the larger.
        """
        paid, ratio = self._paid, None if self.ratio is None else float(self.ratio)
        size = min(math.exp(log_size), self._most)
        if ratio is not None and ratio * size < paid / size:
            size = _with_whole_dimension(size, ratio)
            return size, min(MOST_STEPS, max(1, round(paid / size)))
        # rounding must not lift M above its largest value, nor let it fall below 1
        steps = max(1, min(round(paid / size), math.floor(paid)), math.ceil(paid / self._most))
        size = max(1.0, paid / steps)
        return (size if ratio is None else _with_whole_dimension(size, ratio)), steps

    def _allocation(self, size: float, steps: int) -> Allocation:
        landscape = self.landscape(size, steps)

        def excess(step_size: float) -> float:
            return landscape.excess(Constant(step_size))

        if self.rule.step_size is not None:
            step_size = float(self.rule.step_size)
            return Allocation(size, steps, step_size, excess(step_size))
        largest = landscape.largest_step_size
        if self.rule.stable_fraction is not None:
            step_size = float(self.rule.stable_fraction) * largest
            return Allocation(size, steps, step_size, excess(step_size))
        found = minimise(
            lambda log_step: excess(math.exp(log_step)),
            start=math.log(largest / 2),
            step=0.3,
            low=math.log(largest) - 80.0,
            high=math.log(largest),
            accuracy=_PLACE_OF_STEP,
        )
        return Allocation(size, steps, math.exp(found.at), math.inf if found.wall is not None else found.value)


@dataclass(frozen=True)
class Allocation:
    """One way to spend the budget, and the excess it leads to. at_end: found at an end of the range of sizes."""

    model_size: float
    steps: int
    step_size: float
    excess: float
    at_end: bool = False


def best(choices: Choices, *, guess: float | None) -> Allocation:
    """The minimum over log M, started at a guess of it, or without one where a look all over finds it smallest."""
    low, high = choices.range()

    def excess(log_size: float) -> float:
        return choices.at(log_size).excess

    found = minimise(
        excess,
        start=min(choices.starts(), key=excess) if guess is None else guess,
        step=_FIRST_STRIDE,
        low=low,
        high=high,
        accuracy=_PLACE,
    )
    first = choices.at(found.at)
    if found.wall is not None and choices.is_stable(choices.at(found.wall)):
        raise ToleranceNotMet("the excess cannot be computed for the models next to the best one")
    last = first if choices.is_fine(first) else _in_whole_steps(choices, first)
    return replace(last, at_end=found.end and last == first)


def _in_whole_steps(choices: Choices, found: Allocation) -> Allocation:
    """Down from there in whole steps: few of them make a staircase of the excess, on whose treads a search may end."""
    stride = 1
    while stride:
        lowest = min(choices.beside(found, stride), key=lambda each: each.excess)
        if lowest.excess < found.excess:
            found, stride = lowest, 2 * stride
        else:
            stride //= 2
    return found


def verified(choices: Choices, allocation: Allocation) -> tuple[float, float | None]:
    """The excess there by the road itself, and its error."""
    landscape = choices.landscape(allocation.model_size, allocation.steps)
    return landscape.verified(Constant(allocation.step_size))


def _with_whole_dimension(size: float, ratio: float) -> float:
    return max(1.0, max(2, round(ratio * size)) / ratio)


def _with_dimension(problem: Problem, dimension: int) -> Problem:
    """The same power laws in another dimension."""
    if not isinstance(problem.spectrum, PowerLaw):
        raise InvalidInput("a ratio of dimension to model size needs a power-law spectrum: leave `ratio` out")
    return replace(problem, spectrum=replace(problem.spectrum, dimension=dimension))
