"""How many eigenfunctions of a kernel are asked for."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.problem.spectrum import LARGEST_ARRAY
from riskcalc.quantity import NumberLike, whole


def directions(dimension: NumberLike) -> int:
    """The number of leading eigenfunctions, small enough for a vector of them to be held."""
    asked = whole(dimension, "dimension", least=1)
    if asked > LARGEST_ARRAY:
        raise InvalidInput(f"dimension {asked:.6g} is too large to be held as a vector: use at most {LARGEST_ARRAY}")
    return asked
