"""Steps of SGD with one output in machine code, where the optional extra `fast` (numba) is installed.

The samples are those of the other ways; sums are taken in another order, so that numbers agree to rounding. Which way
a run goes hangs on its own steps alone, not on the runs beside it nor on what the process has done before.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from riskcalc.machine_code import can_compile, compiled_loop
from riskcalc.quantity import Real

_WORTH = 65_536  # steps of a run, in which loading the compiler is repaid


def is_compiled(steps: int, *, outputs: int) -> bool:
    """Whether runs of so many steps are made in machine code."""
    return outputs == 1 and steps >= _WORTH and can_compile()


@cache
def step_loop() -> Callable[..., None]:
    """One run through a block. parameters (M,) move in place; samples (steps, B, M + 1); rates: gamma/B, (steps,).

    total, (M,) or empty where no average is kept, gains the parameters before each step.
    """
    return compiled_loop(_steps)


def _steps(parameters: Any, samples: Any, rates: Real, total: Any) -> None:
    width, kept = parameters.size, total.size > 0
    weights = samples[0, :, width].copy()
    for step in range(rates.size):
        if kept:
            for n in range(width):
                total[n] += parameters[n]
        for i in range(weights.size):
            found = 0.0
            for n in range(width):
                found += samples[step, i, n] * parameters[n]
            weights[i] = rates[step] * (found - samples[step, i, width])
        for i in range(weights.size):
            weight = weights[i]
            for n in range(width):
                parameters[n] -= weight * samples[step, i, n]
