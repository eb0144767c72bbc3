"""The adjoint recursion step by step in machine code, where the optional extra `fast` (numba) is installed.

It does what `adjoint` does in blocks, in another order: agreement is to rounding. Source: D27, section 1.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from riskcalc.machine_code import compiled_loop
from riskcalc.quantity import Real

LENGTH = 256  # steps whose states are made again, from the one before them that was kept


@cache
def adjoint_loop() -> Callable[..., float]:
    """sum x(N), where `gradient` (steps,) is filled.

    Called with positions and kernel over B and x(0), (n,); step sizes, (steps,); 1 + 1/B; floor + sigma2; the weight of
    a mode in a sum; LENGTH; and the gradient.
    """
    return compiled_loop(_adjoint)


def _adjoint(
    position: Any,
    kernel: Any,
    start: Any,
    sizes: Real,
    spread: float,
    drive: float,
    weight: float,
    length: int,
    gradient: Real,
) -> float:
    count, steps = position.size, sizes.size
    state, driven = start.copy(), np.empty(steps)
    kept = np.empty((-(-steps // length), count), start.dtype)
    trail = np.empty((length, count), start.dtype)
    for step in range(steps):
        if step % length == 0:
            for n in range(count):
                kept[step // length, n] = state[n]
        size, total = sizes[step], 0 * state[0]
        for n in range(count):
            total += state[n]
        driven[step] = drive + weight * total.real
        fed = size * size * driven[step]
        for n in range(count):
            moved = size * position[n]
            state[n] += kernel[n] * fed - moved * (2 - spread * moved) * state[n]
    left = 0 * state[0]
    for n in range(count):
        left += state[n]
    adjoint = np.ones_like(state)
    for block in range(kept.shape[0] - 1, -1, -1):
        first, stop = block * length, min(steps, (block + 1) * length)
        for n in range(count):
            state[n] = kept[block, n]
        for step in range(first, stop):
            size, fed = sizes[step], sizes[step] * sizes[step] * driven[step]
            for n in range(count):
                trail[step - first, n] = state[n]
                moved = size * position[n]
                state[n] += kernel[n] * fed - moved * (2 - spread * moved) * state[n]
        for step in range(stop - 1, first - 1, -1):
            size, slope, noisy = sizes[step], 0 * state[0], 0 * state[0]
            for n in range(count):
                noisy += adjoint[n] * kernel[n]
                slope += adjoint[n] * trail[step - first, n] * position[n] * (spread * size * position[n] - 1)
            returned = weight * noisy.real
            gradient[step] = 2 * (weight * slope.real + size * driven[step] * returned)
            for n in range(count):
                moved = size * position[n]
                adjoint[n] += size * size * returned - moved * (2 - spread * moved) * adjoint[n]
    excess: float = weight * left.real
    return excess
