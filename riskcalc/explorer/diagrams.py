"""Phase diagrams as data: the domain, and phases with their regions, exponents and balance."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Basic, Expr, oo

from riskcalc.explorer.expressions import Expressions, in_our_letters
from riskcalc.scaling.diagram_page import inequalities, ordered
from riskcalc.scaling.phase_diagram import Phase, derived
from riskcalc.scaling.question import ALPHA, Question


def diagram_of(question: Question, tables: Expressions) -> dict[str, Any]:
    """The answer to one question everywhere in the plane."""
    diagram = derived(question)
    return {
        # the letter alpha is positive by itself in SymPy; what a reader types is not
        "domain": [[*piece, (tables.polynomial(ALPHA), 1)] for piece in _region(diagram.domain, tables)],
        "phases": [_phase(phase, tables) for phase in ordered(diagram)],
    }


def _phase(phase: Phase, tables: Expressions) -> dict[str, Any]:
    return {
        "name": phase.name,
        "balance": list(phase.balance),
        "loss": tables.fraction(phase.loss_exponent),
        "exponents": {name: _ends(phase, name, tables) for name in phase.exponents},
        "region": _region(phase.region, tables),
        "where": [inequalities(phase.region).text, inequalities(in_our_letters(phase.region)).text],
    }


def _ends(phase: Phase, letter: str, tables: Expressions) -> list[int | None]:
    """The lower and the upper end of what is optimal; None without end."""
    low = phase.exponents[letter]
    return [_end(low, tables), _end(phase.upper.get(letter, low), tables)]


def _end(value: Expr, tables: Expressions) -> int | None:
    return None if value in (oo, -oo) else tables.fraction(value)


def _region(region: Basic, tables: Expressions) -> list[list[tuple[int, int]]]:
    """Pieces, in each of which all polynomials have their sign."""
    pieces = []
    for piece in sympy.Or.make_args(region):
        relations = [part for part in sympy.And.make_args(piece) if part != sympy.true]
        signs = [1 if one.rel_op.startswith(">") else -1 for one in relations]
        found = [tables.polynomial(one.lhs - one.rhs) for one in relations]
        pieces.append(list(zip(found, signs, strict=True)))
    return pieces
