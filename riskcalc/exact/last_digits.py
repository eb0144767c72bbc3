"""What rounding leaves unknown of the modes of one sketch.

A triangle whose rows fall off keeps the digits of its small singular values as far as its rows, brought to one length,
are independent: relative errors grow with their condition c. They never exceed what rounding does in the norm, either.

Formula: with p = 8 and r = eps (2 p + c), the squares of singular values s_1 >= ... >= s_M are known to
min(p eps s_1/s_n, r) relative; singular vectors turn by up to r w_mn, w_mn = s_m s_n/(s_m^2 - s_n^2), from faster
modes m to slower n, and with them goes signal: 2 r w_mn sqrt(f_m f_n). Their sum stays what it is. Source: D37.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.quantity import Real

_EPS = float(np.finfo(np.float64).eps)
_NORMWISE = 8.0  # roundings of a singular value, where the largest is 1
_BLOCK = 4_000_000  # entries of a table of pairs


@dataclass(frozen=True, kw_only=True)
class LastDigits:
    """position: relative, of the square of each singular value. turn: what vectors turn by, over w_mn."""

    singular: Real
    position: Real
    turn: float

    @classmethod
    def of(cls, triangle: Real, singular: Real) -> LastDigits:
        """Of the singular values, largest first, of a triangle that a factorisation has left."""
        graded = _EPS * (2 * _NORMWISE + min(_condition(triangle), 1 / _EPS))
        with np.errstate(divide="ignore", over="ignore"):
            normwise = _NORMWISE * _EPS * singular[0] / singular
        return cls(singular=singular, position=np.minimum(normwise, graded), turn=graded)

    def exchanged(self, signal: Real) -> Real:
        """How much of these weights may have gone to each mode from faster ones, less what has left it for slower."""
        size, squares = np.sqrt(signal), self.singular**2
        found = np.zeros_like(signal)
        for part in np.array_split(np.arange(size.size), math.ceil(size.size**2 / _BLOCK)):
            gap = squares[:, None] - squares[part]
            faster = np.sign(gap)
            # vectors of one eigenvalue may turn into each other altogether, which changes nothing
            turned = np.divide(
                self.turn * np.outer(self.singular, self.singular[part]),
                np.abs(gap),
                out=np.zeros_like(gap),
                where=gap != 0,
            )
            found[part] = 2 * size[part] * np.sum(faster * np.minimum(turned, 0.5) * size[:, None], axis=0)
        return found


def _condition(triangle: Real) -> float:
    """Of the triangle with rows of one length: the spectral norm's, from those that LAPACK estimates."""
    from scipy.linalg.lapack import dtrcon

    lengths = np.linalg.norm(triangle, axis=1, keepdims=True)
    rows = np.divide(triangle, lengths, out=np.zeros_like(triangle), where=lengths > 0)
    least = min(float(dtrcon(rows, norm=norm)[0]) for norm in ("1", "I"))
    return 1 / (least * math.sqrt(len(rows))) if least > 0 else math.inf
