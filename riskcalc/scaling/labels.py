"""Names of phases in use, attached to derived regions by a point that each is known to contain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from riskcalc.scaling.arrangement import Point

# (alpha, beta) inside each phase of Paquette et al. (arXiv 2405.15074), from their figures
_KNOWN: dict[str, Point] = {
    "Ia": (Fraction(3, 4), Fraction(1, 4)),
    "Ib": (Fraction(9, 20), Fraction(33, 100)),
    "Ic": (Fraction(1, 5), Fraction(2)),
    "II": (Fraction(1), Fraction(3, 4)),
    "III": (Fraction(7, 10), Fraction(6, 5)),
    "IVa": (Fraction(2, 5), Fraction(1)),
    "IVb": (Fraction(7, 25), Fraction(7, 10)),
}


def names_by_key(locate: Callable[[Point], object], *, paper_letters: bool) -> dict[object, str]:
    """The name of the optimum found at each known point."""
    points = {name: (x, y) if paper_letters else (2 * x, 2 * x + 2 * y) for name, (x, y) in _KNOWN.items()}
    return {locate(point): name for name, point in points.items()}


def name_of(balance: Sequence[str], a: Fraction, b: Fraction) -> str | None:
    """The name of a phase by what meets at its optimum; for F_0 = F_pp also by a = 1 and b = a + 1."""
    if set(balance) == {"F_0", "F_pp"}:
        return "Ia" if a > 1 else "Ib" if b < a + 1 else "Ic"
    return _BALANCES.get(frozenset(balance))


_BALANCES = {
    frozenset({"F_pp", "F_ac"}): "II",
    frozenset({"F_ac", "K_pp"}): "III",
    frozenset({"F_0", "K_pp"}): "IVa",
    frozenset({"F_pp", "K_pp"}): "IVb",
}
