"""The band in which single sketches lie, round a curve that knows its shift and spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.plotting.scales import drawable
from riskcalc.quantity import Real

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVEL = "19/20"
WORDS = "95 % of single sketches"
_LOWEST = 1 / 4  # of the curve: a band does not stretch the axis further down


def has_band(curve: RiskCurve) -> bool:
    """Whether a curve says how single sketches scatter."""
    return curve.spread is not None


def claimed(curve: RiskCurve, *, excess: bool) -> Real:
    """The excess or the risk that the claim is about: through 1/M, with the shift."""
    values = curve.excess if excess else curve.risk
    return values if curve.shift is None else values + curve.shift


def band_edges(curve: RiskCurve, *, excess: bool) -> tuple[Real, Real]:
    """Lower and upper edges, of the excess or of the risk; lower ones where a logarithmic axis can show them."""
    base, values = 0.0 if excess else curve.irreducible, drawable(claimed(curve, excess=excess))
    low, high = curve.interval(LEVEL)
    return np.maximum(base + low, _LOWEST * values), base + high


def draw_band(ax: Axes, curve: RiskCurve, *, excess: bool, color: str, label: str | None = None) -> None:
    """The band, behind the curve."""
    low, high = (drawable(edge) for edge in band_edges(curve, excess=excess))
    ax.fill_between(curve.steps, low, high, color=color, alpha=0.18, linewidth=0, label=label, zorder=1)
