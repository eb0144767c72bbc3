"""Matrix products of one shape, so that a sample's rounding does not depend on where a read ends."""

from __future__ import annotations

import numpy as np

from riskcalc.quantity import Real

TILE = 128  # samples in one matrix product


def tiled(rows: Real) -> Real:
    """The rows in tiles, shape (tiles, TILE, width), the last one filled up with zeros."""
    count, width = rows.shape
    tiles = -(-count // TILE)
    if count == tiles * TILE and rows.flags.c_contiguous:
        return rows.reshape(tiles, TILE, width)
    filled = np.zeros((tiles * TILE, width))
    filled[:count] = rows
    return filled.reshape(tiles, TILE, width)


def mixed(normals: Real, root: Real) -> Real:
    """Rows root @ xi for every row xi of independent normals, shape (samples, P)."""
    if root.size == 1:
        return np.asarray(normals * root[0, 0])
    return np.asarray(np.matmul(tiled(normals), root.T).reshape(-1, len(root))[: len(normals)])
