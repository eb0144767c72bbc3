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

    Called with places (m,), the first `fast` of them modes; own (2, m), their state and what weighs 1 - P at the
    others; the kernel there, (m,); still (2,), what the others hold; coefficients of the steps, (l,); and to be filled:
    totals (2, l); lost (m,), 1 - P of the others after the last step; moved (2, m), which is `own` at the start: the
    state of the fast modes by then, and what a kernel of 1 has collected at the others.
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
    lost: Any,
    moved: Any,
) -> None:
    # x of the fast modes, and what x + own of the others has changed by, follow one formula
    own, bias, variance = own.copy(), still[0], still[1]
    for i in range(fast):
        bias += weight * own[0, i].real
        variance += weight * own[1, i].real
        own[0, i], own[1, i] = 0, 0
    for i in range(fast, places.size):
        moved[0, i], moved[1, i] = 0, 0
    for step in range(feed.size):
        totals[0, step], totals[1, step] = bias, variance
        one, other = feed[step] * bias, feed[step] * (variance + noise)
        bent, slope = feed[step] * spread, linear[step]
        first, second = 0 * places[0], 0 * places[0]
        for i in range(places.size):
            decrement = places[i] * (slope - bent * places[i])
            up = moved[0, i] + (kernel[i] * one - decrement * (moved[0, i] + own[0, i]))
            down = moved[1, i] + (kernel[i] * other - decrement * (moved[1, i] + own[1, i]))
            moved[0, i], moved[1, i] = up, down
            first += up
            second += down
        bias, variance = still[0] + weight * first.real, still[1] + weight * second.real
    for i in range(fast, places.size):
        lost[i], moved[0, i], moved[1, i] = 0, 0, 0
    for step in range(feed.size):
        one, other = feed[step] * totals[0, step], feed[step] * (totals[1, step] + noise)
        bent, slope = feed[step] * spread, linear[step]
        for i in range(fast, places.size):
            decrement = places[i] * (slope - bent * places[i])
            lost[i] += decrement * (1 - lost[i])
            moved[0, i] += one - decrement * moved[0, i]
            moved[1, i] += other - decrement * moved[1, i]


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
