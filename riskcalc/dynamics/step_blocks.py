"""One moment a mode through blocks of steps: all totals of a block from one triangular system.

Formula: x_n(t+1) = q_n(t) x_n(t) + feed_t (k_n/B)(E(t) + tau). With P_t the product of q over the steps of the block
before t, E(t) = sum_n P_t(z_n) x_n + sum_{s<t} A_ts (E(s) + tau), A_ts = feed_s sum_n (k_n/B) P_t(z_n)/P_{s+1}(z_n),
and modes that are slow within a block are seen at a few nodes only. What those lose, 1 - P_t = sum (1 - q) P, is added
up without cancellation: a mode that has frozen loses no digit however many blocks pass. All but the state is known
before, and formed for many blocks at once.
Valid: float64. Where P leaves the floats the block is halved, and at last its steps are made one by one. Source: D65.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from riskcalc.dynamics.block_nodes import BlockNodes, block_nodes
from riskcalc.dynamics.block_tables import SMALLEST, BlockTables, block_tables
from riskcalc.dynamics.compiled import LENGTH as COMPILED_LENGTH, block_loop
from riskcalc.dynamics.moments import MomentMap
from riskcalc.dynamics.workspace import Workspace
from riskcalc.quantity import Array, Real
from riskcalc.spectral.modes import Modes

LENGTHS = (256, 128, 64, 32)  # steps of a block
SHORTEST = 8  # steps below which a system is not worth forming
_BLOCK = 100_000  # bytes of P in a block: what a processor keeps near, and is not asked of the system each time
_TABLE = 800_000  # bytes of P in the blocks that are formed at once


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
    through = blocks.compiled if compiled else blocks.through
    return through(lists, linear, feed, totals).swapaxes(0, 1).reshape(state.shape)


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
    fall = _fall(position, fastest, spread)
    for length in (COMPILED_LENGTH,) if compiled else LENGTHS:
        nodes = block_nodes(position, furthest=length * fastest)
        if length * nodes.position.nbytes <= _BLOCK and length * fall <= -np.log(SMALLEST):
            break
    return StepBlocks(
        position=position,
        kernel=np.atleast_2d(modes.kernel) / batch_size,
        nodes=nodes,
        length=length,
        noise=np.broadcast_to(noise, len(position)),
        spread=spread,
        weight=2.0 if modes.paired else 1.0,
    )


def _fall(position: Array, fastest: float, spread: float) -> float:
    """By how much log q falls at most in a step of linear rate up to `fastest`, whose square feeds four times less."""
    rate = position * fastest
    if not np.iscomplexobj(rate):
        rate = np.minimum(rate, 2 / spread)  # where q is least
    return float(-np.log(max(np.abs(1 - rate + spread * rate**2 / 4).min(), SMALLEST)))


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

    @cached_property
    def fed(self) -> Array:
        """The kernel at the nodes, (k, m)."""
        return self.nodes.gathered(self.kernel[:, None])[:, 0]

    @cached_property
    def entry(self) -> Array:
        """A state at the modes to that at the nodes, as they weigh P, or 1 - P; and the sum of the slow ones."""
        fast, (lists, modes) = self.nodes.fast, self.position.shape
        entry = np.zeros((lists, modes, self.nodes.position.shape[-1] + 1), dtype=self.position.dtype)
        entry[:, :fast, :fast] = np.eye(fast)
        entry[:, fast:, fast:-1] = self.nodes.change
        entry[:, fast:, -1] = 1
        return entry

    @cached_property
    def leaving(self) -> Array:
        """What a kernel of 1 gains at the nodes to what the modes gain, (k, m, n)."""
        lists, nodes = self.nodes.position.shape
        return self.nodes.spread(np.broadcast_to(np.eye(nodes), (lists, nodes, nodes))) * self.kernel[:, None]

    def total(self, values: Array) -> Real:
        """Sums over the nodes, (k, m, l), with conjugate partners."""
        return self._real(values.sum(axis=1))

    def through(self, state: Array, linear: Real, feed: Real, totals: Real) -> Array:
        """Fill the totals before each step, (k, 2, steps); the state after the last, (k, 2, n)."""
        length, space = self.length, Workspace()
        group = max(1, _TABLE // (length * self.nodes.position.nbytes))
        for start in range(0, feed.size - length + 1, group * length):
            count = min(group, (feed.size - start) // length)
            steps = slice(start, start + count * length)
            tables = self._tables(linear[steps].reshape(count, -1).T, feed[steps].reshape(count, -1).T, space)
            for block in range(count):
                part = slice(start + block * length, start + (block + 1) * length)
                after = self._solved(state, tables, block, totals[..., part])
                state = self.cross(state, linear[part], feed[part], totals[..., part]) if after is None else after
        rest = slice(feed.size // length * length, None)
        return self.cross(state, linear[rest], feed[rest], totals[..., rest]) if feed[rest].size else state

    def cross(
        self, state: Array, linear: Real, feed: Real, totals: Real, trail: list[tuple[int, Array]] | None = None
    ) -> Array:
        """Fill the totals before each step of a block, (k, 2, l); the state after the last, (k, 2, n).

        trail: gains how many steps were made at once from which states.
        """
        count, after = feed.size, None
        held = bool(np.isfinite(state).all())  # what has outgrown the floats does so in a shorter block, too
        if held and (count >= SHORTEST or trail is not None):
            after = self._solved(state, self._tables(linear[:, None], feed[:, None], Workspace()), 0, totals)
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

    def compiled(self, state: Array, linear: Real, feed: Real, totals: Real) -> Array:
        """What `through` does, step by step in machine code."""
        after = np.array(state, order="C")
        for k in range(len(after)):
            found = np.empty((2, feed.size))
            nodes = (self.nodes.position[k], self.fed[k], self.nodes.fast, self.nodes.change[k], self.nodes.whole[k])
            rates = (linear, feed, self.spread, float(self.noise[k]), self.weight)
            block_loop()(self.kernel[k], *nodes, *rates, self.length, found, after[k])
            totals[k] = found
        return after

    def _tables(self, linear: Real, feed: Real, space: Workspace) -> BlockTables:
        """For the coefficients of blocks, (l, g)."""
        return block_tables(
            self.nodes,
            self.fed,
            linear,
            feed,
            spread=self.spread,
            noise=self.noise,
            weight=self.weight,
            space=space,
        )

    def _solved(self, state: Array, tables: BlockTables, block: int, totals: Real) -> Array | None:
        """Fill the totals; the state after the block. None where the floats do not hold it."""
        if not tables.held[block]:
            return None
        sources = tables.sources(block, state @ self.entry)
        sources[:, 1] += tables.noisy[:, block].T
        driven = tables.solved(block, sources)
        if not np.isfinite(driven).all():
            return None
        totals[...] = driven
        driven[:, 1] += self.noise[:, None]
        after = self.nodes.left(state, tables.kept[block], tables.lost[block])
        after += tables.gained(block, driven) @ self.leaving
        return after

    def _step(self, state: Array, linear: float, feed: float, totals: Real) -> Array:
        factor = 1 - self.position * (linear - self.spread * feed * self.position)
        totals[...] = self._real(state.sum(axis=-1))
        drive = totals.copy()
        drive[:, 1] += self.noise
        return np.asarray(state * factor[:, None] + drive[..., None] * (feed * self.kernel)[:, None])

    def _real(self, values: Array) -> Real:
        """With conjugate partners."""
        return np.asarray(self.weight * values.real)
