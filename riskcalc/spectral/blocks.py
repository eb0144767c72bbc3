"""Blocks of eigenvalues of a smooth law that a rule for sums over whole numbers may shorten.

Blocks are short against their distance from j = 0, where powers of j are singular; and, where a run lasts until only
the smallest eigenvalues count, also against their distance from v, because then exp(-T lambda) varies most there.
Source: D26, statement 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.numeric.mean_rule import off_diagonal
from riskcalc.problem import ExplicitSignal, Problem
from riskcalc.problem.spectrum import Law
from riskcalc.quantity import Real

LARGEST_GATHERED = 10**18  # dimension
_BENT = 5.0  # log q bends more than 2 gamma lambda where gamma lambda is of order one
FACTOR = 4.0  # by which eigenvalues differ in a block, and distances from v in one near it: 3^-2n is left



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


def smooth_law(problem: Problem) -> Law | None:
    """The spectrum where it and the signal are smooth functions of j, else None."""
    smooth = not isinstance(problem.signal, ExplicitSignal)
    return problem.spectrum if smooth and isinstance(problem.spectrum, Law) else None


def smooth_blocks(spectrum: Law, *, points: int, single: int, steepest: float, reach: float) -> list[Block]:
    """Blocks for a law; steepest: the least exponent that they are made for. reach: step size times steps."""
    if spectrum.dimension is None or spectrum.dimension > LARGEST_GATHERED:
        raise InvalidInput(
            "without a sketch the dimension must be finite, at most 1e18: give one, "
            "or use the equivalent road with a large model"
        )
    slowest = 2 * _BENT * reach * spectrum.smallest()

    def fading(start: int) -> float:
        return float(slowest * math.expm1(min(spectrum.fall(start), 600.0)))

    def growth(start: int) -> float:
        if slowest + fading(start) < points / 2:  # the run hardly moves these modes: only powers of j are left
            return float(FACTOR ** (1 / steepest))
        return float(FACTOR ** (1 / max(spectrum.steepness(start), steepest)))

    return blocks(spectrum.dimension, points=points, single=single, growth=growth, fading=fading)


def rule_on(block: Block) -> tuple[Real, Real]:
    """Places and weights of Gauss's rule for the sum over a block."""
    if block.points is None:
        return block.start + np.arange(float(block.count)), np.ones(block.count)
    off = off_diagonal(block.count, block.points)
    points, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return block.start + (block.count - 1) / 2 + block.count * points, block.count * vectors[0] ** 2
