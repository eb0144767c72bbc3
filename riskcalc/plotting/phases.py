"""The phase diagram as a picture: the loss exponent as colour, boundaries and phases by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.notation import GLOSSARY
from riskcalc.plotting.canvas import axes_or_new, figure_of, new_figure
from riskcalc.plotting.captions import question_of
from riskcalc.plotting.phase_map import PhaseMap, Window, boundary_lines, domain_edges, phase_map
from riskcalc.plotting.style import BLACK, GREY
from riskcalc.quantity import NumberLike, Real, is_several, listed, number, of_type, shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from riskcalc.scaling import PhaseDiagram

Pairs = tuple[tuple[float, float], tuple[float, float]]

COLOURS = "cividis"  # even in brightness, and the same to colour-blind readers
_PAPER: Window = (0.0, 1.5, 0.0, 1.5)
_OURS: Window = (0.0, 3.0, 1.0, 5.0)
_GRID = 480
_BANDS = 36
_SURFACE_RESOLUTION = 95  # dots an inch; shading makes large files
_NARROW = 0.06  # radius of the largest circle in a phase, in units of the width: below it the name stands upright
_TERM = 0.05  # what a term more in its balance takes of that
_TINY = 0.008
_LABEL = 8.5  # points
_CHARACTER = 0.018  # width of a character of a label, in units of the width
_AT_EDGE = 0.995
_SMALL = 7.5  # points, of a label in a narrow phase
_LINE = 0.05  # height of a line of it, in units of the height
_ASPECT = 1.3  # width of the picture over its height


def plot_phases(
    diagram: PhaseDiagram,
    *,
    window: Window | Pairs | None = None,
    points: Mapping[str, tuple[NumberLike, NumberLike]] | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw a phase diagram: colour is the loss exponent, lines its contours, thick lines the phase boundaries.

    Parameters
    ----------
    diagram : PhaseDiagram
        What `phase_diagram` returns.
    window : Window or Pairs or None, default None
        From and to of the first letter, then of the second: four numbers, or two pairs.
    points : Mapping[str, tuple[number, number]] or None, default None
        Places to mark, by their labels, in the diagram's letters.
    ax : Axes or None, default None
        Axes to draw into; None: a figure of its own.

    Returns
    -------
    Figure
        Of matplotlib, drawn and not shown: `save_picture` writes it, a notebook shows it.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    MissingDependency
        If the package that is needed is not installed.

    Notes
    -----
    Valid: what it is given comes from the function that it names; needs the extra `plot`.

    Source: D16, D44.

    Examples
    --------
    >>> from riskcalc import phase_diagram
    >>> len(plot_phases(phase_diagram(budget="data-set"), points={"mine": (1, "3/4")}).axes)  # the plane, its scale
    2
    """
    drawn = phase_map(diagram, window=_window(diagram, window), points=_GRID)
    if (drawn.phase < 0).all():
        raise InvalidInput(f"the window {shown(drawn.window)} holds no point of the domain, {diagram.domain}")
    ax = axes_or_new(ax)
    left, right, bottom, top = drawn.window
    image = ax.imshow(
        drawn.loss, origin="lower", extent=drawn.window, cmap=_colours(), aspect="auto", interpolation="nearest"
    )
    levels = ax.contour(drawn.x, drawn.y, drawn.loss, levels=9, colors="white", linewidths=0.6, alpha=0.7)
    lines = boundary_lines(drawn)
    for piece in (piece for _, pieces in lines for piece in pieces):
        ax.plot(*piece.T, color=BLACK, linewidth=1.8, solid_capstyle="butt")
    for edge in domain_edges(drawn):
        ax.plot(*edge.T, color=GREY, linewidth=1.8)
    _label_boundaries(ax, lines, drawn.window)
    _label_phases(ax, drawn)
    bar = figure_of(ax).colorbar(image, ax=ax, pad=0.02)
    budget = "C" if diagram.question.budget.name == "compute" else "N"
    bar.set_label(rf"loss exponent $\eta$:  $E \sim {budget}^{{-\eta}}$")
    bar.add_lines(levels)
    for name, letter in zip(("x", "y"), diagram.letters, strict=True):
        getattr(ax, f"set_{name}label")(f"${GLOSSARY[letter.name].latex}$: {_meaning(letter.name)}")
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    if (drawn.phase < 0).any():
        _label_outside(ax, drawn)
    _mark(ax, {} if points is None else points, drawn.window)
    figure_of(ax).suptitle(question_of(diagram.question), x=0.01, ha="left", fontsize=9, color=GREY)
    return figure_of(ax)


