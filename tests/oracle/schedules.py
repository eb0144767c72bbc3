"""Step sizes as defined in docs/schedules.md, to 19 digits or exactly; a schedule of stages as its stages."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from tests.oracle.arithmetic import FLOATS80, Arithmetic
from tests.oracle.floats80 import LD
from tests.oracle.questions import Schedule


def staged(schedule: Schedule) -> bool:
    """Whether it consists of stretches of constant step size."""
    return schedule.name in ("constant", "geometric", "custom") or (schedule.name, schedule.power) == ("polynomial", 0)


def sizes(schedule: Schedule, start: int, stop: int, horizon: int, numbers: Arithmetic = FLOATS80) -> np.ndarray:
    """gamma_s for start <= s < stop."""
    if not staged(schedule):
        return at(schedule, start, np.arange(stop - start).astype(numbers.dtype), horizon, numbers)
    result = np.empty(stop - start, dtype=numbers.dtype)
    for first, last, gamma in stages(schedule, horizon):
        if first < stop and last > start:
            result[max(first, start) - start : min(last, stop) - start] = numbers.number(gamma)
    return result


def sizes_at(schedule: Schedule, steps: list[int], horizon: int) -> np.ndarray:
    """gamma_s of a smooth schedule at each of some steps."""
    return np.array([at(schedule, s, np.zeros(1, dtype=LD), horizon)[0] for s in steps], dtype=LD)


def at(schedule: Schedule, start: int, beyond: np.ndarray, horizon: int, numbers: Arithmetic = FLOATS80) -> np.ndarray:
    """gamma at the real-valued steps start + beyond of a smooth schedule."""
    number = numbers.number
    peak = number(schedule.peak)
    left = (number(horizon - start) - beyond) / number(horizon)
    if schedule.name == "polynomial":
        return peak * _raised(left, schedule.power, number)
    if schedule.name == "cosine":
        return peak * np.sin(numbers.pi() / 2 * left) ** 2
    low = np.minimum(number(1), _raised(left / number(schedule.decay), schedule.power, number))
    if schedule.warmup:
        low = np.minimum(low, (number(start + 1) + beyond) / (number(schedule.warmup) * number(horizon)))
    return peak * low


def _raised(base: np.ndarray, power: Fraction, number: Callable[[Fraction], Any]) -> np.ndarray:
    if power.denominator == 1:
        return base ** int(power)
    return np.where(base > 0, np.exp(number(power) * np.log(np.where(base > 0, base, number(1)))), number(0))


def stages(schedule: Schedule, horizon: int) -> list[tuple[int, int, Fraction]]:
    """(first, last + 1, step size) of every stretch of constant step size, for schedules that consist of such."""
    if schedule.name in ("constant", "polynomial"):
        return [(0, horizon, schedule.peak)]
    if schedule.name == "custom":
        return _runs([Fraction(value) for value in schedule.listed])
    assert schedule.name == "geometric"
    bounds = [0]
    level = 1
    while horizon > 1:
        bound = _boundary(level, horizon)  # the first s with floor((s + 1) log2(N)/N) >= level
        if bound >= horizon:
            break
        bounds.append(bound)
        level += 1
    ends = [*bounds[1:], horizon]
    parts = [(a, b, schedule.peak / 2**k) for k, (a, b) in enumerate(zip(bounds, ends, strict=True))]
    return [part for part in parts if part[0] < part[1]]


def _boundary(level: int, horizon: int) -> int:
    """The smallest s >= 0 with (s + 1) log2(horizon) >= level horizon."""
    if horizon & (horizon - 1) == 0:
        log = Fraction(horizon.bit_length() - 1)
        return max(0, -((-level * horizon * log.denominator) // log.numerator) - 1)
    with mpmath.workdps(80):
        return max(0, int(mpmath.ceil(mpmath.mpf(level) * horizon / mpmath.log(horizon, 2))) - 1)


def _runs(values: list[Fraction]) -> list[tuple[int, int, Fraction]]:
    found: list[tuple[int, int, Fraction]] = []
    for s, value in enumerate(values):
        if found and found[-1][2] == value:
            found[-1] = (found[-1][0], s + 1, value)
        else:
            found.append((s, s + 1, value))
    return found
