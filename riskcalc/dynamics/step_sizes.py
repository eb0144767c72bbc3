"""The step sizes of a schedule to any number of digits: its formula read in a field, its stages, or its floats."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Number, number
from riskcalc.schedule import Formula, Schedule, listed_sizes
from riskcalc.spectral.modes import floated

Steps = int | Fraction
ExactStage = tuple[int, int, Fraction]  # steps start, ..., stop - 1, and their step size

_BLOCK = 4096  # steps listed together
_LONGER = 25  # digits, beyond those of floats longer than float64


def step_sizes(schedule: Schedule, *, horizon: int, count: int, field: Field) -> Iterator[Element]:
    """gamma_0, ..., gamma_{count-1}; a float the user gave stands for the binary fraction it is.

    So do the step sizes of a schedule that says neither a formula nor stages: they are all that is known of it.
    """
    if isinstance(schedule, Formula):
        known: dict[int, tuple[ExactStage, ...] | None] = {}
        for step in range(count):
            yield schedule.formula(_InField(field=field, step=step, span=horizon, known=known))
        return
    stages = exact_stages(schedule, horizon=horizon)
    if stages is not None:
        for start, stop, size in stages:
            element = field.real(size)
            yield from (element for _ in range(start, min(stop, count)))
        return
    for start in range(0, count, _BLOCK):
        listed = listed_sizes(schedule, start, min(start + _BLOCK, count), horizon=horizon)
        yield from (field.real(Fraction(size)) for size in listed.tolist())


def exact_stages(schedule: Schedule, *, horizon: int) -> tuple[ExactStage, ...] | None:
    """The stages of a schedule with exact step sizes, None where it has no stages."""
    stages = schedule.stages(horizon=horizon)
    if stages is None:
        return None
    return tuple((stage.start, stage.stop, Fraction(stage.exact)) for stage in stages)


@dataclass(frozen=True, kw_only=True)
class _InField:
    """One step of `span`, in the numbers of a field at its working precision. known: stages of schedules met before."""

    field: Field
    step: Steps
    span: Steps
    known: dict[int, tuple[ExactStage, ...] | None]

    @property
    def done(self) -> Element:
        return self.field.real(self.step)

    @property
    def begun(self) -> Element:
        return self.field.real(self.step + 1)

    @property
    def left(self) -> Element:
        return self.field.real(self.span - self.step)

    @property
    def horizon(self) -> Element:
        return self.field.real(self.span)

    def number(self, value: Number) -> Element:
        return self.field.real(Fraction(number(value, "a number of the formula")))

    def power(self, base: Element, exponent: Number) -> Element:
        exact = Fraction(number(exponent, "an exponent of the formula"))
        if base == 0:
            return self.field.real(0)
        if exact.denominator == 1:
            return base ** int(exact)
        return self.field.exp(self.field.real(exact) * self.field.log(base))

    def sine(self, quarters: Element) -> Element:
        turn = self.field.exp(self.field.pair(self.field.real(0), self.field.pi() * quarters / 2))
        return self.field.parts(turn)[1]

    def least(self, one: Element, other: Element) -> Element:
        return one if one < other else other

    def share(self, fraction: Number) -> Fraction:
        return Fraction(number(fraction, "a share of the run")) * self.span

    def whole(self, fraction: Number) -> int:
        return math.ceil(self.share(fraction))

    def steps(self, place: Steps) -> Element:
        return self.field.real(place)

    def split(self, place: Steps, before: Callable[[Any], Element], after: Callable[[Any], Element]) -> Element:
        return before(self) if self.step < place else after(self)

    def later(self, place: Steps) -> _InField:
        return dataclasses.replace(self, step=self.step - place, span=self.span - place)

    def first(self) -> _InField:
        return dataclasses.replace(self, step=0)

    def of(self, schedule: Schedule) -> Element:
        if isinstance(schedule, Formula):
            return schedule.formula(self)
        step, horizon = int(self.step), int(self.span)
        if id(schedule) not in self.known:
            self.known[id(schedule)] = exact_stages(schedule, horizon=horizon)
        stages = self.known[id(schedule)]
        if stages is not None:
            return self.field.real(next(size for start, stop, size in stages if start <= step < stop))
        listed = listed_sizes(schedule, step, step + 1, horizon=horizon)
        return self.field.real(Fraction(float(listed[0])))


def longer_step_sizes(
    schedule: Schedule, start: int, stop: int, *, horizon: int, real: type[np.floating[Any]]
) -> Iterator[np.floating[Any]]:
    """gamma_s for s = start, ..., stop - 1 in floats longer than float64, from the exact schedule."""
    from riskcalc.numeric.arb_field import Arb

    field = Arb()
    with field.working(_LONGER):
        for size in islice(step_sizes(schedule, horizon=horizon, count=stop, field=field), start, None):
            yield floated(field.rational(size), real)
