"""The innermost loops in machine code, where the optional extra `fast` (numba) is installed.

They do what `step_blocks` and `recursion` do, in another order: agreement is to rounding. Runs that are short do not
load the compiler, whatever else the process has done: an answer does not depend on its history. Source: D65.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from riskcalc.machine_code import can_compile, compiled_loop
from riskcalc.quantity import Real

LENGTH = 1024  # steps of a block
_WORTH = 32_768  # steps of one moment a mode, in which loading the compiler is repaid
_SEVERAL = 8  # one step of several moments is worth so many


def is_compiled(steps: int, *, several: bool) -> bool:
    """Whether so many steps are made in machine code."""
    return steps * (_SEVERAL if several else 1) >= _WORTH and can_compile()


@cache
def block_loop() -> Callable[..., None]:
    """One list of modes through blocks of steps, at the nodes of a block.

    Called with the kernel at the modes, (n,); the nodes, (m,), and the kernel there; how many of both are the fast
    modes; the tables from slow modes to the other nodes for what changes and for what does not, (n - fast, m - fast);
    coefficients of the steps, (t,); the length of a block; and to be filled: totals, (2, t), and the state, (2, n), at
    the start what it is then.
    """
    return compiled_loop(_blocks)


@cache
def several_loop() -> Callable[..., None]:
    """Several moments a mode, step by step. state (2, m, n) is moved in place; reads (steps, 2) are filled."""
    return compiled_loop(_several)


def _blocks(
    kernel: Any,
    nodes: Any,
    fed: Any,
    fast: int,
    change: Any,
    whole: Any,
    linear: Real,
    feed: Real,
    spread: float,
    noise: float,
    weight: float,
    length: int,
    totals: Real,
    state: Any,
) -> None:
    # arrays of their own: a compiler that sees two rows of one array does not know that they are apart
    quick, rapid, still, slow = nodes[:fast].copy(), fed[:fast].copy(), nodes[fast:].copy(), fed[fast:].copy()
    bias, variance = np.empty_like(quick), np.empty_like(quick)
    own_bias, own_variance, lost = np.empty_like(still), np.empty_like(still), np.empty_like(still)
    gained_bias, gained_variance = np.empty_like(still), np.empty_like(still)
    for start in range(0, feed.size, length):
        # what the slow modes hold, and how it weighs 1 - P at the nodes
        rest_bias, rest_variance = 0 * nodes[0], 0 * nodes[0]
        for i in range(still.size):
            own_bias[i], own_variance[i] = 0, 0
            lost[i], gained_bias[i], gained_variance[i] = 0, 0, 0
        for n in range(fast, kernel.size):
            rest_bias += state[0, n]
            rest_variance += state[1, n]
            for i in range(still.size):
                own_bias[i] += change[n - fast, i] * state[0, n]
                own_variance[i] += change[n - fast, i] * state[1, n]
        first, second = rest_bias, rest_variance
        for i in range(fast):
            bias[i], variance[i] = state[0, i], state[1, i]
            first += bias[i]
            second += variance[i]
        for step in range(start, min(start + length, feed.size)):
            totals[0, step], totals[1, step] = weight * first.real, weight * second.real
            one, other = feed[step] * totals[0, step], feed[step] * (totals[1, step] + noise)
            bent, slope = feed[step] * spread, linear[step]
            first, second = rest_bias, rest_variance
            for i in range(quick.size):
                decrement = quick[i] * (slope - bent * quick[i])
                up = bias[i] + (rapid[i] * one - decrement * bias[i])
                down = variance[i] + (rapid[i] * other - decrement * variance[i])
                bias[i], variance[i] = up, down
                first += up
                second += down
            for i in range(still.size):
                decrement = still[i] * (slope - bent * still[i])
                gone = lost[i] + decrement * (1 - lost[i])
                up = gained_bias[i] + (one - decrement * gained_bias[i])
                down = gained_variance[i] + (other - decrement * gained_variance[i])
                lost[i], gained_bias[i], gained_variance[i] = gone, up, down
                first += slow[i] * up - gone * own_bias[i]
                second += slow[i] * down - gone * own_variance[i]
        for i in range(fast):
            state[0, i], state[1, i] = bias[i], variance[i]
        for n in range(fast, kernel.size):
            away, up, down = 0 * nodes[0], 0 * nodes[0], 0 * nodes[0]
            for i in range(still.size):
                away += change[n - fast, i] * lost[i]
                up += whole[n - fast, i] * gained_bias[i]
                down += whole[n - fast, i] * gained_variance[i]
            state[0, n] += kernel[n] * up - away * state[0, n]
            state[1, n] += kernel[n] * down - away * state[1, n]


def _several(
    position: Any,
    square: Any,
    kernel: Any,
    constant: Real,
    linear: Real,
    feed: Real,
    drive: Real,
    read: Real,
    noise: float,
    weight: float,
    state: Any,
    reads: Real,
) -> None:
    size, count = state.shape[1], state.shape[2]
    seen, moved = np.empty_like(position), np.empty_like(state[0])
    for step in range(len(feed)):
        for row in range(2):
            now, source = 0 * position[0], 0 * position[0]
            for n in range(count):
                driving = 0 * position[0]
                for j in range(size):
                    now += read[j] * state[row, j, n]
                    driving += drive[j] * state[row, j, n]
                seen[n] = driving
                source += driving
            reads[step, row] = weight * now.real
            fed = weight * source.real + (noise if row else 0.0)
            for i in range(size):
                for n in range(count):
                    moved[i, n] = state[row, i, n]
                for j in range(size):
                    still, once = constant[step, i, j], linear[step, i, j]
                    if still != 0 or once != 0:
                        for n in range(count):
                            moved[i, n] -= (still + once * position[n]) * state[row, j, n]
                if feed[step, i] != 0:
                    for n in range(count):
                        moved[i, n] += feed[step, i] * (square[n] * seen[n] + kernel[n] * fed)
            for i in range(size):
                for n in range(count):
                    state[row, i, n] = moved[i, n]
