"""How a picture of one pair of axes ends: caption, grid and frame, and last the legend, which has to see all else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from riskcalc.plotting.canvas import figure_of
from riskcalc.plotting.captions import write_caption
from riskcalc.plotting.legend import draw_legend
from riskcalc.plotting.scales import dress

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def finished(
    ax: Axes,
    caption: str,
    handles: Sequence[Artist] | None = None,
    labels: Sequence[str] | None = None,
    *,
    pad: float | None = None,
    **look: Any,
) -> Figure:
    """The figure, once nothing more is drawn into its axes. look: of the legend."""
    write_caption(ax, caption, pad=pad)
    dress(ax)
    draw_legend(ax, handles, labels, **look)
    return figure_of(ax)
