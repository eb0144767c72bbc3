"""The floor of a decay: the fraction of the peak to which it goes down."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number
from riskcalc.schedule.reading import Reading, Value


def check_floor(floor: Number) -> None:
    """Valid: 0 <= floor < 1."""
    if not 0 <= floor < 1:
        raise InvalidInput(f"floor is a fraction of the largest step size: it must lie in [0, 1), not be {floor}")


def above_floor(at: Reading, floor: Number, falling: Value) -> Value:
    """From 1 to the floor, where `falling` goes from 1 to 0."""
    return at.number(floor) + at.number(1 - Fraction(floor)) * falling if floor > 0 else falling


def without_floor(described: dict[str, Any]) -> dict[str, Any]:
    """The same words as ever where there is no floor."""
    return {key: value for key, value in described.items() if (key, value) != ("floor", "0")}
