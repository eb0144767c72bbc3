"""The exponent of the compute-optimal model size over b, beside equal scaling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new
from riskcalc.plotting.captions import question_of
from riskcalc.plotting.finishing import finished
from riskcalc.plotting.style import CURVE_COLOURS, GREY
from riskcalc.quantity import NumberLike, exact, listed, number, of_type, plain, shown
from riskcalc.scaling import Phase, PhaseDiagram

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS = 60  # of a line from boundary to boundary
_SCANNED = 120  # places at which the phase is looked up
_HALVINGS = 40  # of the gap between two of them: to 1e-14
_SIMPLEST = 10**6  # denominator of a boundary: to 1e-12 where it is irrational
_ASIDE = Fraction(1, 10**12)
_EQUAL = 0.5  # Hoffmann et al. 2022 (arXiv 2203.15556): model size and data in proportion


def plot_allocation_exponent(
    diagram: PhaseDiagram, *, a: NumberLike, b: tuple[NumberLike, NumberLike] | None = None, ax: Axes | None = None
) -> Figure:
    """Draw xi in M ~ C^xi over b at one a, a line for each phase with its formula, and equal scaling at 1/2.

    Parameters
    ----------
    diagram : PhaseDiagram
        In the letters a and b, from phase_diagram(paper_letters=False).
    a : number
        Where b is varied; positive.
    b : tuple[number, number] or None, default None
        From and to, by default from 1 to a + 2.
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

    Source: D15, D16.

    Examples
    --------
    >>> from riskcalc import phase_diagram
    >>> diagram = phase_diagram(paper_letters=False)
    >>> len(plot_allocation_exponent(diagram, a=2).axes)
    1
    """
    of_type(diagram, PhaseDiagram, "diagram", "a PhaseDiagram, as phase_diagram returns it")
    if [letter.name for letter in diagram.letters] != ["a", "b"]:
        raise InvalidInput("a phase diagram in the letters a and b is needed: phase_diagram(..., paper_letters=False)")
    from sympy import latex

    at = exact(number(a, "a"), "a")
    if at <= 0:
        raise InvalidInput(f"a must be positive, not {at}: eigenvalues j^-a have to decay")
    low, high = (Fraction(1), at + 2) if b is None else _ends(b)
    if not low < high:
        raise InvalidInput(f"the range of b is empty: from {plain(low)} to {plain(high)}")
    ax = axes_or_new(ax)
    pieces = _pieces(diagram, at, low, high)
    if not pieces:
        raise InvalidInput(
            f"no phase is known at a = {plain(at)} for b from {plain(low)} to {plain(high)}: the domain of this "
            f"diagram is {diagram.domain}; give another range b=(from, to)"
        )
    colours = {id(phase): CURVE_COLOURS[place % len(CURVE_COLOURS)] for place, phase in enumerate(_distinct(pieces))}
    labelled: set[int] = set()
    highest = _EQUAL
    for piece in pieces:
        inside = [piece.low + (piece.high - piece.low) * Fraction(step, _POINTS) for step in range(_POINTS + 1)]
        label = None
        if id(piece.phase) not in labelled:
            label = rf"$\xi = {latex(piece.phase.model_size_exponent)}$:  {_meeting(piece.phase)}"
            labelled.add(id(piece.phase))
        values = _values(piece.phase, at, inside)
        colour = colours[id(piece.phase)]
        ax.plot([float(x) for x in inside], values, color=colour, linewidth=2.4, label=label)
        highest = max(highest, float(values.max()))
        if piece.low > low:
            _boundary(ax, float(piece.low))
        if piece.high < high and all(piece.high != other.low for other in pieces):
            _boundary(ax, float(piece.high))
    ax.axhline(_EQUAL, color=GREY, linestyle=":", linewidth=1.6, label=r"equal scaling, $M \sim N \sim C^{1/2}$")
    ax.set_xlim(float(low), float(high))
    ax.set_ylim(0, 1.2 * highest)
    ax.set_xlabel(r"decay of the signal power, $b$")
    ax.set_ylabel(r"model-size exponent $\xi$,  $M \sim C^{\xi}$")
    beside = ", a boundary of the diagram: the phases just right of it" if any(one.beside for one in pieces) else ""
    return finished(ax, f"derived, $a = {plain(at)}${beside}; {question_of(diagram.question)}")


@dataclass(frozen=True, kw_only=True, eq=False)
class _Piece:
    """A phase from one b to another. beside: where a itself lies on a boundary, and the phase is that next to it."""

    phase: Phase
    low: Fraction
    high: Fraction
    beside: bool


def _pieces(diagram: PhaseDiagram, a: Fraction, low: Fraction, high: Fraction) -> list[_Piece]:
    """The phases along a line, from boundary to boundary; these are found by bisection."""
    places = [low + (high - low) * Fraction(2 * step + 1, 2 * _SCANNED) for step in range(_SCANNED)]
    met = [(place, *_phase(diagram, a, place)) for place in places]
    ends = [low]
    for (before, phase, _), (after, other, _) in pairwise(met):
        ends.append(_between(diagram, a, before, after) if phase is not other else after)
    ends.append(high)
    found: list[_Piece] = []
    for (_, phase, beside), first, last in zip(met, ends[:-1], ends[1:], strict=True):
        if phase is None:
            continue
        if found and found[-1].phase is phase and found[-1].high == first:
            found[-1] = replace(found[-1], high=last)
        else:
            found.append(_Piece(phase=phase, low=first, high=last, beside=beside))
    return found


def _phase(diagram: PhaseDiagram, a: Fraction, b: Fraction) -> tuple[Phase | None, bool]:
    """The phase at a point, and whether it is one beside it; on a boundary that runs through many b there is none."""
    here = diagram.phase((a, b))
    return (here, False) if here is not None else (diagram.phase((a + _ASIDE, b)), True)


def _between(diagram: PhaseDiagram, a: Fraction, below: Fraction, above: Fraction) -> Fraction:
    """Where the phase changes: the simplest number among those that bisection leaves."""
    lower = _phase(diagram, a, below)[0]
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        here = _phase(diagram, a, middle)[0]
        below, above = (middle, above) if here is lower else (below, middle)
    return ((below + above) / 2).limit_denominator(_SIMPLEST)


def _distinct(pieces: list[_Piece]) -> list[Phase]:
    found: list[Phase] = []
    for piece in pieces:
        if all(piece.phase is not phase for phase in found):
            found.append(piece.phase)
    return found


def _boundary(ax: Axes, place: float) -> None:
    ax.axvline(place, color=GREY, linewidth=0.8, linestyle="--", zorder=0)


def _ends(b: object) -> tuple[Fraction, Fraction]:
    ends = listed(b, "b", "a pair (from, to)")
    if len(ends) != 2:
        raise InvalidInput(f"b must be a pair (from, to), not {shown(b)}")
    low, high = (exact(number(end, "b"), "b") for end in ends)
    return low, high


def _values(phase: Phase, a: Fraction, places: list[Fraction]) -> np.ndarray:
    import sympy

    letters = sympy.symbols("a b")
    by_name = {symbol.name: symbol for symbol in phase.model_size_exponent.free_symbols}
    arguments = [by_name.get(str(letter), letter) for letter in letters]
    formula = sympy.lambdify(arguments, phase.model_size_exponent)
    return np.array([float(formula(float(a), float(place))) for place in places])


def _meeting(phase: Phase) -> str:
    return "$" + ",\\ ".join(_term(name) for name in phase.balance) + "$"


def _term(name: str) -> str:
    head, _, tail = name.partition("_")
    return rf"{head}_{{\mathrm{{{tail}}}}}" if tail else rf"\mathrm{{{head}}}"
