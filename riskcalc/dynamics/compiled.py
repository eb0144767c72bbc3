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

LENGTH = 2048  # steps of a block
_WORTH = 32_768  # steps of one moment a mode, in which loading the compiler is repaid
_SEVERAL = 8  # one step of several moments is worth so many


def is_compiled(steps: int, *, several: bool) -> bool:
    """Whether so many steps are made in machine code."""
    return steps * (_SEVERAL if several else 1) >= _WORTH and can_compile()


@cache
def block_loop() -> Callable[..., None]:
    """One list of modes through a block, at its nodes.

    Called with places (m,); own (2, m), which weighs P at the first `fast` places and 1 - P at the others; the kernel
    there, (m,); still (2,), what the others hold; coefficients of the steps, (l,); and to be filled: totals (2, l);
    kept (m,), P or 1 - P after the last step; gained (2, m), what a kernel of 1 has collected by then.
    """
    return compiled_loop(_block)


@cache
def several_loop() -> Callable[..., None]:
    """Several moments a mode, step by step. state (2, m, n) is moved in place; reads (steps, 2) are filled."""
    return compiled_loop(_several)


def _block(
    places: Any,
    own: Any,
    kernel: Any,
    fast: int,
    still: Real,
    linear: Real,
    feed: Real,
    spread: float,
    noise: float,
    weight: float,
    totals: Real,
    kept: Any,
    gained: Any,
) -> None:
    bias, variance = still[0], still[1]
    for i in range(fast):
        kept[i] = 1
        bias += weight * own[0, i].real
        variance += weight * own[1, i].real
    for step in range(feed.size):
        totals[0, step], totals[1, step] = bias, variance
        one, other = feed[step] * bias, feed[step] * (variance + noise)
        bent, slope = feed[step] * spread, linear[step]
        first, second = 0 * places[0], 0 * places[0]
        for i in range(fast):
            factor = 1 - places[i] * (slope - bent * places[i])
            left = kept[i] * factor
            up, down = factor * gained[0, i] + one, factor * gained[1, i] + other
            kept[i], gained[0, i], gained[1, i] = left, up, down
            first += left * own[0, i] + kernel[i] * up
            second += left * own[1, i] + kernel[i] * down
        for i in range(fast, places.size):
            decrement = places[i] * (slope - bent * places[i])
            gone = kept[i] + decrement * (1 - kept[i])
            up, down = gained[0, i] + one - decrement * gained[0, i], gained[1, i] + other - decrement * gained[1, i]
            kept[i], gained[0, i], gained[1, i] = gone, up, down
            first += kernel[i] * up - gone * own[0, i]
            second += kernel[i] * down - gone * own[1, i]
        bias, variance = still[0] + weight * first.real, still[1] + weight * second.real


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
