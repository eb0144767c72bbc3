"""A phase diagram for a reader, and as LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from riskcalc.display import Cell, Formula, Grid, Lines, Page
from riskcalc.scaling.exponents_page import latex_name, paid_for

if TYPE_CHECKING:
    from riskcalc.scaling.phase_diagram import Phase, PhaseDiagram


def page_of(diagram: PhaseDiagram) -> Page:
    """The phases with their exponents and regions, then the boundaries."""
    from riskcalc.formula.letters import as_latex

    rows: list[tuple[Cell, ...]] = []
    for phase in ordered(diagram):
        balance = Formula(text=" = ".join(phase.balance), latex=r" \sim ".join(map(latex_name, phase.balance)))
        loss = Formula(text=str(phase.loss_exponent), latex=as_latex(phase.loss_exponent))
        size = phase.says("M")
        exponent = Formula(text=size, latex=as_latex(phase.model_size_exponent)) if "M" not in phase.upper else size
        rows.append((phase.name or "-", balance, exponent, loss, inequalities(phase.region)))
    borders = [Formula(text=f"  {border}", latex=border.latex()) for border in diagram.boundaries]
    titles = ("phase", "balance", "model-size exponent", "loss exponent", "region")
    return Page(
        f"phase diagram: {diagram.question.budget.name}, {paid_for(diagram.question)}",
        (
            Grid(titles, tuple(rows)),
            Lines(("boundaries (terms tie there):", *borders)),
            Lines((_inside(diagram), *(f"{name}: {words}" for name, words in diagram.question.caveats().items()))),
        ),
    )


def _inside(diagram: PhaseDiagram) -> Formula:
    domain = inequalities(diagram.domain)
    return Formula(text=f"inside {domain.text}", latex=rf"\text{{inside }} {domain.latex}")


def latex_of(diagram: PhaseDiagram) -> str:
    """The rows of a tabular: name, balance, exponents, region; then the boundaries."""
    from riskcalc.formula.letters import as_latex

    rows = []
    for phase in ordered(diagram):
        balance = " = ".join(latex_name(name) for name in phase.balance)
        cells = [balance, as_latex(phase.model_size_exponent), as_latex(phase.loss_exponent)]
        cells.append(inequalities(phase.region).latex)
        rows.append(" & ".join([phase.name or "--", *(f"${cell}$" for cell in cells)]) + r" \\")
    caveats = (f"% {name}: {words}" for name, words in diagram.question.caveats().items())
    return "\n".join([*rows, *(f"% boundary: ${border.latex()}$" for border in diagram.boundaries), *caveats])


def ordered(diagram: PhaseDiagram) -> list[Phase]:
    """Named phases in the order of their names, then the others."""
    return sorted(diagram.phases, key=lambda phase: (phase.name is None, (phase.name or "").lower()))


def inequalities(region: Any) -> Formula:
    """A region as inequalities that people write: a letter alone where it can be, between its bounds."""
    import sympy

    from riskcalc.formula.letters import as_latex

    if region == sympy.true:
        return Formula(text="everywhere", latex=r"\text{everywhere}")
    pieces = [sympy.And.make_args(piece) for piece in sympy.Or.make_args(region)]
    return Formula(
        text=" or ".join(_together(piece, str) for piece in pieces),
        latex=r" \text{ or } ".join(_together(piece, as_latex) for piece in pieces),
    )


def _together(relations: Sequence[Any], write: Callable[[Any], str]) -> str:
    """All of them, those of a letter with one bound on each side as one."""
    bounds: dict[str, tuple[list[str], list[str]]] = {}
    for relation in relations:
        left, larger, right = _solved(relation)
        bounds.setdefault(write(left), ([], []))[0 if larger else 1].append(write(right))
    parts: list[str] = []
    for left, (below, above) in sorted(bounds.items()):
        if len(below) == len(above) == 1:
            parts.append(f"{below[0]} < {left} < {above[0]}")
        else:
            parts += [f"{left} > {bound}" for bound in below] + [f"{left} < {bound}" for bound in above]
    return ", ".join(parts)


def _solved(relation: Any) -> tuple[Any, bool, Any]:
    """left, whether it is the larger side, right: the last letter alone on the left where it enters linearly."""
    import sympy

    expression, larger = relation.lhs - relation.rhs, relation.rel_op.startswith(">")
    for letter in reversed(_letters(expression)):
        slope = expression.diff(letter)
        if slope.is_number:
            return letter, larger == bool(slope > 0), (letter - expression / slope).expand()
    return expression, larger, sympy.S.Zero


def _letters(expression: Any) -> list[Any]:
    return sorted(expression.free_symbols, key=lambda symbol: str(symbol.name))
