"""Where generating functions are taken. Source: D03."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.quantity import Complex


@dataclass(frozen=True, kw_only=True)
class Points:
    """zeta, and 1 - zeta without cancellation."""

    zeta: Complex
    gap: Complex

    @classmethod
    def near_one(cls, p: Complex) -> Points:
        """zeta = exp(-p)."""
        return cls(zeta=np.exp(-p), gap=-np.expm1(-p))

    @classmethod
    def near_minus_one(cls, p: Complex) -> Points:
        """zeta = -exp(-p)."""
        return cls(zeta=-np.exp(-p), gap=1 + np.exp(-p))
