"""Where a picture is drawn: the caller's axes, or a new figure that needs no display."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from riskcalc.errors import MissingDependency
from riskcalc.quantity import of_type

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 6.8, 4.4  # inches: the width of a notebook's or a paper's column
RESOLUTION = 130  # dots an inch on screen


def axes_or_new(ax: Axes | None) -> Axes:
    """`ax` itself, or the axes of a new figure."""
    check_drawing()
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    if ax is not None:
        return of_type(ax, Axes, "ax", "axes of matplotlib")
    # Not pyplot: it keeps every figure alive, picks a window system and changes state of the caller.
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=RESOLUTION, layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def check_drawing() -> None:
    """Load matplotlib, or say how to install it."""
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise MissingDependency('pictures need matplotlib: pip install "riskcalc-sgd[plot]"') from None


def figure_of(ax: Axes) -> Figure:
    """The figure to which the axes belong."""
    return cast("Figure", ax.figure)
