"""What may be chosen at a budget, in numbers: stable steps, least sizes, and what costs nothing."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from riskcalc.scaling.descent import Limits
from riskcalc.scaling.face import Face
from riskcalc.scaling.loss import Values
from riskcalc.scaling.programme import Programme, numbers
from riskcalc.scaling.rational_function import place

_STABLE = 0.99  # of the largest stable step, where the loss falls towards it


def costless(face: Face) -> Values:
    """Directions in which the optimal face goes on without end, a row each: more of these letters costs nothing."""
    return np.array([[float(part) for part in ray] for ray in face.at.rays]).reshape(-1, len(face.at.vertices[0]))


def limits_of(programme: Programme, at: tuple[Fraction, Fraction], free: Values, *, largest: float) -> Limits:
    """Least sizes and, where the step size is chosen, the stable ones: in constants too.

    largest: the constant in the largest stable step size.
    """
    chosen, where = programme.budget.variables, place(at)
    rows, sides = [], []
    for name, monomial in {**programme.budget.least, **programme.stable.limits}.items():
        form = [int(part.p) / int(part.q) for part in numbers(programme.constraints.get(name, ()), where)]
        stable = name in programme.stable.limits
        if not any(form[1:]) or (stable and "gamma" not in chosen) or (free @ np.array(form[1:]) < 0).any():
            continue  # nothing to choose, or kept by what is taken without bound
        rows.append(form)
        sides.append(math.log(_STABLE * largest) if stable and "gamma" in monomial else 0.0)
    return Limits(rows=np.array(rows).reshape(len(rows), len(chosen) + 1), sides=np.array(sides), held=free)
