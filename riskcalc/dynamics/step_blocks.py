"""One moment a mode through blocks of steps: all totals of a block from one triangular system.

Formula: x_n(t+1) = q_n(t) x_n(t) + feed_t (k_n/B)(E(t) + tau). With P_t the product of q over the steps of the block
before t, E(t) = sum_n P_t(z_n) x_n + sum_{s<t} A_ts (E(s) + tau), A_ts = feed_s sum_n (k_n/B) P_t(z_n)/P_{s+1}(z_n),
and modes that are slow within a block are seen at a few nodes only. What those lose, 1 - P_t = sum (1 - q) P, is added
up without cancellation: a mode that has frozen loses no digit however many blocks pass.
Valid: float64. Where P leaves the floats the block is halved, and at last its steps are made one by one. Source: D65.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from riskcalc.dynamics.block_nodes import BlockNodes, block_nodes
from riskcalc.dynamics.compiled import LENGTH as COMPILED_LENGTH, block_loop
from riskcalc.dynamics.moments import MomentMap
from riskcalc.quantity import Array, Real
from riskcalc.spectral.modes import Modes

LENGTHS = (128, 64, 32)  # steps of a block
SHORTEST = 8  # steps below which a system is not worth forming
_TABLE = 100_000  # bytes of P in a block: what a processor keeps near, and is not asked of the system each time
_SMALLEST = 1e-140  # P and 1/P: their products stay floats
_LEAST = 1e-17  # of q, below what rounding leaves of it


def in_blocks(
    modes: Modes,
    moments: MomentMap,
    state: Array,
    reads: Real,
    batch_size: int,
    noise: float | np.floating[Any],
    *,
    compiled: bool = False,
) -> Array:
    """Fill `reads`; the state after them. Arguments as in `recursion.advance`; compiled: with the extra `fast`."""
    linear, feed = moments.linear[:, 0, 0], moments.feed[:, 0]
    blocks = step_blocks(
        modes,
        fastest=float(linear.max()),
        batch_size=batch_size,
        noise=noise,
        spread=float(moments.spread),
        compiled=compiled,
    )
    lists = state.reshape(2, *blocks.position.shape).swapaxes(0, 1)
    totals = reads.reshape(len(reads), 2, len(blocks.position)).transpose(2, 1, 0)
    for start in range(0, len(reads), blocks.length):
        block = slice(start, start + blocks.length)
        lists = blocks.cross(lists, linear[block], feed[block], totals[..., block])
    return lists.swapaxes(0, 1).reshape(state.shape)


def step_blocks(
    modes: Modes,
    *,
    fastest: float,
    batch_size: int,
    noise: float | np.floating[Any] | Real,
    spread: float,
    compiled: bool = False,
) -> StepBlocks:
    """For steps of linear rate 2 gamma, at most `fastest`. noise: of each list."""
    position = np.atleast_2d(modes.position)
    for length in (COMPILED_LENGTH,) if compiled else LENGTHS:
        nodes = block_nodes(position, furthest=length * fastest)
        if length * nodes.position.nbytes <= _TABLE:
            break
    return StepBlocks(
        position=position,
        kernel=np.atleast_2d(modes.kernel) / batch_size,
        nodes=nodes,
        length=length,
        noise=np.broadcast_to(noise, len(position)),
        spread=spread,
        weight=2.0 if modes.paired else 1.0,
        compiled=compiled,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class Powers:
    """Products of q over the steps of a block, at places (k, m).

    before: P_0, ..., P_l. lost: (1 - q) P before each step. gains: feed_s/P_{s+1}.
    """

    before: Array
    lost: Array
    gains: Array


def powers(position: Array, linear: Real, feed: Real, *, spread: float) -> Powers | None:
    """For steps with these coefficients; None where a product leaves the floats."""
    decrement = position[..., None] * (linear - (spread * position)[..., None] * feed)
    before = np.ones((*position.shape, feed.size + 1), dtype=position.dtype)
    factor = 1 - decrement
    if factor.dtype == np.float64:
        np.maximum(factor, _LEAST, out=factor)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        np.multiply.accumulate(factor, axis=-1, out=before[..., 1:])
        size = np.abs(before)
    if not (size.min() > _SMALLEST and size.max() < 1 / _SMALLEST):
        return None
    return Powers(before=before, lost=decrement * before[..., :-1], gains=feed / before[..., 1:])


def solve_block(kernel: Array, found: Powers, sources: Array, *, weight: float, backward: bool = False) -> Real:
    """y of y_t = source_t + weight sum_{s<t} sum_i kernel_i P_t gains_s y_s, for k lists; backward: the transposed.

    kernel: (k, m). sources: (k, r, l).
    """
    from scipy.linalg.lapack import dtrtrs

    matrix = -weight * np.real((kernel[..., None] * found.before[..., :-1]).swapaxes(-1, -2) @ found.gains)
    trans = 0 if backward else 1
    # the triangle below the diagonal is read, the diagonal taken to be 1; transposed, in Fortran's order
    pairs = zip(matrix, sources, strict=True)
    return np.array([dtrtrs(one.T, source.T, lower=0, trans=trans, unitdiag=1)[0].T for one, source in pairs])


@dataclass(frozen=True, kw_only=True, eq=False)
class _Crossed:
    """After a block: the state of the fast modes, (k, 2, fast); at the places 1 - P and what a kernel of 1 gains."""

    fast: Array
    lost: Array
    gained: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class StepBlocks:
    """k lists of modes, (k, n). kernel: over B. noise: (k,). length: of a block."""

    position: Array
    kernel: Array
    nodes: BlockNodes
    length: int
    noise: Real
    spread: float
    weight: float
    compiled: bool

    @cached_property
    def fed(self) -> Array:
        """The kernel at the nodes, (k, m)."""
        return self.nodes.gathered(self.kernel[:, None])[:, 0]

    def total(self, values: Array) -> Real:
        """Sums over the nodes, (k, m, l), with conjugate partners."""
        return self._real(values.sum(axis=1))

    def cross(
        self, state: Array, linear: Real, feed: Real, totals: Real, trail: list[tuple[int, Array]] | None = None
    ) -> Array:
        """Fill the totals before each step, (k, 2, l); the state after the last, (k, 2, n).

        trail: gains how many steps were made at once from which states.
        """
        count = feed.size
        held = bool(np.isfinite(state).all())  # what has outgrown the floats does so in a shorter block, too
        after = None
        if held and (count >= SHORTEST or trail is not None):
            after = self._at_once(state, linear, feed, totals)
        if after is not None:
            if trail is not None:
                trail.append((count, state))
            return after
        if held and count >= 2 * SHORTEST:
            middle = count // 2
            state = self.cross(state, linear[:middle], feed[:middle], totals[..., :middle], trail)
            return self.cross(state, linear[middle:], feed[middle:], totals[..., middle:], trail)
        for step in range(count):
            if trail is not None:
                trail.append((1, state))
            state = self._step(state, linear[step], feed[step], totals[..., step])
        return state

    def _step(self, state: Array, linear: float, feed: float, totals: Real) -> Array:
        factor = 1 - self.position * (linear - self.spread * feed * self.position)
        totals[...] = self._real(state.sum(axis=-1))
        drive = totals.copy()
        drive[:, 1] += self.noise
        return np.asarray(state * factor[:, None] + drive[..., None] * (feed * self.kernel)[:, None])

    def _at_once(self, state: Array, linear: Real, feed: Real, totals: Real) -> Array | None:
        """None where the floats do not hold it."""
        own = self.nodes.gathered_for_change(state)
        still = self._real(state[..., self.nodes.fast :].sum(axis=-1))
        crossed = (self._compiled if self.compiled else self._solved)(own, still, linear, feed, totals)
        if crossed is None:
            return None
        slow, kernel = slice(self.nodes.fast, None), self.kernel[:, None]
        after = np.empty_like(state)
        after[..., : self.nodes.fast] = crossed.fast
        after[..., slow] = self.nodes.slow_left(state[..., slow], crossed.lost)
        after[..., slow] += kernel[..., slow] * self.nodes.slow_spread(crossed.gained)
        return after

    def _solved(self, own: Array, still: Real, linear: Real, feed: Real, totals: Real) -> _Crossed | None:
        """Fill the totals.

        own: the state as the nodes weigh P, or 1 - P; still: the sum of the slow modes, (k, 2).
        """
        fast = self.nodes.fast
        found = powers(self.nodes.position, linear, feed, spread=self.spread)
        if found is None:
            return None
        lost = found.lost[:, fast:].cumsum(axis=-1)  # 1 - P at the places, after each step
        base = still[..., None] + self._real(own[..., :fast] @ found.before[:, :fast, :-1])
        if lost.size:
            base[..., 1:] -= self._real(own[..., fast:] @ lost[..., :-1])
        if self.noise.any():
            fed = self.fed[..., None] * found.before[..., 1:-1] * found.gains.cumsum(axis=-1)[..., :-1]
            base[:, 1, 1:] += self.noise[:, None] * self.total(fed)
        now = solve_block(self.fed, found, base, weight=self.weight)
        if not np.isfinite(now).all():
            return None
        totals[...] = now
        now[:, 1] += self.noise[:, None]
        gained = now @ (found.before[..., -1:] * found.gains).swapaxes(-1, -2)
        moved = own[..., :fast] * found.before[:, None, :fast, -1] + self.fed[:, None, :fast] * gained[..., :fast]
        return _Crossed(fast=moved, lost=lost[..., -1], gained=gained[..., fast:])

    def _compiled(self, own: Array, still: Real, linear: Real, feed: Real, totals: Real) -> _Crossed:
        """The same, step by step in machine code."""
        moved, lost = own.copy(), np.zeros_like(self.nodes.position)
        loop = block_loop()
        for k in range(len(own)):
            found = np.empty((2, feed.size))
            weights = (self.nodes.position[k], own[k], self.fed[k], self.nodes.fast, still[k])
            rates = (linear, feed, self.spread, float(self.noise[k]), self.weight)
            loop(*weights, *rates, found, lost[k], moved[k])
            totals[k] = found
        fast = self.nodes.fast
        return _Crossed(fast=moved[..., :fast], lost=lost[:, fast:], gained=moved[..., fast:])

    def _real(self, values: Array) -> Real:
        """With conjugate partners."""
        return np.asarray(self.weight * values.real)
