"""Roots of the dispersion in a numeric field: the floor u0, the point u_* of the stability, and u(z) off the spectrum.

Real roots: both z(u) for u < -lambda_1 and -z(u) for u > 0 are convex, so Newton's method from the outer side
descends on them without a bracket. Complex ones are followed along a path of z. Then the number of digits is doubled
with every further step. The sheet is checked, not assumed: u(z) is the only root with Im u and Im z of opposite sign
(D02, section 3). Source: D02, D20.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element
from riskcalc.spectral.precise.sums import GUARD, Sums, Values

COARSE = 24  # digits of the first steps
_CLOSE = math.log(1e-11)  # of the last coarse step, relative
_KNOWN = 21  # digits of a root found with COARSE
_MOST_STEPS = 400
_MOST_HALVINGS = 30


@dataclass(frozen=True, kw_only=True)
class Point:
    """u with z(u) = x, and the sums there."""

    x: Element
    u: Element
    values: Values


def dispersion(model_size: Element, u: Element, values: Values) -> Element:
    """z(u) = -u (1 - d1/M); twin of the formula "dispersion"."""
    return -u * (1 - values.d1 / model_size)


def slope(model_size: Element, values: Values) -> Element:
    """dz/du = -1 + d2/M; twin of the formula "dispersion-slope"."""
    return values.d2 / model_size - 1


def floor_root(sums: Sums, model_size: Fraction, digits: int) -> Point:
    """u0 > 0 with d1(u0) = M, by Newton's method in log u from the right; 0 of more features than eigenvalues."""
    field = sums.field
    if model_size > sums.rank:
        with field.working(digits + GUARD):
            nothing = field.real(0)
            return Point(x=nothing, u=nothing, values=sums.at(nothing, digits))
    with field.working(COARSE + GUARD):
        log_size = math.log(model_size)
        log_u = math.log(sums.trace) - log_size
        low, high = -math.inf, log_u
        for _ in range(_MOST_STEPS):
            values = sums.at(field.exp(field.real(Fraction(log_u))), COARSE)
            surplus = field.polar(values.d1)[0] - log_size
            low, high = (log_u, high) if surplus > 0 else (low, log_u)
            fall = 1 - math.exp(min(0.0, field.polar(values.d2)[0] - field.polar(values.d1)[0]))
            move = surplus / max(fall, 1e-12)
            ahead = log_u + move
            if not low <= ahead <= high:
                ahead = (low + high) / 2 if low > -math.inf else log_u - 4
            if abs(ahead - log_u) < 1e-9:
                log_u = ahead
                break
            log_u = ahead
        else:
            raise ToleranceNotMet(f"the floor u0 at model size {float(model_size):.6g} was not found")
        u = field.middle(field.exp(field.real(Fraction(log_u))))
    return refined(sums, model_size, 0, u, digits)


def right_of_floor(sums: Sums, model_size: Fraction, x: Element, digits: int) -> Point:
    """u > u0 with z(u) = x < 0."""
    field = sums.field
    with field.working(COARSE + GUARD):
        return _descend(sums, model_size, x, field.middle(field.real(sums.trace / model_size) - x), digits)


def left_of_spectrum(sums: Sums, model_size: Fraction, x: Element, digits: int) -> Point:
    """u < -lambda_1 with z(u) = x beyond the spectrum; ToleranceNotMet where x is not beyond it."""
    field = sums.field
    with field.working(COARSE + GUARD):
        return _descend(sums, model_size, x, field.middle(-x), digits)


def _descend(sums: Sums, model_size: Fraction, x: Element, u: Element, digits: int) -> Point:
    """Newton's method on a convex branch of z, from its outer end."""
    field, size = sums.field, sums.field.real(model_size)
    start = u
    edge = field.real(sums.largest)
    for _ in range(_MOST_STEPS):
        if not start > 0 and not u < -edge:
            break
        values = sums.at(u, COARSE)
        if not values.d2 < size:
            break  # beyond the edge of the spectrum: no root on this branch
        move = (x - dispersion(size, u, values)) / slope(size, values)
        u = field.middle(u + move)
        if field.polar(move)[0] < _CLOSE + field.polar(u)[0]:
            return refined(sums, model_size, x, u, digits)
    raise ToleranceNotMet("z(u) = x has no root outside the spectrum: x lies on it, or too close to its edge")


