"""The exponent of the compute-optimal model size over b, beside equal scaling."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.plotting.canvas import axes_or_new, figure_of
from riskcalc.plotting.scales import dress
from riskcalc.plotting.style import CURVE_COLOURS, GREY
from riskcalc.quantity import NumberLike, exact, listed, number, of_type, plain, shown
from riskcalc.scaling import Phase, PhaseDiagram

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS = 240
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
    places = [low + (high - low) * Fraction(2 * step + 1, 2 * _POINTS) for step in range(_POINTS)]
    phases = [diagram.phase((at, place)) for place in places]
    met = [phase for phase in phases if phase is not None]
    drawn = [phase for place, phase in enumerate(met) if not any(phase is earlier for earlier in met[:place])]
    for number_of, phase in enumerate(drawn):
        inside = [place for place, found in zip(places, phases, strict=True) if found is phase]
        colour = CURVE_COLOURS[number_of % len(CURVE_COLOURS)]
        label = rf"$\xi = {latex(phase.model_size_exponent)}$:  {_meeting(phase)}"
        ax.plot([float(x) for x in inside], _values(phase, at, inside), color=colour, linewidth=2.4, label=label)
        if number_of:
            ax.axvline(float(inside[0]), color=GREY, linewidth=0.8, linestyle="--", zorder=0)
    ax.axhline(_EQUAL, color=GREY, linestyle=":", linewidth=1.6, label=r"equal scaling, $M \sim N \sim C^{1/2}$")
    ax.set_xlim(float(low), float(high))
    ax.set_ylim(0, 0.6)
    ax.set_xlabel(r"decay of the signal power, $b$")
    ax.set_ylabel(r"model-size exponent $\xi$,  $M \sim C^{\xi}$")
    ax.set_title(f"derived, $a = {plain(at)}$", loc="left", fontsize=9, color=GREY)
    dress(ax)
    ax.legend(fontsize=8.5, framealpha=0.9, edgecolor="none", loc="lower left")
    return figure_of(ax)


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
