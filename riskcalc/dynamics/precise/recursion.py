"""Moments, crosses and totals of a list of modes in a numeric field, one step at a time.

Formula: with p_n = 1 - q_n, y_n = gamma z_n and g_n = (gamma^2/B) k_n, x <- (1 - p) x + g (sum x + tau),
c <- (1 - y)(c + x), a <- a + sum (2 c + x), where tau drives the variance and is zero for the bias. A sum over modes is
its real part: conjugate partners are contained in the weights. Source: D01, D03, D24.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from riskcalc.numeric.field import Element, Field

Vector = list[Element]
Row = tuple[Element, Element]  # bias, variance


class ModeList(Protocol):
    """Positions z_n, signal weights f_n, kernel weights k_n, and the floor."""

    @property
    def position(self) -> Vector: ...

    @property
    def signal(self) -> Vector: ...

    @property
    def kernel(self) -> Vector: ...

    @property
    def floor(self) -> Element: ...


@dataclass(frozen=True, kw_only=True)
class Rates:
    """Modes under one step size: p_n = 1 - q_n, y_n = gamma z_n and g_n = (gamma^2/B) k_n."""

    decrement: Vector
    scaled: Vector
    gain: Vector


@dataclass(frozen=True, kw_only=True)
class OpenSum:
    """Crosses of the modes with the sum of the iterates of one average, and the square of that sum; bias first."""

    crosses: list[Vector]
    totals: list[Element]


@dataclass(frozen=True, kw_only=True)
class State:
    """Moments, bias first, and the averages that have begun, by their first iterates."""

    moments: list[Vector]
    sums: Mapping[int, OpenSum] = field(default_factory=dict)

    def begun(self, field: Field, first: int) -> State:
        """The state with an average that begins here, at step `first`."""
        zero = field.real(0)
        nothing = [zero] * len(self.moments[0])
        fresh = OpenSum(crosses=[nothing, nothing], totals=[zero, zero])
        return State(moments=self.moments, sums={**self.sums, first: fresh})

    def ended(self, first: int) -> State:
        """The state without the average that began at `first`."""
        return State(moments=self.moments, sums={key: one for key, one in self.sums.items() if key != first})


def started(field: Field, modes: ModeList) -> State:
    """Before the first step."""
    return State(moments=[list(modes.signal), [field.real(0)] * len(modes.signal)])


def drives_of(field: Field, modes: ModeList, noise: Fraction) -> Row:
    """tau of bias and variance."""
    return field.real(0), field.middle(field.real(noise) + modes.floor)


def rates(field: Field, modes: ModeList, size: Element, batch_size: int) -> Rates:
    """The modes under a step size of the field."""
    spread, gain = field.real(1 + Fraction(1, batch_size)), size * size / field.real(batch_size)
    scaled = [size * z for z in modes.position]
    return Rates(
        decrement=[y * (2 - spread * y) for y in scaled], scaled=scaled, gain=[gain * k for k in modes.kernel]
    )


def stepped(field: Field, state: State, under: Rates, drives: Row) -> State:
    """The state one step later."""
    middle, now = field.middle, totals(field, state)
    moments = [
        [middle(x - p * x + (total + tau) * g) for x, p, g in zip(row, under.decrement, under.gain, strict=True)]
        for row, total, tau in zip(state.moments, now, drives, strict=True)
    ]
    sums = {first: _risen(field, one, state.moments, under, now) for first, one in state.sums.items()}
    return State(moments=moments, sums=sums)


def _risen(field: Field, one: OpenSum, moments: list[Vector], under: Rates, now: Row) -> OpenSum:
    middle = field.middle
    return OpenSum(
        crosses=[
            [middle((1 - y) * (c + x)) for c, x, y in zip(cross, row, under.scaled, strict=True)]
            for cross, row in zip(one.crosses, moments, strict=True)
        ],
        totals=[
            middle(a + 2 * added(field, cross) + total)
            for a, cross, total in zip(one.totals, one.crosses, now, strict=True)
        ],
    )


def totals(field: Field, state: State) -> Row:
    """Bias and variance of the last iterate."""
    return added(field, state.moments[0]), added(field, state.moments[1])


def added(field: Field, values: Sequence[Element]) -> Element:
    """The real part of the sum of one or more elements."""
    total = values[0]
    for value in values[1:]:
        total = total + value
    return field.middle(field.parts(total)[0])
