"""The step sizes of a schedule to any number of digits: its formula read in a field, its stages, or its floats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Number
from riskcalc.schedule import Formula, Schedule

ExactStage = tuple[int, int, Fraction]  # steps start, ..., stop - 1, and their step size

_BLOCK = 4096  # steps listed together


def step_sizes(schedule: Schedule, *, horizon: int, count: int, field: Field) -> Iterator[Element]:
    """gamma_0, ..., gamma_{count-1}; a float the user gave stands for the binary fraction it is.

    So do the step sizes of a schedule that says neither a formula nor stages: they are all that is known of it.
    """
    if isinstance(schedule, Formula):
        for step in range(count):
            yield schedule.formula(_InField(field=field, step=step, horizon=horizon))
        return
    stages = exact_stages(schedule, horizon=horizon)
    if stages is not None:
        for start, stop, size in stages:
            element = field.real(size)
            yield from (element for _ in range(start, min(stop, count)))
        return
    for start in range(0, count, _BLOCK):
        listed = schedule.step_sizes(start, min(start + _BLOCK, count), horizon=horizon)
        yield from (field.real(Fraction(size)) for size in listed.tolist())


def exact_stages(schedule: Schedule, *, horizon: int) -> tuple[ExactStage, ...] | None:
    """The stages of a schedule with exact step sizes, None where it has no stages."""
    stages = schedule.stages(horizon=horizon)
    if stages is None:
        return None
    return tuple((stage.start, stage.stop, Fraction(stage.exact)) for stage in stages)


@dataclass(frozen=True, kw_only=True)
class _InField:
    """One whole step, in the numbers of a field at its working precision."""

    field: Field
    step: int
    horizon: int

    @property
    def begun(self) -> Element:
        return self.field.real(self.step + 1)

    @property
    def left(self) -> Element:
        return self.field.real(self.horizon - self.step)

    def number(self, value: Number) -> Element:
        return self.field.real(Fraction(value))

    def power(self, base: Element, exponent: Number) -> Element:
        exact = Fraction(exponent)
        if exact.denominator == 1:
            return base ** int(exact)
        return self.field.exp(self.field.real(exact) * self.field.log(base))

    def sine(self, quarters: Element) -> Element:
        turn = self.field.exp(self.field.pair(self.field.real(0), self.field.pi() * quarters / 2))
        return self.field.parts(turn)[1]

    def least(self, one: Element, other: Element) -> Element:
        return one if one < other else other
