"""Averages of the iterates of runs side by side, from one running sum and its values where averages start."""

from __future__ import annotations

from dataclasses import dataclass, field

from riskcalc.curve import LastIterate, Run
from riskcalc.curve.averaging import windows
from riskcalc.quantity import Real, held


@dataclass(kw_only=True, eq=False)
class RunningAverage:
    """total: sum of the parameters before each step so far, (runs, P, M); None where only the last iterate counts.

    firsts: the last recorded step whose average starts at each first iterate. Rounding: the average of a tail is a
    difference of two sums, so it carries the rounding of the whole sum, about 1e-16 t |theta| / (t - s).
    """

    total: Real | None
    firsts: dict[int, int]
    _first_of: dict[int, int]
    _before: dict[int, Real] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run, parameters: Real) -> RunningAverage:
        """The averages that a run records; `parameters` only give the shape."""
        if isinstance(run.averaging, LastIterate):
            return cls(total=None, firsts={}, _first_of={})
        ends = {first: steps for first, steps in windows(run.averaging, run.steps).items() if steps[-1] > first}
        return cls(
            total=0.0 * parameters,
            firsts={first: steps[-1] for first, steps in ends.items() if first > 0},
            _first_of={step: first for first, steps in ends.items() for step in steps},
        )

    @property
    def most_kept(self) -> int:
        """How many sums are kept at a time, at most."""
        return max((sum(first <= at < last for first, last in self.firsts.items()) for at in self.firsts), default=0)

    def pass_by(self, step: int) -> None:
        """Keep the sum so far where an average starts at `step`; forget what no later step needs."""
        if self.total is None:
            return
        if step in self.firsts:
            self._before[step] = self.total.copy()
        for first in [first for first in self._before if self.firsts[first] <= step]:
            del self._before[first]

    def at(self, step: int) -> Real:
        """The average recorded at `step`."""
        total, first = held(self.total, "the sum of the iterates"), self._first_of[step]
        return (total - self._before[first] if first else total) / (step - first)
