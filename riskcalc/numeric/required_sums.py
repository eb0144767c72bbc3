"""Sums that modes must have, whatever they were computed by: two numbers a rule, one of them known in closed form."""

from __future__ import annotations

from collections.abc import Mapping

from riskcalc.errors import ConsistencyError


def require_sums(rules: Mapping[str, tuple[float, float]], *, tolerance: float) -> None:
    """Refuse modes that break a rule: name -> what the modes sum to, and what it has to be.

    Rounding breaks none to the tolerance, which is relative: one that is broken means wrong modes.

    >>> require_sums({"trace of K": (1.0 + 1e-13, 1.0)}, tolerance=1e-10)
    >>> require_sums({"trace of K": (1.5, 1.0)}, tolerance=1e-10)
    Traceback (most recent call last):
    ...
    riskcalc.errors.ConsistencyError: the sum rule 'trace of K' is violated: 1.5, but 1 exactly
    """
    for name, (found, expected) in rules.items():
        if not abs(found - expected) <= tolerance * abs(expected):  # nan breaks every rule
            raise ConsistencyError(f"the sum rule '{name}' is violated: {found:.15g}, but {expected:.15g} exactly")
