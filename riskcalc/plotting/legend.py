"""Legends that cover nothing: inside the axes where there is room, else to the right of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from riskcalc.plotting.canvas import figure_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.transforms import Bbox

_LOOK: dict[str, Any] = {"fontsize": 8.5, "framealpha": 0.9, "edgecolor": "none", "alignment": "left"}
_PLACES = ("best", "upper right", "lower left", "upper left", "lower right", "center left", "center right")
_MARGIN = 3.0  # dots that stay free around it


def draw_legend(
    ax: Axes, handles: Sequence[Artist] | None = None, labels: Sequence[str] | None = None, **look: Any
) -> Legend:
    """The legend at the first place where it covers none of the lines, points, bars and areas of the axes.

    Where there is none it stands beside the axes, and a figure of this package grows by it. Call it last: what is drawn
    later, and another range of an axis, are not seen.
    """
    from riskcalc.plotting.shown import ShownFigure

    given = {} if handles is None or labels is None else {"handles": list(handles), "labels": list(labels)}
    settings = {**_LOOK, **given, **look}
    figure, axes = figure_of(ax), cast(Any, ax)  # the stubs of matplotlib know the places by name alone
    figure.draw_without_rendering()  # so that the axes are where they will be
    for corner in _PLACES:
        legend: Legend = axes.legend(loc=corner, **settings)
        box = legend.get_window_extent().padded(_MARGIN)
        if not any(_covers(box, artist) for artist in _drawn(ax)):
            return legend
    legend = axes.legend(loc="best", **settings)
    if isinstance(figure, ShownFigure):  # a figure of the user's is left as large as it is
        settings |= {"ncols": 1}
        width = axes.legend(loc="best", **settings).get_window_extent().width / figure.dpi
        figure.set_size_inches(figure.get_figwidth() + width, figure.get_figheight())
        place = {"loc": "upper left", "bbox_to_anchor": (_beside(ax), 1.0), "borderaxespad": 0.0}
        legend = axes.legend(**(settings | place | {"frameon": False}))
    return legend


def _beside(ax: Axes) -> float:
    """Where the room to the right begins, in widths of the axes: behind what is written at their edge."""
    box = ax.get_window_extent()
    ends = [box.x1, *(text.get_window_extent().x1 for text in ax.texts if text.get_text())]
    return float((max(ends) - box.x0) / box.width + 0.02)


def _drawn(ax: Axes) -> list[Artist]:
    spanning = ax.get_yaxis_transform(), ax.get_xaxis_transform()  # lines right across, which a legend may cover
    lines = [line for line in ax.lines if line.get_transform() not in spanning]
    return [*lines, *(one for one in ax.collections if not _spans(ax, one)), *ax.texts]


def _spans(ax: Axes, artist: Artist) -> bool:
    return artist.get_transform() in (ax.get_yaxis_transform(), ax.get_xaxis_transform())


def _covers(box: Bbox, artist: Any) -> bool:
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

    if not artist.get_visible():
        return False
    if isinstance(artist, Text):
        return bool(artist.get_text()) and box.overlaps(artist.get_window_extent())
    if isinstance(artist, Line2D):  # and its marks
        path = artist.get_transform().transform_path(artist.get_path()).cleaned(remove_nans=True)
        marked = artist.get_marker() not in ("", " ", "None", "none", None)
        joined = artist.get_linestyle() not in ("", " ", "None", "none")
        return (joined and path.intersects_bbox(box, filled=False)) or (
            marked and bool(box.count_contains(path.vertices))
        )
    move, filled = artist.get_transform(), bool(len(artist.get_facecolor()))
    return any(move.transform_path(path).intersects_bbox(box, filled=filled) for path in artist.get_paths())