def _mark(ax: Axes, points: object, window: Window) -> None:
    """Places with their labels."""
    left, right, bottom, top = window
    for label, place in of_type(points, Mapping, "points", "places by their labels, {'mine': (1, '3/4')}").items():
        at = [float(number(value, f"the point {label!r}")) for value in listed(place, "a point", "two numbers")]
        if len(at) != 2:
            raise InvalidInput(f"the point {label!r} must be two numbers, not {shown(place)}")
        x, y = at
        if not (left <= x <= right and bottom <= y <= top):
            raise InvalidInput(f"the point {label!r} = ({x:g}, {y:g}) lies outside the window: give a larger window")
        ax.plot([x], [y], marker="o", color="white", markeredgecolor=BLACK, markersize=7, zorder=5)
        ax.annotate(
            str(label),
            (x, y),
            xytext=(7, 5) if x < (left + right) / 2 else (-7, 5),
            ha="left" if x < (left + right) / 2 else "right",
            textcoords="offset points",
            color="white",
            fontsize=_LABEL,
            path_effects=_halo(BLACK),
            zorder=6,
        )


def plot_loss_surface(diagram: PhaseDiagram, *, window: Window | Pairs | None = None) -> Figure:
    """Draw the loss exponent as a surface over the plane of exponents, folded along the phase boundaries.

    Parameters
    ----------
    diagram : PhaseDiagram
        What `phase_diagram` returns.
    window : Window or Pairs or None, default None
        From and to of the first letter, then of the second: four numbers, or two pairs.

    Returns
    -------
    Figure
        Of matplotlib, drawn and not shown: `save_picture` writes it, a notebook shows it.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    MissingDependency
        If the package that is needed is not installed.

    Notes
    -----
    Valid: what it is given comes from the function that it names; needs the extra `plot`.

    Source: D16.

    Examples
    --------
    >>> from riskcalc import phase_diagram
    >>> len(plot_loss_surface(phase_diagram(budget="data-set"), window=(0, 2, 0, 1)).axes)
    1
    """
    drawn = phase_map(diagram, window=_window(diagram, window), points=_GRID // 4)
    figure = new_figure(6.0, 4.7, resolution=_SURFACE_RESOLUTION)
    ax: Any = figure.add_subplot(projection="3d", computed_zorder=False)
    ax.plot_surface(
        drawn.x, drawn.y, drawn.loss, cmap=_colours(), rcount=120, ccount=120, linewidth=0, antialiased=False, zorder=1
    )
    for _, pieces in boundary_lines(drawn):
        for piece in pieces:
            ax.plot(*piece.T, _heights(drawn, piece) + 0.004, color=BLACK, linewidth=1.6, zorder=2)
    for index, phase in enumerate(diagram.phases):
        place, radius = place_of_phase(drawn, index)
        if phase.name and radius > _TINY:
            column, row = place
            ax.text(
                float(drawn.x[row, column]),
                float(drawn.y[row, column]),
                float(drawn.loss[row, column]) + 0.02,
                phase.name,
                color="white",
                fontsize=11 if radius > _NARROW / 2 else 8,
                fontweight="bold",
                ha="center",
                va="center",
                zorder=3,
                path_effects=_halo(BLACK),
            )
    first, second = (f"${GLOSSARY[letter.name].latex}$" for letter in diagram.letters)
    ax.set_xlabel(first)
    ax.set_ylabel(second)
    ax.set_zlabel(r"loss exponent $\eta$")
    ax.view_init(elev=32, azim=-122)
    figure.suptitle(question_of(diagram.question), x=0.01, ha="left", fontsize=9, color=GREY)
    return figure


def _window(diagram: object, window: object) -> Window:
    """The window asked for, or the default one: four finite numbers, in ascending pairs."""
    from riskcalc.scaling import PhaseDiagram

    drawn = of_type(diagram, PhaseDiagram, "diagram", "a PhaseDiagram, as phase_diagram returns it")
    if window is None:
        return default_window(drawn)
    needed = "four numbers: from and to of the first letter, then of the second"
    given = listed(window, "window", needed)
    if len(given) == 2 and all(map(is_several, given)):
        given = (*given[0], *given[1])
    ends = [float(number(end, "window")) for end in given]
    if len(ends) != 4 or not (ends[0] < ends[1] and ends[2] < ends[3]):
        raise InvalidInput(f"window must be {needed}, ascending, not {shown(window)}")
    return ends[0], ends[1], ends[2], ends[3]


def default_window(diagram: PhaseDiagram) -> Window:
    """What is shown where the reader does not say."""
    return _PAPER if diagram.letters[0].name == "alpha" else _OURS


def _label_boundaries(ax: Axes, lines: Sequence[tuple[str, list[Real]]], window: Window) -> None:
    """Beside the end of a boundary on the right or upper edge of the picture, else at its highest point.

    Labels above the upper edge go to the lowest row in which they do not touch another.
    """
    left, right, bottom, top = window
    above: list[tuple[float, str]] = []
    words: dict[str, Any] = {"fontsize": _LABEL, "annotation_clip": False, "textcoords": "offset points"}
    for label, pieces in lines:
        ends = np.concatenate([piece[[0, -1]] for piece in pieces])
        relative = np.stack([(ends[:, 0] - left) / (right - left), (ends[:, 1] - bottom) / (top - bottom)], axis=1)
        place = int(np.argmax(relative.max(axis=1) + 1e-3 * relative[:, 1]))
        at, (across, up) = ends[place], relative[place]
        if up > _AT_EDGE:
            above.append((float(at[0]), _inline(label)))
        elif across > _AT_EDGE:
            ax.annotate(f"${_inline(label)}$", at, (5, 0), ha="left", va="center", **words)
        else:
            ax.annotate(f"${_inline(label)}$", at, (3, 3), color="white", path_effects=_halo(BLACK), **words)
    _label_above(ax, sorted(above), right - left, top, words)


def _label_above(
    ax: Axes, labels: Sequence[tuple[float, str]], width: float, top: float, words: dict[str, Any]
) -> None:
    """Labels over the upper edge, each joined to its boundary by a thin line that crosses no other label."""
    arrow = {"arrowstyle": "-", "linewidth": 0.7, "color": BLACK, "shrinkA": 0, "shrinkB": 0}
    halves = [0.5 * _CHARACTER * _length(label) * width for _, label in labels]
    rows: list[float] = []  # for each row, where its last label ends
    for place, (x, label) in enumerate(labels):
        crossed = place + 1 < len(labels) and labels[place + 1][0] - x < halves[place]
        left, right = (x - 2 * halves[place], x) if crossed else (x - halves[place], x + halves[place])
        row = next((index for index, end in enumerate(rows) if left > end), len(rows))
        rows[row:] = [right]
        shift, side = (2, "right") if crossed else (0, "center")
        ax.annotate(f"${label}$", (x, top), (shift, 5 + 13 * row), ha=side, va="bottom", arrowprops=arrow, **words)


def _length(label: str) -> int:
    """Characters of a label in print, about."""
    return len(re.sub(r"\\[a-z]+|[{} ]", "#", label).replace("##", "#"))


def _inline(label: str) -> str:
    r"""Fractions of numbers with a slash, on one line.

    >>> _inline(r"\alpha = 1 - \frac{\sqrt{2}}{2}")
    '\\alpha = 1 - \\sqrt{2}/2'
    """
    return re.sub(r"\\frac\{((?:[^{}]|\{[^{}]*\})*)\}\{(\w+)\}", r"\1/\2", label)


def _label_phases(ax: Axes, drawn: PhaseMap) -> None:
    for index, phase in enumerate(drawn.diagram.phases):
        (column, row), radius = place_of_phase(drawn, index)
        if radius < _TINY:
            continue
        x, y = float(drawn.x[row, column]), float(drawn.y[row, column])
        balance = "$" + " = ".join(_term(name) for name in phase.balance) + "$"
        words: dict[str, Any] = {"ha": "center", "va": "center", "color": "white", "path_effects": _halo(BLACK)}
        if radius < max(_NARROW, _TERM * (len(phase.balance) - 1)):
            text = f"{phase.name}   {balance}" if phase.name else balance
            (column, row), turn = _lying_or_upright(drawn, index, _printed(text), (column, row))
            x, y = float(drawn.x[row, column]), float(drawn.y[row, column])
            ax.text(x, y, text, rotation=turn, fontsize=_SMALL, **{**words, "path_effects": _halo(BLACK, 1.2)})
            continue
        if phase.name:
            ax.text(x, y, phase.name, fontsize=13, fontweight="bold", **{**words, "va": "bottom"})
        ax.text(x, y, balance, fontsize=9, **{**words, "va": "top"})


def _printed(text: str) -> int:
    r"""Characters of a balance in print.

    >>> _printed(r"$F_{\mathrm{pp}} = \mathrm{noise}$")
    9
    """
    return len(re.sub(r"\\mathrm|[_{}$ ]", "", text))


def _lying_or_upright(
    drawn: PhaseMap, index: int, length: int, middle: tuple[int, int]
) -> tuple[tuple[int, int], float]:
    """Where a small label lies inside a phase, or stands in it; upright near its middle where neither fits, as far from
    the edges of the picture as it is long.
    """
    from scipy.ndimage import minimum_filter

    inside, count = drawn.phase == index, drawn.phase.shape[0]
    long, thin = _CHARACTER * length * _SMALL / _LABEL * count, _LINE * count
    for height, width, turn in ((thin, long, 0.0), (long * _ASPECT, thin / _ASPECT, 90.0)):
        fits = minimum_filter(inside, size=(int(height) + 1, int(width) + 1), mode="constant", cval=0)
        if fits.any():
            rows, columns = np.nonzero(fits)
            nearest = int(np.argmin((columns - middle[0]) ** 2 + (rows - middle[1]) ** 2))
            return (int(columns[nearest]), int(rows[nearest])), turn
    half = min(int(0.5 * long * _ASPECT) + 1, count // 2)
    return (middle[0], min(max(middle[1], half), count - 1 - half)), 90.0


def _label_outside(ax: Axes, drawn: PhaseMap) -> None:
    (column, row), radius = place_of_phase(drawn, -1)
    if radius > _NARROW:
        place = float(drawn.x[row, column]), float(drawn.y[row, column])
        ax.text(*place, drawn.diagram.question.table.outside, fontsize=8.5, ha="center", va="center", color="#555555")


def place_of_phase(drawn: PhaseMap, index: int) -> tuple[tuple[int, int], float]:
    """The middle of the largest circle inside a phase (column, row), and its radius in units of the width."""
    from scipy.ndimage import distance_transform_edt

    padded = np.pad(drawn.phase == index, 1)
    distance = distance_transform_edt(padded)[1:-1, 1:-1]
    # among nearly equal middles of a strip, the one in the middle of the strip
    rows, columns = np.nonzero(distance >= 0.97 * distance.max())
    middle = int(np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2))
    place = int(columns[middle]), int(rows[middle])
    return place, float(distance.max()) / drawn.phase.shape[1]


def _heights(drawn: PhaseMap, line: Real) -> Real:
    """The loss exponent at the grid points nearest to a line, never from outside the domain."""
    left, right, bottom, top = drawn.window
    count = drawn.phase.shape[0]
    columns = np.clip(((line[:, 0] - left) / (right - left) * count).astype(int), 0, count - 1)
    rows = np.clip(((line[:, 1] - bottom) / (top - bottom) * count).astype(int), 0, count - 1)
    return np.asarray(drawn.loss[rows, columns])


def _term(name: str) -> str:
    head, _, tail = name.partition("_")
    return rf"{head}_{{\mathrm{{{tail}}}}}" if tail else rf"\mathrm{{{head}}}"


def _meaning(letter: str) -> str:
    return {
        "alpha": r"spectrum $\lambda_j = j^{-2\alpha}$",
        "beta": r"target $w_j = j^{-\beta}$",
        "a": r"spectrum $\lambda_j = j^{-a}$",
        "b": r"signal power $\lambda_j w_j^2 = j^{-b}$",
    }[letter]


def _colours() -> Any:
    """In bands: they can be told apart, and the file stays small."""
    from matplotlib import colormaps

    return colormaps[COLOURS].resampled(_BANDS)


def _halo(colour: str, width: float = 2.2) -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground=colour, alpha=0.75)]
