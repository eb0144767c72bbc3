"""The step sizes of a schedule to any number of digits: the exact rationals and cosines behind the floats."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from fractions import Fraction

from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Element, Field
from riskcalc.schedule import Constant, Cosine, Custom, Geometric, Polynomial, Schedule, WarmupStableDecay

ExactStage = tuple[int, int, Fraction]  # steps start, ..., stop - 1, and their step size


def step_sizes(schedule: Schedule, *, horizon: int, count: int, field: Field) -> Iterator[Element]:
    """gamma_0, ..., gamma_{count-1}; a float the user gave stands for the binary fraction it is."""
    if isinstance(schedule, Cosine):
        # (1 + cos x)/2 = sin(y)^2 with y = pi (N - s)/(2N), and sin(y)^2 = -(e^{iy} - e^{-iy})^2/4
        peak = field.real(Fraction(schedule.step_size))
        for s in range(count):
            turn = field.exp(field.pair(field.real(0), field.pi() * (horizon - s) / (2 * horizon)))
            yield peak * field.parts(turn)[1] ** 2
        return
    if isinstance(schedule, Polynomial) and Fraction(schedule.power).denominator != 1:
        power = field.real(Fraction(schedule.power))
        for s in range(count):
            left = field.log(field.real(Fraction(horizon - s, horizon)))
            yield field.real(Fraction(schedule.step_size)) * field.exp(power * left)
        return
    exact = _rational(schedule, horizon)
    for s in range(count):
        yield field.real(exact(s))


def exact_stages(schedule: Schedule, *, horizon: int) -> tuple[ExactStage, ...] | None:
    """The stages of a schedule with exact step sizes, None where it has no stages."""
    stages = schedule.stages(horizon=horizon)
    if stages is None:
        return None
    if isinstance(schedule, Constant):
        return ((0, horizon, Fraction(schedule.step_size)),)
    if isinstance(schedule, Geometric):
        # the levels are powers of two: exact
        peak = Fraction(float(schedule.step_size))
        return tuple(
            (stage.start, stage.stop, Fraction(schedule.step_size) * Fraction(stage.step_size) / peak)
            for stage in stages
        )
    return tuple((stage.start, stage.stop, Fraction(stage.step_size)) for stage in stages)


def _rational(schedule: Schedule, horizon: int) -> Callable[[int], Fraction]:
    if isinstance(schedule, Constant):
        return lambda _s: Fraction(schedule.step_size)
    if isinstance(schedule, Custom):
        return lambda s: Fraction(float(schedule.values[s]))
    if isinstance(schedule, Polynomial):
        power = int(schedule.power)
        return lambda s: Fraction(schedule.step_size) * Fraction(horizon - s, horizon) ** power
    if isinstance(schedule, Geometric):
        stages = exact_stages(schedule, horizon=horizon) or ()
        starts = [start for start, _, _ in stages]
        return lambda s: stages[bisect_right(starts, s) - 1][2]
    if isinstance(schedule, WarmupStableDecay):
        return lambda s: _warmup_stable_decay(schedule, s, horizon)
    raise InvalidInput(f"no exact step sizes are known for {schedule!r}: leave digits out, or use Custom")


def _warmup_stable_decay(schedule: WarmupStableDecay, s: int, horizon: int) -> Fraction:
    factors = [Fraction(1), Fraction(horizon - s, horizon) / Fraction(schedule.decay)]
    if schedule.warmup > 0:
        factors.append(Fraction(s + 1, horizon) / Fraction(schedule.warmup))
    return Fraction(schedule.step_size) * min(factors)
