"""The minimum of a function of one variable: walk downhill until it rises, then polynomials through what is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial

from riskcalc.errors import ToleranceNotMet

_GOLDEN = 1.618033988749895
_MOST_STEPS = 200
_MOST_POINTS = 6  # that a polynomial goes through
_MOST_POLYNOMIALS = 8
_RESOLVED = 1e-12  # of the places a polynomial goes through


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """Where the function is smallest, its value there, and whether that is an end of the range.

    wall: a place next to it at which the function is inf, where there is one: beyond it may be smaller still.
    """

    at: float
    value: float
    end: bool
    wall: float | None = None


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

    Formula: from `start` downhill in strides that grow by the golden ratio until the function rises; inside the last
    three points the minimum of the polynomial through the points nearest to the smallest one, until it moves by less
    than the accuracy. Where it does not come to rest, the function is not smooth, and Brent's method goes on.
    accuracy: of the place, absolute.

    >>> round(minimise(lambda x: (x - 2) ** 2, start=0, step=0.5, low=-9, high=9, accuracy=1e-6).at, 5)
    2.0
    """
    known: dict[float, float] = {}

    def value(x: float) -> float:
        if x not in known:
            known[x] = function(x)
        return known[x]

    valley = _valley(value, min(max(start, low), high), step, low, high)
    left, middle, right = _away_from_the_end(value, *valley, accuracy)
    if left < middle < right and not _comes_to_rest(value, known, left, right, accuracy):
        middle = min(known, key=lambda x: known[x])
        left = max((x for x in known if x < middle), default=middle)
        right = min((x for x in known if x > middle), default=middle)
        _brent(value, left, middle, right, accuracy)
    best = min(known, key=lambda x: known[x])
    if known[best] == float("inf"):
        raise ToleranceNotMet("no allowed choice was found: the excess cannot be computed anywhere in the range")
    wall = _wall(value, known, best, low, high, accuracy)
    return Minimum(at=best, value=known[best], end=best in (low, high), wall=wall)


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


def _away_from_the_end(
    value: Callable[[float], float], left: float, middle: float, right: float, accuracy: float
) -> tuple[float, float, float]:
    """The same, where the middle is an end of the range, with a point between if one close to the end lies lower."""
    if left < middle < right:
        return left, middle, right
    end, other = middle, right if left == middle else left
    for away in (math.sqrt(accuracy), accuracy):
        inside = end + math.copysign(away, other - end)
        if not min(end, other) < inside < max(end, other):
            break
        if value(inside) < value(end):
            return min(end, other), inside, max(end, other)
        other = inside
    return left, middle, right


def _comes_to_rest(
    value: Callable[[float], float], known: dict[float, float], left: float, right: float, accuracy: float
) -> bool:
    """Whether the minima of polynomials, each asked for its value and taken into the next, move less than that.

    Polynomials through points far away may agree where they are wrong alike: the last one must go through a point so
    close by that it knows the slope.
    """
    close = math.sqrt(accuracy)
    for _ in range(_MOST_POLYNOMIALS):
        best = min(known, key=lambda x: known[x])
        foreseen = _lowest_of_polynomial(known, best)
        if foreseen is None or not left < foreseen < right:
            return False
        at_rest = abs(foreseen - best) <= accuracy
        if at_rest and min(abs(x - best) for x in known if x != best) <= close:
            return True
        aside = close if foreseen + close < right else -close
        value(max(left, foreseen + aside) if at_rest else foreseen)
    return False


def _lowest_of_polynomial(known: dict[float, float], best: float) -> float | None:
    """Down from the best point on the polynomial through the points nearest to it, where that curves upwards."""
    near = sorted((x for x in known if known[x] < float("inf")), key=lambda x: abs(x - best))[:_MOST_POINTS]
    if len(near) < 3:
        return None
    unit = abs(near[-1] - best)
    places = np.array([(x - best) / unit for x in near])
    values = np.array([known[x] - known[best] for x in near])
    try:
        polynomial = Polynomial(np.linalg.solve(np.vander(places, increasing=True), values))
    except np.linalg.LinAlgError:  # two places are one at this scale
        return None
    slope, curvature, place = polynomial.deriv(), polynomial.deriv(2), 0.0
    for _ in range(_MOST_STEPS):
        if not curvature(place) > 0:
            return None
        moved = slope(place) / curvature(place)
        place -= moved
        if abs(moved) <= _RESOLVED or not abs(place) < 1:
            break
    return float(best + unit * place)


def _wall(
    value: Callable[[float], float], known: dict[float, float], best: float, low: float, high: float, accuracy: float
) -> float | None:
    """A place as close as the square root of the accuracy where the function is inf."""
    for side in (-1, 1):
        beyond = [x for x in known if (x - best) * side > 0]
        if beyond and known[min(beyond, key=lambda x: abs(x - best))] == float("inf"):
            beside = min(max(best + side * math.sqrt(accuracy), low), high)
            if value(beside) == float("inf"):
                return beside
    return None


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
