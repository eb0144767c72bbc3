"""Colours and lines: the palette of Okabe and Ito, which colour-blind readers can tell apart."""

from __future__ import annotations

from typing import Any

_FEW_POINTS = 20

BLACK, GREY = "#000000", "#777777"
BLUE, SKY, GREEN, ORANGE, VERMILION, PURPLE = (
    "#0072B2",
    "#56B4E9",
    "#009E73",
    "#E69F00",
    "#D55E00",
    "#CC79A7",
)

CURVE_COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
CURVE_LINES = ("-", "--", "-.", (0, (1, 1.2)))
FLOOR_LINE = (0, (6, 3))
CURVE_MARKERS = ("o", "s", "^", "D", "v", "P", "X")

COMPONENT_COLOURS = {"irreducible": GREY, "approximation": ORANGE, "variance": BLUE, "bias": GREEN}
COMPONENT_LINES = {"irreducible": ":", "approximation": "--", "variance": "-", "bias": "-"}


def point_marks(points: int) -> dict[str, Any]:
    """Marks on a line of so few points that the straight pieces between them could be taken for the curve."""
    return {"marker": "o", "markersize": 4.0} if points <= _FEW_POINTS else {}
