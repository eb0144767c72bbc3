"""The eigenvalues of a smooth law, all of them or gathered: some hundred modes in any dimension. Source: D26, 6."""

from __future__ import annotations

import math

from riskcalc.dynamics.problem_elements import eigenvalues_at, signal_at
from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.numeric.gathering import FACTOR, Block, blocks, places_and_weights
from riskcalc.problem import ExplicitSignal, LogarithmicPowerLaw, PowerLaw, Problem

LARGEST_GATHERED = 10**18  # dimension
_DIGITS_A_POINT = 2 * math.log10(3)  # of a rule on a block with eigenvalues in a ratio of FACTOR
_SPARE_POINTS = 4
_BENT = 5.0  # log q bends more than 2 gamma lambda where gamma lambda is of order one

Smooth = PowerLaw | LogarithmicPowerLaw
Row = tuple[Element, Element, Element]


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


def gathered_elements(problem: Problem, spectrum: Smooth, field: Field, *, digits: int, reach: float) -> list[Row]:
    """lambda_j, lambda_j w_j^2 and lambda_j^2 of a smooth law, largest first, gathered to so many digits."""
    points = math.ceil(digits / _DIGITS_A_POINT) + _SPARE_POINTS
    laid = smooth_blocks(spectrum, points=points, single=points, steepest=1.0, reach=reach)
    places, weights = places_and_weights(field, laid)
    values, powers = eigenvalues_at(problem, field, places), signal_at(problem, field, places)
    return [
        (value, field.middle(weight * power), field.middle(weight * value * value))
        for value, power, weight in zip(values, powers, weights, strict=True)
    ]
