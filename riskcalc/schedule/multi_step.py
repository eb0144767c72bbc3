"""Constant step sizes that drop by a factor at a list of milestones."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction

from riskcalc.errors import InvalidInput
from riskcalc.quantity import GivenNumber, Number, NumberLike, Read, frozen, given, listed, number
from riskcalc.schedule.constant import Constant
from riskcalc.schedule.formula import Formula
from riskcalc.schedule.reading import Reading, Value
from riskcalc.schedule.schedule import Stage, read_horizon
from riskcalc.schedule.spelling import spelled


@spelled(
    "multistep",
    bare="milestones",
    needs="milestones, as in multistep:1/2,3/4 (shares of the run) or multistep:30,60 (steps)",
    letters="S,S,... (drops at the steps or shares S)",
    several=True,
)
@frozen()
class MultiStep(Formula):
    """gamma_s = step_size factor^k, k the number of milestones <= s.

    Parameters
    ----------
    step_size : number
        The step size of the first step; positive. Text and fractions are exact, a float is the binary fraction that
        it is.
    milestones : sequence of numbers
        Ascending; all below 1, shares of the run (rounded up to whole steps), or all steps. The first step has the
        step_size, the step at a milestone is the first after its drop, as in PyTorch's MultiStepLR; the last step
        has all the drops whose milestones lie below the horizon. Where none does, and without any milestone, the
        step size is constant (the command line says so).
    factor : number, default 1/10
        What each milestone multiplies the step size by.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: milestones positive, steps whole; 0 < factor < 1.

    Source: D03, stage by stage.

    Examples
    --------
    >>> MultiStep(1, milestones=["1/2", "3/4"]).step_sizes(0, 4, horizon=4)
    array([1.  , 1.  , 0.1 , 0.01])
    """

    step_size: GivenNumber
    milestones: Read[Iterable[NumberLike], tuple[Number, ...]]
    factor: GivenNumber = given(default=Fraction(1, 10))

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "milestones", _milestones(self.milestones))
        if not 0 < self.factor < 1:
            raise InvalidInput(f"the factor of a drop must lie in (0, 1), not be {self.factor}")

    def formula(self, at: Reading) -> Value:
        return self._after(0)(at)

    def breaks(self, *, horizon: int) -> tuple[int, ...]:
        return tuple(stage.start for stage in self.stages(horizon=horizon)[1:])

    def kinks(self) -> tuple[Number, ...]:
        return tuple(sorted({1 - place for place in self.milestones if place < 1}))

    def stages(self, *, horizon: int) -> tuple[Stage, ...]:
        steps, found, start = read_horizon(horizon), [], 0
        for drops, place in enumerate([*self.milestones, steps]):
            stop = min(steps, math.ceil(Fraction(place) * steps) if place < 1 else int(place))
            if stop > start:
                found.append(Stage(start=start, stop=stop, step_size=self._level(drops)))
                start = stop
        return tuple(found)

    def long_run(self, *, horizon: int | None) -> Formula:
        if self.milestones and self.milestones[0] < 1:
            return self
        if horizon is None:  # all drops lie at its start
            return Constant(self._level(len(self.milestones)))
        shares = [Fraction(place) / horizon for place in self.milestones if place < horizon]
        return MultiStep(self.step_size, milestones=tuple(shares), factor=self.factor)

    def _after(self, drops: int) -> Callable[[Reading], Value]:
        """The formula from the milestone of that number on."""

        def read(at: Reading) -> Value:
            if drops == len(self.milestones):
                return at.number(self._level(drops))
            place = self.milestones[drops]
            steps = at.whole(place) if place < 1 else int(place)
            return at.split(steps, lambda early: early.number(self._level(drops)), self._after(drops + 1))

        return read

    def _level(self, drops: int) -> Fraction:
        return Fraction(self.step_size) * Fraction(self.factor) ** drops


def _milestones(given: object) -> tuple[Number, ...]:
    several = listed(given, "milestones", "a list such as ['1/2', '3/4'] or [30, 60]")
    read = tuple(number(place, "a milestone") for place in several)
    for place in read:
        if place <= 0 or (place >= 1 and place != int(place)):
            raise InvalidInput(f"a milestone is a whole number of steps, or a share of the run in (0, 1), not {place}")
    if read and read[0] < 1 <= read[-1]:
        raise InvalidInput(f"milestones are all shares of the run or all steps, not {', '.join(map(str, read))}")
    if list(read) != sorted(set(read)):
        raise InvalidInput(f"milestones must ascend, not be {', '.join(map(str, read))}")
    return read
