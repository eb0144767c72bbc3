"""A formula in terms of the named quantities it is built from, as a paper would print it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Function, Symbol

from riskcalc.formula import dispersion, generating, letters as L, recursion
from riskcalc.formula.spectral_sum import SpectralSum

# (registry name, function printed, what it stands for), in the order in which they are recognised
_NAMED: tuple[tuple[str, str, Callable[[Any], Expr]], ...] = (
    ("d1", "d_1", dispersion.d1),
    ("d2", "d_2", dispersion.d2),
    ("signal-sum", r"\varsigma", dispersion.signal_sum),
    ("companion", "m", dispersion.companion),
    ("dispersion", "z", dispersion.dispersion),
    ("dispersion-slope", "z'", dispersion.dispersion_slope),
    ("signal-resolvent", r"\Phi", dispersion.signal_resolvent),
)


def compact(expression: Expr, *, name: str = "") -> Expr:
    """The expression with d1, d2, m, z, q, ... named instead of written out; `name` itself stays written out.

    >>> compact(dispersion.signal_resolvent(), name="signal-resolvent")
    \\varsigma(u)/m(u)
    """
    points = sorted({atom.u for atom in expression.atoms(SpectralSum) if atom.u.is_Symbol}, key=str)
    if name not in ("step-factor", "mode-denominator"):
        expression = expression.xreplace(_factors(points))
    known: list[tuple[Expr, Expr]] = []
    for entry, letter, build in _NAMED:
        if entry == name:
            continue
        for point in points:
            known.append((_rewritten(build(point), known), Function(letter)(point)))
        expression = _rewritten(expression, known)
    if L.x1 in expression.free_symbols:
        expression = expression.subs(generating.curvature(), Symbol("c"))
    return expression


def _factors(points: list[Expr]) -> dict[Expr, Expr]:
    """q and D at every argument they occur with."""
    arguments = [(dispersion.dispersion(point), Function("z")(point)) for point in points]
    arguments += [(letter, letter) for letter in (L.z, L.lambda_, L.z_n[L.n])]
    q, D = Function("q"), Function("D")
    found = {recursion.step_factor(written): q(named) for written, named in arguments}
    return found | {generating.mode_denominator(written): D(named) for written, named in arguments}


def _rewritten(expression: Expr, known: list[tuple[Expr, Expr]]) -> Expr:
    for written_out, named in known:
        expression = expression.subs(written_out, named)
    return expression
