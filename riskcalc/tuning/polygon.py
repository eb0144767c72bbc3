"""A function of the step by its values at a few equally spaced knots, straight between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from riskcalc.quantity import Real


@dataclass(frozen=True, kw_only=True)
class Polygon:
    """knots: from the first place to the last, at most one for each place."""

    knots: int
    places: int

    @cached_property
    def _position(self) -> Real:
        """Of each place, in knots."""
        return np.linspace(0.0, self.knots - 1.0, self.places)

    def values(self, knots: Real) -> Real:
        """At every place."""
        return np.asarray(np.interp(self._position, np.arange(self.knots), knots))

    def at_knots(self, values: Real) -> Real:
        """Of a function given at every place."""
        return np.asarray(np.interp(np.linspace(0.0, self.places - 1.0, self.knots), np.arange(self.places), values))

    def gradient(self, gradient: Real) -> Real:
        """In the knots, from that in the values at every place."""
        below = np.minimum(self._position.astype(int), max(self.knots - 2, 0))
        share = self._position - below
        found = np.bincount(below, (1 - share) * gradient, self.knots)
        above = np.minimum(below + 1, self.knots - 1)
        return np.asarray(found + np.bincount(above, share * gradient, self.knots))
