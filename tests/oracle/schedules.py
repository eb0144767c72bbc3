"""Step sizes as defined in docs/schedules.md, to 19 digits or exactly; a schedule of stages as its stages."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np

from tests.oracle.floats80 import LD, PI, longdouble
from tests.oracle.questions import Schedule


def sizes(schedule: Schedule, start: int, stop: int, horizon: int) -> np.ndarray:
    """gamma_s for start <= s < stop."""
    if schedule.name not in ("constant", "geometric", "custom"):
        return at(schedule, start, np.arange(stop - start).astype(LD), horizon)
    result = np.empty(stop - start, dtype=LD)
    for first, last, gamma in stages(schedule, horizon):
        if first < stop and last > start:
            result[max(first, start) - start : min(last, stop) - start] = longdouble(gamma)
    return result


def at(schedule: Schedule, start: int, beyond: np.ndarray, horizon: int) -> np.ndarray:
    """gamma at the real-valued steps start + beyond of a smooth schedule."""
    peak = longdouble(schedule.peak)
    left = (LD(horizon - start) - beyond) / LD(horizon)
    if schedule.name == "polynomial":
        return peak * _raised(left, schedule.power)
    if schedule.name == "cosine":
        return peak * np.sin(PI / 2 * left) ** 2
    low = np.minimum(LD(1), _raised(left / longdouble(schedule.decay), schedule.power))
    if schedule.warmup:
        low = np.minimum(low, (LD(start + 1) + beyond) / (longdouble(schedule.warmup) * LD(horizon)))
    return peak * low


def _raised(base: np.ndarray, power: Fraction) -> np.ndarray:
    if power.denominator == 1:
        return base ** int(power)
    return np.exp(longdouble(power) * np.log(base))


def stages(schedule: Schedule, horizon: int) -> list[tuple[int, int, Fraction]]:
    """(first, last + 1, step size) of every stretch of constant step size, for schedules that consist of such."""
    if schedule.name == "constant":
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
