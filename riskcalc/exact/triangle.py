"""The triangle R of a tall matrix whose rows are weighted columns of a sketch, without the matrix in memory.

Formula: with A = Lambda^{1/2} S^T and signals y beside it, [A y] = Q R. Rows are taken in blocks, largest first,
[R; rows] -> R: reflections then keep the digits of the small rows, and with them those of slow modes.
"""

from __future__ import annotations

import numpy as np

from riskcalc.quantity import Real

_ENTRIES = 1_000_000  # of a block of rows at least, where features are few
_COPIES = 4  # of a block and the triangle above it, inside the factorisation


def triangle_of(sketch: Real, root: Real, signals: Real) -> Real:
    """R of [diag(root) S^T, signals^T], square; sketch: (M, v), signals: (p, v)."""
    order, width = np.argsort(-root, kind="stable"), len(sketch) + len(signals)
    found = np.empty((0, width))
    rows = _rows(width)
    for start in range(0, order.size, rows):
        block = order[start : start + rows]
        above = len(found)
        stacked = np.empty((above + block.size, width))
        stacked[:above] = found
        np.multiply(sketch[:, block].T, root[block, None], out=stacked[above:, : len(sketch)])
        stacked[above:, len(sketch) :] = signals[:, block].T
        found = np.asarray(np.linalg.qr(stacked, mode="r"))
    return np.vstack([found, np.zeros((width - len(found), width))])


def bytes_for(width: int, *, height: int) -> int:
    """About what `triangle_of` takes beside the sketch, of so many columns and rows."""
    return 8 * _COPIES * (min(_rows(width), height) + width) * width


def _rows(width: int) -> int:
    return max(2 * width, _ENTRIES // width)
