"""At which steps a run is looked at: from a last step, from a list, or in words."""

from __future__ import annotations

import math
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from itertools import pairwise
from numbers import Real
from typing import TypeAlias

from riskcalc.errors import InvalidInput
from riskcalc.quantity import NumbersLike, is_several, listed, whole

MOST_STEPS = 10**18
_MOST_RECORDS = 10_000_000
_RECORDS_A_DECADE = 8
_DETAIL = 64  # records that the corners of a schedule add, about, all together
_DEEPEST = 8  # halvings towards a corner: below half a percent of a step count nothing is seen on a logarithmic axis


@dataclass(frozen=True, kw_only=True)
class AskedSteps:
    """counts: step counts that were named. ranges: first and last step of stretches that are to be seen as curves."""

    counts: frozenset[int]
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def last(self) -> int:
        """The last recorded step."""
        return max((*self.counts, *(last for _, last in self.ranges)))

    def recorded(self, corners: Sequence[int] = ()) -> tuple[int, ...]:
        """The counts, and in every range about eight a decade and those near corners of the schedule.

        >>> AskedSteps(counts=frozenset(), ranges=((0, 10),)).recorded()
        (0, 1, 2, 3, 4, 6, 7, 10)
        >>> AskedSteps(counts=frozenset(), ranges=((0, 1000),)).recorded((800, 1000))[-15:]
        (800, 801, 803, 806, 812, 825, 850, 900, 950, 975, 988, 994, 997, 999, 1000)
        """
        found = set(self.counts)
        for first, last in self.ranges:
            near = _near(corners, last) | set(recorded_steps(last))
            found |= {first} | {step for step in near if first < step <= last}
        return tuple(sorted(found))


def recorded_steps(last: int) -> tuple[int, ...]:
    """0, about eight step counts a decade, and `last`.

    >>> recorded_steps(10)
    (0, 1, 2, 3, 4, 6, 7, 10)
    """
    decades = len(str(last))
    between = {round(10 ** (power / _RECORDS_A_DECADE)) for power in range(_RECORDS_A_DECADE * decades)}
    return tuple(sorted({0, last} | {step for step in between if step < last}))


def _near(corners: Sequence[int], last: int) -> set[int]:
    """The corners up to `last`; steps that close in on each from above by halves of the stretch after it, and on the
    last, the end, from below: what the step size does at a corner shows after it, at an end before it.
    """
    if not corners:
        return set()
    found, depth = set(corners), max(1, min(_DEEPEST, _DETAIL // len(corners)))
    for low, high in pairwise(corners):
        found |= {low + ((high - low) >> (_DEEPEST * place // depth)) for place in range(1, depth + 1)}
    before = [0, *corners][-2]
    found |= {corners[-1] - ((corners[-1] - before) >> power) for power in range(1, _DEEPEST + 1)}
    return {step for step in found if step <= last}


StepsLike: TypeAlias = NumbersLike | str | AskedSteps  # the last one, a list, words, or what was read of them


def read_steps(steps: StepsLike) -> AskedSteps:
    """The steps that are asked for: by the last one, by a list, or in words such as "0,10,1..1e6".

    >>> read_steps("0,1..10").recorded(), read_steps(4).recorded(), read_steps([4]).recorded()
    ((0, 1, 2, 3, 4, 6, 7, 10), (0, 1, 2, 3, 4), (4,))
    """
    if isinstance(steps, AskedSteps):
        return steps
    if isinstance(steps, str) and ("," in steps or ".." in steps):
        return steps_in_words(steps)
    if not is_several(steps):
        return AskedSteps(counts=frozenset(), ranges=((0, _bounded(whole(steps, "steps"), "steps")),))
    if isinstance(steps, Sized) and (many := len(steps)) > _MOST_RECORDS:
        raise InvalidInput(
            f"steps names {many} step counts, and a curve records at most {_MOST_RECORDS}: give fewer, or a "
            "last step alone, which stands for about eight a decade"
        )
    entries = listed(steps, "steps", "step counts")
    if any(isinstance(entry, str) and ".." in entry for entry in entries):
        return steps_in_words(",".join(map(str, entries)))
    asked = {_whole(step) for step in entries}
    if not asked:
        raise InvalidInput("steps is empty: give at least one step count")
    _bounded(max(asked), "steps")
    return AskedSteps(counts=frozenset(asked))


def steps_in_words(text: str, *, asked: str = "steps") -> AskedSteps:
    """Step counts from a comma-separated list, whose entries may be ranges; asked: what errors call it.

    >>> steps_in_words("0,1e3,5").recorded()
    (0, 5, 1000)
    >>> steps_in_words("1..10").recorded()
    (1, 2, 3, 4, 6, 7, 10)
    """
    if not text.strip():
        raise InvalidInput(f"{asked} is empty: give at least one step count, such as 0,10,1e4")
    counts: set[int] = set()
    ranges: list[tuple[int, int]] = []
    for entry in text.split(","):
        first, dots, last = entry.partition("..")
        if dots:
            ranges.append(_range(_count(first, asked), _count(last, asked), entry, asked))
        else:
            counts.add(_count(entry, asked))
    return AskedSteps(counts=frozenset(counts), ranges=tuple(ranges))


def _whole(step: object) -> int:
    if isinstance(step, Real) and math.isfinite(step) and step != math.floor(step):
        raise InvalidInput(
            f"steps must be whole numbers, not {step}: round them, as np.unique(np.rint(steps)) does, or write a range "
            "such as '1..1e6'"
        )
    return whole(step, "steps")


def _count(text: str, asked: str) -> int:
    return _bounded(whole(text, asked), asked, shown=text.strip())


def _range(first: int, last: int, entry: str, asked: str) -> tuple[int, int]:
    if first > last:
        raise InvalidInput(f"{asked}: the range {entry.strip()} runs backwards")
    return first, last


def _bounded(step: int, asked: str, *, shown: str | None = None) -> int:
    if step > MOST_STEPS:
        raise InvalidInput(f"{asked} go up to 1e18, but {shown or f'{step:.6g}'} was asked")
    return step
