"""What a sweep would cost, from a few of its points."""

from __future__ import annotations

import math
import time
from pathlib import Path

from riskcalc.sweeping.chunk import answer_of
from riskcalc.sweeping.grid import Grid
from riskcalc.sweeping.one_thread import one_thread
from riskcalc.sweeping.store import opened_store

_TRIED = 32  # points, spread over the grid
_SECONDS = 5.0
_GOLDEN = 0.618  # of the grid, from one point to the next


def estimate(grid: Grid, *, store: str | Path | None = None) -> str:
    """One line: how many points, how many of them are kept, and how long the others would take here."""
    kept = _kept(grid, store)
    points = _spread(grid.size)
    took: list[float] = []
    with one_thread():
        for point in points:
            began = time.monotonic()
            answer_of(grid, point)
            took.append(time.monotonic() - began)
            if sum(took) > _SECONDS:
                break
    each = sum(took) / len(took)
    shape = " x ".join(f"{len(axis)} {axis.name}" for axis in grid.axes if axis.listed)
    points_left = grid.size - kept
    return (
        f"{grid.size:,} points ({shape or 'one'}), {kept:,} of them kept; about {_words(each)} a point, by {len(took)} "
        f"of them: about {_words(each * points_left)} in one process"
    )


def _spread(size: int) -> list[int]:
    """So few points that go through the whole grid, not along one of its axes.

    >>> _spread(10)
    [0, 7, 4, 1, 8, 5, 2, 9, 6, 3]
    """
    stride = int(size * _GOLDEN) + 1
    while math.gcd(stride, size) > 1:
        stride += 1
    return [place * stride % size for place in range(min(_TRIED, size))]


def _kept(grid: Grid, store: str | Path | None) -> int:
    if store is None:
        return 0
    with opened_store(store) as held:
        return sum(1 for _ in held.found([grid.key(point) for point in range(grid.size)]))


def _words(seconds: float) -> str:
    """A time in a unit that suits it.

    >>> _words(0.0031), _words(90), _words(7200)
    ('3.1 ms', '1.5 minutes', '2 hours')
    """
    for least, unit, size in ((86400, "days", 86400), (3600, "hours", 3600), (60, "minutes", 60), (1, "s", 1)):
        if seconds >= least:
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds * 1e3:.2g} ms"
