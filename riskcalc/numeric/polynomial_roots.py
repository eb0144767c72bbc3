"""All roots of a polynomial of low degree in a numeric field: Aberth's iteration, from roots in floats.

Formula: x_i <- x_i - r/(1 - r sum_{j /= i} 1/(x_i - x_j)), r = P(x_i)/P'(x_i), all roots at once, so that no two come
to the same one; of third order at simple roots. Roots of very different size keep their own digits, as each is moved
relative to itself. Source: O. Aberth, Math. Comp. 27 (1973) 339.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field

_MOST_STEPS = 200
_SPARE = 3  # digits that a root may miss of those of the working precision


def polynomial_roots(field: Field, coefficients: Sequence[Element], digits: int) -> list[Element]:
    """The roots of a polynomial, constant term first, to about `digits`, at the working precision.

    Valid: complex elements, simple roots, a leading coefficient that is not zero.
    """
    roots = _starts(field, coefficients)
    for _ in range(_MOST_STEPS):
        moved = -math.inf
        for place, root in enumerate(roots):
            move = _move(field, coefficients, roots, place)
            roots[place] = field.middle(root - move)
            moved = max(moved, field.polar(move)[0] - field.polar(root)[0])
        if moved < -(digits - _SPARE) * math.log(10) / 2:  # the step that found this has at least doubled the digits
            return roots
    raise ToleranceNotMet("the roots of a polynomial were not found: more digits are needed")


def _starts(field: Field, coefficients: Sequence[Element]) -> list[Element]:
    """Roots in floats, of coefficients whose sizes may lie far apart: scaled by the geometric mean of the roots."""
    logs = [field.polar(entry) for entry in coefficients]
    degree = len(logs) - 1
    scale = (logs[0][0] - logs[-1][0]) / degree if math.isfinite(logs[0][0]) else 0.0
    sizes = np.array([size + power * scale for power, (size, _) in enumerate(logs)])
    angles = np.array([angle for _, angle in logs])
    floats = np.exp(sizes - sizes.max()) * np.exp(1j * angles)
    found = np.roots(floats[::-1]) * math.exp(scale)
    if found.size < degree:  # a leading coefficient below anything that floats hold
        raise ToleranceNotMet("the roots of a polynomial lie too far apart for floats to begin with")
    return [field.pair(*(field.real(0) + float(part) for part in (root.real, root.imag))) for root in found]


def _move(field: Field, coefficients: Sequence[Element], roots: Sequence[Element], place: int) -> Element:
    x, value, slope = roots[place], coefficients[-1], 0 * coefficients[-1]
    for entry in reversed(coefficients[:-1]):
        slope = slope * x + value
        value = value * x + entry
    step = value / slope
    others = sum(1 / (x - other) for k, other in enumerate(roots) if k != place)
    return field.middle(step / (1 - step * others))
