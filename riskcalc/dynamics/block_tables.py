"""What blocks of steps do whatever the state before them is: formed for many blocks at once.

Formula: with P_t the product of q over the steps of a block before t, totals y = E + noise within it solve
y_t = source_t + weight Re sum_{s<t} sum_i (k_i/B) P_t gains_s y_s, gains_s = feed_s/P_{s+1}; sources are linear in the
state, and so is the state after the block in that before it and in y.
Arrays have the steps first, then the blocks, lists and places: (l, g, k, m). Sums of real parts of products are taken
as sums over real and imaginary parts, of one factor and the conjugate of the other. Source: D65.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from riskcalc.dynamics.block_nodes import BlockNodes
from riskcalc.dynamics.workspace import Workspace
from riskcalc.quantity import Array, Real

SMALLEST = 1e-140  # P and 1/P: their products stay floats
_LEAST = 1e-17  # of q, below what rounding leaves of it
_TRIANGLE = 64  # steps that are solved for at once
_LONG_ROW = 100  # entries, from which rows by themselves are faster than NumPy's way, along one column after another


@dataclass(frozen=True, kw_only=True)
class Powers:
    """Products of q over the steps of blocks, the steps first.

    before: P_0, ..., P_l. lost: (1 - q) P before each step. gains: feed_s/P_{s+1}. held: of each block, whether all of
    them are floats.
    """

    before: Array
    lost: Array
    gains: Array
    held: Any


def powers(position: Array, linear: Real, feed: Real, *, spread: float, space: Workspace) -> Powers:
    """At places (k, m), for steps with these coefficients, (l, ...); arrays of shape (l, ..., k, m)."""
    kind, shape = position.dtype, (*linear.shape, *position.shape)
    rates = np.stack([position, -spread * position**2]).reshape(2, -1)
    lost, gains = space.array("lost", shape, kind), space.array("gains", shape, kind)
    before = space.array("before", (shape[0] + 1, *shape[1:]), kind)
    steps = np.stack([linear.ravel(), feed.ravel()], axis=-1)
    np.matmul(steps, as_real(rates), out=as_real(lost.reshape(feed.size, -1)))
    before[0] = 1
    factor = np.subtract(1, lost, out=before[1:])
    if kind == np.float64:
        np.maximum(factor, _LEAST, out=factor)
    with np.errstate(over="ignore", invalid="ignore", under="ignore", divide="ignore"):
        accumulate(np.multiply, factor)
        size = np.abs(before) if np.iscomplexobj(before) else before
        least, largest = size.min(axis=0).min(axis=(-2, -1)), size.max(axis=0).max(axis=(-2, -1))
        np.multiply(lost, before[:-1], out=lost)
        np.divide(feed[..., None, None], before[1:], out=gains)
    return Powers(before=before, lost=lost, gains=gains, held=(least > SMALLEST) & (largest < 1 / SMALLEST))


def accumulate(combine: np.ufunc, values: Array) -> Array:
    """The values themselves, each row by then combined with all rows before it."""
    if values[0].size < _LONG_ROW:
        return np.asarray(combine.accumulate(values, axis=0, out=values))
    for last, row in pairwise(values):
        combine(last, row, row)
    return values


def conjugate(values: Array) -> Array:
    """In place."""
    return np.conjugate(values, out=values) if np.iscomplexobj(values) else values


def as_real(values: Array) -> Real:
    """Real and imaginary parts side by side."""
    return values.view(np.float64)


def system_parts(kernel: Array, found: Powers, *, weight: float, space: Workspace) -> tuple[Real, Real]:
    """`fed` and `gains` of the systems of lists and blocks, as real numbers. kernel: at the places, (k, m)."""
    fed = space.array("fed", found.gains.shape, found.gains.dtype)
    np.multiply(-weight * kernel, found.before[:-1], out=fed)
    return as_real(conjugate(fed)), as_real(found.gains)


def solve_system(fed: Real, gains: Real, sources: Real, *, backward: bool = False) -> Real:
    """Solve y_t + sum_{s<t} fed_t.gains_s y_s = sources_t in place, rows of sources, (r, l); backward: the transposed.

    fed, gains: (l, m). Off the triangles on its diagonal the system is of rank m, so these alone are formed.
    """
    from scipy.linalg.lapack import dtrtrs

    parts = [slice(start, start + _TRIANGLE) for start in range(0, len(fed), _TRIANGLE)]
    carried: Real | None = None
    for part in reversed(parts) if backward else parts:
        rows, columns, now = fed[part], gains[part], sources[:, part]
        taken, given = (columns, rows) if backward else (rows, columns)
        if carried is not None:
            now -= carried @ taken.T
        # the triangle below the diagonal is read, which is taken to be 1; transposed, it is in Fortran's order
        triangle = (rows @ columns.T).T
        now[...] = dtrtrs(triangle, now.T, lower=0, trans=0 if backward else 1, unitdiag=1)[0].T
        carried = now @ given if carried is None else carried + now @ given
    return sources


@dataclass(frozen=True, kw_only=True, eq=False)
class BlockTables:
    """Of g blocks of l steps.

    held: of each block. fed: -weight (k/B) P before each step, conjugate, and gains, both as real numbers: sums of
    their products over the places are the systems. read: what the totals before each step are of the state at the
    nodes and of the sum of the slow modes. noisy: what the noise alone adds to them, (l, g, k). collected: P_l gains.
    kept: P_l of the fast modes, (g, k, fast). lost: 1 - P_l of the slow ones, (g, k, n - fast).
    """

    held: Any
    fed: Real
    gains: Real
    read: Real
    noisy: Real
    collected: Real
    kept: Array
    lost: Array

    def sources(self, block: int, own: Array) -> Real:
        """Totals of k lists if nothing is fed back, (k, r, l). own: their states at nodes, and sums, (k, r, m + 1)."""
        return np.asarray(as_real(own) @ self.read[:, block].transpose(1, 2, 0))

    def solved(self, block: int, sources: Real) -> Real:
        """Totals of k lists, (k, r, l), from what they are if nothing is fed back, in place."""
        for k, source in enumerate(sources):
            solve_system(self.fed[:, block, k], self.gains[:, block, k], source)
        return sources

    def gained(self, block: int, driven: Real) -> Array:
        """What a kernel of 1 gains at the nodes in all, (k, r, m). driven: totals and noise, (k, r, l)."""
        found = driven @ self.collected[:, block].transpose(1, 0, 2)
        return np.asarray(found.view(self.kept.dtype))


def block_tables(
    nodes: BlockNodes,
    kernel: Array,
    linear: Real,
    feed: Real,
    *,
    spread: float,
    noise: Real,
    weight: float,
    space: Workspace,
) -> BlockTables:
    """For g blocks of steps with these coefficients, (l, g). kernel: over B, at the nodes, (k, m). noise: (k,).

    They stand in the space, until it is used again.
    """
    found = powers(nodes.position, linear, feed, spread=spread, space=space)
    fast, last = nodes.fast, found.before[-1]
    slow = nodes.position.shape[-1] - fast
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        fed, gains = system_parts(kernel, found, weight=weight, space=space)
        sums = space.array("sums", (*gains.shape[:-1], nodes.position.shape[-1] + slow), found.lost.dtype)
        sums[..., slow:], sums[..., :slow] = found.gains, found.lost[..., fast:]
        accumulate(np.add, sums)
        gone, noisy = sums[..., :slow], np.zeros(gains.shape[:-1])
        if noise.any():
            np.einsum("tgkm,tgkm->tgk", fed[1:], as_real(sums[:-1, ..., slow:]), out=noisy[1:])
            noisy *= -noise
        collected = np.multiply(found.gains, last, out=space.array("collected", found.gains.shape, found.gains.dtype))
        return BlockTables(
            held=found.held,
            fed=fed,
            gains=gains,
            read=as_real(conjugate(_read(found, gone, fast, weight, space))),
            noisy=noisy,
            collected=as_real(collected),
            kept=last[..., :fast],
            lost=nodes.lost(gone[-1]),
        )


def _read(found: Powers, gone: Array, fast: int, weight: float, space: Workspace) -> Array:
    """P of the fast modes; -(1 - P) at the other places, whose state stands for what changes; 1 for what does not."""
    shape = found.gains.shape
    read = space.array("read", (*shape[:-1], shape[-1] + 1), found.gains.dtype)
    np.multiply(weight, found.before[:-1, ..., :fast], out=read[..., :fast])
    read[0, ..., fast:-1] = 0
    np.multiply(-weight, gone[:-1], out=read[1:, ..., fast:-1])
    read[..., -1] = weight
    return read
