"""Modes in a numeric field: what `Modes` is in floats."""

from __future__ import annotations

from dataclasses import dataclass

from riskcalc.numeric.field import Element


@dataclass(frozen=True, kw_only=True)
class PreciseModes:
    """Positions, signal weights, kernel weights, and the floor.

    Given a sketch, or without one, real, distinct and largest first. On a contour, the upper half, with weights that
    count twice for the conjugates.
    """

    position: list[Element]
    signal: list[Element]
    kernel: list[Element]
    floor: Element