def refined(sums: Sums, model_size: Fraction, x: Element, u: Element, digits: int) -> Point:
    """Newton's method with twice the digits at every step; the sums at the root by Taylor's formula."""
    field, levels = sums.field, _levels(digits)
    while True:
        level = levels.pop() if len(levels) > 1 else digits
        with field.working(level + GUARD):
            size = field.real(model_size)
            values = sums.at(u, level)
            move = field.middle((x - dispersion(size, u, values)) / slope(size, values))
            gained = (field.polar(u)[0] - field.polar(move)[0]) / math.log(10)
            root = field.middle(u + move)
            if 2 * gained >= digits and level == digits:
                return Point(x=x, u=root, values=_moved(values, u, move))
        if gained < 3:
            raise ToleranceNotMet("Newton's method for u(z) does not converge: the point is too close to the spectrum")
        u = root


def _levels(digits: int) -> list[int]:
    """Digits of the steps, last one first: each half of the next, down to what a coarse root serves."""
    levels = [digits]  # whole multiples of 6 below, so that neighbouring precisions share their tables
    while levels[-1] > _KNOWN * 2:
        levels.append(6 * math.ceil(levels[-1] / 12))
    return levels


def _moved(values: Values, u: Element, move: Element) -> Values:
    """The sums at u + move to first order: d1' = (d2 - d1)/u and sig' = -sig2; the rest is below the last digit."""
    return Values(
        d1=values.d1 + move * (values.d2 - values.d1) / u,
        d2=values.d2,
        sig=values.sig - move * values.sig2,
        sig2=values.sig2,
    )


def follow(sums: Sums, model_size: Fraction, start: Point, path: Iterable[Element], digits: int) -> Iterator[Point]:
    """u(x) along a path of x that begins near `start.x` and stays in one open half plane."""
    field = sums.field
    with field.working(COARSE + GUARD):
        x, u, values = field.middle(start.x * field.real(1)), field.middle(start.u * field.real(1)), start.values
    for wanted in path:
        with field.working(COARSE + GUARD):
            target = field.middle(wanted * field.real(1))
            goal, halvings = target, 0
            while True:
                found = _newton(sums, model_size, x, u, values, goal)
                if found is None:
                    halvings += 1
                    if halvings > _MOST_HALVINGS:
                        raise ToleranceNotMet(
                            "u(z) could not be followed: the path of z passes too close to the spectrum"
                        )
                    goal = (x + goal) / 2
                    continue
                u, values = found
                x = goal
                if goal is target:
                    break
                goal = target
        yield refined(sums, model_size, wanted, u, digits)


def _newton(
    sums: Sums, model_size: Fraction, x: Element, u: Element, values: Values, goal: Element
) -> tuple[Element, Values] | None:
    """The root for `goal` from the root for a neighbouring x, None where that is too far."""
    field, size = sums.field, sums.field.real(model_size)
    ahead = u + (goal - x) / slope(size, values)
    if field.polar((goal - x) / slope(size, values))[0] > field.polar(u)[0] - 0.3:
        return None
    for _ in range(8):
        u = field.middle(ahead)
        if not on_sheet(sums, u, goal):
            return None
        values = sums.at(u, COARSE)
        move = (goal - dispersion(size, u, values)) / slope(size, values)
        ahead = u + move
        if field.polar(move)[0] < _CLOSE + field.polar(u)[0]:
            u = field.middle(ahead)
            return (u, values) if on_sheet(sums, u, goal) else None
    return None


def on_sheet(sums: Sums, u: Element, x: Element) -> bool:
    """Whether Im u and Im x have opposite signs, for certain."""
    upper, lower = sums.field.parts(u)[1], sums.field.parts(x)[1]
    return bool((upper > 0 and lower < 0) or (upper < 0 and lower > 0))
