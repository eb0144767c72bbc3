"""The spectral sums at one point, and the digits they are carried with.

Formula: as in `sums`. Source: D02, D20.
"""

from __future__ import annotations

from dataclasses import dataclass

from riskcalc.numeric.field import Element

GUARD = 10  # working digits beyond those asked of a sum


@dataclass(frozen=True, kw_only=True)
class Values:
    """The sums at one point."""

    d1: Element
    d2: Element
    sig: Element
    sig2: Element
