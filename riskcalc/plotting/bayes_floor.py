"""The Bayes floor under risk curves: a grey line for every problem and number of samples a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.least_squares import floor_under
from riskcalc.plotting.scales import drawable, near
from riskcalc.plotting.style import GREY
from riskcalc.quantity import Real

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

FLOOR_WORDS = "no algorithm is below, over the prior"

Floor = tuple[tuple[int, ...], Real]


def floors_under(curves: Sequence[RiskCurve], *, excess: bool) -> list[Floor]:
    """Steps and levels under each curve; the same ones once."""
    found: list[Floor] = []
    for curve in curves:
        levels = floor_under(curve) + (0.0 if excess else curve.irreducible)
        if not any(steps == curve.steps and np.array_equal(levels, known) for steps, known in found):
            found.append((curve.steps, levels))
    return found


def draw_floors(ax: Axes, floors: Sequence[Floor], *, low: float) -> tuple[Artist, float]:
    """Draw them; returns a line for the legend, and the lowest level that the axis has to show."""
    lines = [
        ax.plot(steps, drawable(levels), color=GREY, linewidth=1.6, alpha=0.7, zorder=1)[0] for steps, levels in floors
    ]
    shown = [level for _, levels in floors for level in levels.tolist() if near(level, low)]
    return lines[0], min(shown, default=low)
