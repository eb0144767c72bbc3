"""A run cut into stretches of one step size between the steps at which something begins or is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from riskcalc.curve import Run
from riskcalc.curve.averaging import windows
from riskcalc.dynamics.step_sizes import exact_stages

MOST_WORK = 20_000_000  # steps times modes, about a minute
_LEAP = 20  # steps that crossing a segment at once is counted for


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Steps start, ..., stop - 1 and their step size, None where the schedule has no stages; open: averages begun."""

    start: int
    stop: int
    size: Fraction | None
    open: int

    @property
    def length(self) -> int:
        return self.stop - self.start

    def at_once(self, shortest: int) -> bool:
        """Whether it is crossed at once: it has one step size, and is longer than `shortest` steps."""
        return self.size is not None and self.length > shortest


def segments(run: Run) -> list[Segment]:
    """From step 0 to the last recorded one; every first iterate of an average, and every record, is an end."""
    last, ends = run.steps[-1], windows(run.averaging, run.steps)
    stages = exact_stages(run.schedule, horizon=run.horizon)
    pieces = [(0, last, None)] if stages is None else stages
    marks = sorted({*ends, *run.steps})
    found = []
    for start, end, size in pieces:
        stop = min(end, last)
        cuts = [start, *(mark for mark in marks if start < mark < stop), stop]
        for begin, finish in pairwise(cuts):
            if begin < finish:
                begun = sum(first <= begin and finish <= steps[-1] for first, steps in ends.items())
                found.append(Segment(start=begin, stop=finish, size=size, open=begun))
    return found


def work(parts: list[Segment], *, shortest: int) -> int:
    """Steps to be made with every mode, an open average counted as one more."""
    return sum((_LEAP if part.at_once(shortest) else part.length) * (1 + part.open) for part in parts)
