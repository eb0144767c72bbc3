"""The minimum of a function of one variable: walk downhill until it rises, then Brent's method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from riskcalc.errors import ToleranceNotMet

_GOLDEN = 1.618033988749895
_MOST_STEPS = 200


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """Where the function is smallest, its value there, and whether that is an end of the range."""

    at: float
    value: float
    end: bool


def minimise(
    function: Callable[[float], float],
    *,
    start: float,
    step: float,
    low: float,
    high: float,
    accuracy: float,
) -> Minimum:
    """The minimum on [low, high] of a function with one valley; inf marks what is not allowed.

    Formula: from `start` downhill in strides that grow by the golden ratio until the function rises; then
    Brent's method inside the last three points. accuracy: of the place, absolute.

    >>> round(minimise(lambda x: (x - 2) ** 2, start=0, step=0.5, low=-9, high=9, accuracy=1e-6).at, 5)
    2.0
    """
    known: dict[float, float] = {}

    def value(x: float) -> float:
        if x not in known:
            known[x] = function(x)
        return known[x]

    left, middle, right = _valley(value, min(max(start, low), high), step, low, high)
    if left < middle < right:
        _brent(value, left, middle, right, accuracy)
    best = min(known, key=lambda x: known[x])
    if known[best] == float("inf"):
        raise ToleranceNotMet("no allowed choice was found: the excess cannot be computed anywhere in the range")
    return Minimum(at=best, value=known[best], end=best in (low, high))


def _valley(
    value: Callable[[float], float], start: float, step: float, low: float, high: float
) -> tuple[float, float, float]:
    """left <= middle <= right with the smallest value in the middle."""
    below, above = max(low, start - step), min(high, start + step)
    here = value(start)
    if value(below) >= here and value(above) >= here and here < float("inf"):
        return below, start, above
    towards_low = value(below) < value(above) or here == value(above) == float("inf")
    behind, middle = start, below if towards_low else above
    for _ in range(_MOST_STEPS):
        step *= _GOLDEN
        ahead = max(low, middle - step) if towards_low else min(high, middle + step)
        if ahead == middle or (value(ahead) >= value(middle) and value(middle) < float("inf")):
            break
        behind, middle = middle, ahead
    return (ahead, middle, behind) if towards_low else (behind, middle, ahead)


def _brent(value: Callable[[float], float], left: float, middle: float, right: float, accuracy: float) -> None:
    from scipy.optimize import minimize_scalar

    if value(left) > value(middle) < value(right) and min(value(left), value(right)) < float("inf"):
        # Brent's parabolas cannot use inf: a number above everything seen repels as well
        finite = [x for x in (value(left), value(middle), value(right)) if x < float("inf")]
        wall = max(finite) + 10 * (max(finite) - min(finite))
        minimize_scalar(
            lambda x: min(value(float(x)), wall),
            bracket=(left, middle, right),
            method="brent",
            options={"xtol": accuracy / max(1.0, abs(middle))},
        )
