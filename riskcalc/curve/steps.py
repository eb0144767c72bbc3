"""At which steps a run is looked at: from a last step, from a list, or in words."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.quantity import NumbersLike, is_several, listed, whole

MOST_STEPS = 10**18
_RECORDS_A_DECADE = 8


def recorded_steps(last: int) -> tuple[int, ...]:
    """0, about eight step counts a decade, and `last`.

    >>> recorded_steps(10)
    (0, 1, 2, 3, 4, 6, 7, 10)
    """
    decades = len(str(last))
    between = {round(10 ** (power / _RECORDS_A_DECADE)) for power in range(_RECORDS_A_DECADE * decades)}
    return tuple(sorted({0, last} | {step for step in between if step < last}))


def read_steps(steps: NumbersLike | str) -> tuple[int, ...]:
    """The recorded steps, from the last one, from a list, or from words such as "0,10,1..1e6".

    >>> read_steps("0,1..10"), read_steps(4), read_steps([4])
    ((0, 1, 2, 3, 4, 6, 7, 10), (0, 1, 2, 3, 4), (4,))
    """
    if isinstance(steps, str) and ("," in steps or ".." in steps):
        return tuple(steps_in_words(steps))
    if is_several(steps):
        asked = sorted({whole(step, "steps") for step in listed(steps, "steps", "step counts")})
        if not asked:
            raise InvalidInput("steps is empty: give at least one step count")
    else:
        asked = list(recorded_steps(_bounded(whole(steps, "steps"), "steps")))
    _bounded(asked[-1], "steps")
    return tuple(asked)


def steps_in_words(text: str, *, asked: str = "steps") -> list[int]:
    """Step counts from a comma-separated list, whose entries may be ranges; asked: what errors call it.

    >>> steps_in_words("0,1e3,5")
    [0, 5, 1000]
    >>> steps_in_words("1..10")
    [1, 2, 3, 4, 6, 7, 10]
    """
    if not text.strip():
        raise InvalidInput(f"{asked} is empty: give at least one step count, such as 0,10,1e4")
    counts: set[int] = set()
    for entry in text.split(","):
        first, dots, last = entry.partition("..")
        if dots:
            counts |= _range(_count(first, asked), _count(last, asked), entry, asked)
        else:
            counts.add(_count(entry, asked))
    return sorted(counts)


def _count(text: str, asked: str) -> int:
    return _bounded(whole(text, asked), asked, shown=text.strip())


def _range(first: int, last: int, entry: str, asked: str) -> set[int]:
    if first > last:
        raise InvalidInput(f"{asked}: the range {entry.strip()} runs backwards")
    return {first, last} | {step for step in recorded_steps(last) if step > first}


def _bounded(step: int, asked: str, *, shown: str | None = None) -> int:
    if step > MOST_STEPS:
        raise InvalidInput(f"{asked} go up to 1e18, but {shown or f'{step:.6g}'} was asked")
    return step
