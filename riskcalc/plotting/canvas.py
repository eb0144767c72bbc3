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

    if ax is not None:
        return of_type(ax, Axes, "ax", "axes of matplotlib")
    return new_figure(WIDTH, HEIGHT, resolution=RESOLUTION).add_subplot()


def new_figure(width: float, height: float, *, resolution: int) -> Figure:
    """An empty figure, in inches and dots an inch."""
    check_drawing()
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from riskcalc.plotting.shown import ShownFigure

    # Not pyplot: it keeps every figure alive, picks a window system and changes state of the caller.
    figure = ShownFigure(figsize=(width, height), dpi=resolution, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


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
