"""Blocks of eigenvalues of a smooth law that a rule for sums over whole numbers may shorten.

Blocks are short against their distance from j = 0, where powers of j are singular; and, where a run lasts until only
the smallest eigenvalues count, also against their distance from v, because then exp(-T lambda) varies most there.
Source: D26, statement 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from riskcalc.errors import InvalidInput
from riskcalc.problem import ExplicitSignal, LogarithmicPowerLaw, PowerLaw, Problem

LARGEST_GATHERED = 10**18  # dimension
_BENT = 5.0  # log q bends more than 2 gamma lambda where gamma lambda is of order one
FACTOR = 4.0  # by which eigenvalues differ in a block, and distances from v in one near it: 3^-2n is left

Smooth = PowerLaw | LogarithmicPowerLaw


@dataclass(frozen=True, kw_only=True)
class Block:
    """The whole numbers start, ..., start + count - 1; points of their rule, None where they stay as they are."""

    start: int
    count: int
    points: int | None


def blocks(
    dimension: int,
    *,
    points: int,
    single: int,
    growth: Callable[[int], float],
    fading: Callable[[int], float],
) -> list[Block]:
    """Blocks of 1, ..., dimension; the first `single` numbers, and blocks that a rule would not shorten, stay.

    growth: the ratio of the ends of a block that starts at j. fading: log of what the run takes off mode j more than
    off the last one.
    """
    found = [Block(start=1, count=min(single, dimension), points=None)]
    start = found[0].count + 1
    whole = points * 3 // 2
    while start <= dimension:
        left = dimension + 1 - start
        count = min(left, max(whole, math.ceil(start * (growth(start) - 1))))
        if fading(start) > points / 2:
            count = min(count, max(whole, left - int(left / FACTOR)))
        found.append(Block(start=start, count=count, points=points if count > whole else None))
        start += count
    return found


def smooth_law(problem: Problem) -> Smooth | None:
    """The spectrum where it and the signal are smooth functions of j, else None."""
    smooth = isinstance(problem.spectrum, Smooth) and not isinstance(problem.signal, ExplicitSignal)
    return problem.spectrum if smooth and isinstance(problem.spectrum, Smooth) else None


def smooth_blocks(spectrum: Smooth, *, points: int, single: int, steepest: float, reach: float) -> list[Block]:
    """Blocks for a law; steepest: the least exponent that they are made for. reach: step size times steps."""
    if spectrum.dimension is None or spectrum.dimension > LARGEST_GATHERED:
        raise InvalidInput(
            "without a sketch the dimension must be finite, at most 1e18: give one, "
            "or use the equivalent road with a large model"
        )
    last, a = spectrum.dimension, float(spectrum.a)
    logarithm = math.log(last + 1.0) if isinstance(spectrum, LogarithmicPowerLaw) else 0.0
    slowest = 2 * _BENT * reach * float(spectrum.scale)
    slowest *= (1 / last / logarithm**a) if logarithm else float(last) ** -a

    def fading(start: int) -> float:
        fall = math.log1p((last - start) / start)
        fall = fall + a * math.log(logarithm / math.log(start + 1.0)) if logarithm else a * fall
        return float(slowest * math.expm1(min(fall, 600.0)))

    def growth(start: int) -> float:
        if slowest + fading(start) < points / 2:  # the run hardly moves these modes: only powers of j are left
            return float(FACTOR ** (1 / steepest))
        steepness = 1 + a / math.log(start + 1.0) if logarithm else a
        return float(FACTOR ** (1 / max(steepness, steepest)))

    return blocks(last, points=points, single=single, growth=growth, fading=fading)
