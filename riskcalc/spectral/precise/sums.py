"""What is asked of spectral sums in a numeric field: at as many digits as each stage of a computation needs.

Formula: d1 = sum lambda/(lambda + u), d2 = sum lambda^2/(lambda + u)^2, sig = sum h/(lambda + u), and
sig2 = sum h/(lambda + u)^2 = -sig'. Source: D02, D20.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from riskcalc.numeric.field import Element, Field

GUARD = 10  # working digits beyond those asked of a sum


@dataclass(frozen=True, kw_only=True)
class Values:
    """The sums at one point."""

    d1: Element
    d2: Element
    sig: Element
    sig2: Element


class Sums(Protocol):
    """The sums at any point; call it inside `field.working(digits + GUARD)` or more."""

    field: Field
    trace: Fraction  # an upper bound of sum lambda, for starting points
    largest: Fraction
    rank: float  # how many eigenvalues are positive, inf where infinitely many
    signal: Fraction  # an upper bound of sum h

    def at(self, u: Element, digits: int) -> Values:
        """d1, d2, sig, sig2 at u with about so many digits."""
