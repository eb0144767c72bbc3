"""Bias and variance at the recorded steps, last iterates or averages of iterates, given modes in a numeric field.

The run is walked from record to record: long stretches of one step size at once, by whatever crosses them, and all
others step by step. Nothing is a difference of two long sums. Source: D23, D24.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

from riskcalc.curve import Run
from riskcalc.curve.averaging import windows
from riskcalc.dynamics.precise.recursion import (
    ModeList,
    Rates,
    Row,
    State,
    drives_of,
    rates,
    started,
    stepped,
    totals,
)
from riskcalc.dynamics.precise.segments import Segment, segments
from riskcalc.dynamics.step_sizes import step_sizes
from riskcalc.numeric.field import Element, Field
from riskcalc.progress import progress

SHORTEST = 400  # steps; longer stretches are cheaper to cross by a transform


class Crossing(Protocol):
    """Any number of steps of one size at once."""

    def after(self, state: State, duration: int) -> State:
        """The state so many steps later."""


class Crosses(Protocol):
    """What crosses stretches of constant step size."""

    def __call__(self, field: Field, under: Rates, drives: Row) -> Crossing:
        """The modes under one step size, ready to be crossed."""


def walked(run: Run, modes: ModeList, field: Field, crosses: Crosses, *, shortest: int) -> dict[int, Row]:
    """Bias and variance by recorded step, within `field.working(...)`; stretches up to `shortest` step by step."""
    walk = _Walk(run, modes, field, crosses, shortest)
    for segment in segments(run):
        walk.record(segment.start)
        walk.cross(segment)
    walk.record(run.steps[-1])
    return walk.found


class _Walk:
    """The state on the way, and what was recorded."""

    def __init__(self, run: Run, modes: ModeList, field: Field, crosses: Crosses, shortest: int) -> None:
        self.run, self.modes, self.field, self.crosses, self.shortest = run, modes, field, crosses, shortest
        self.ends = windows(run.averaging, run.steps)
        self.drives = drives_of(field, modes, Fraction(run.problem.noise))
        self.state = started(field, modes)
        self.found: dict[int, Row] = {}
        self._sizes = self._listed()
        self._under: tuple[Fraction, Rates] | None = None
        self._crossing: tuple[Fraction, Crossing] | None = None

    def cross(self, segment: Segment) -> None:
        """From the start of a segment to its end."""
        if segment.size is not None and segment.at_once(self.shortest):
            self.state = self._at_once(segment.size).after(self.state, segment.length)
            return
        with progress(segment.length, "steps") as more:
            for _ in range(segment.length):
                if segment.size is None:
                    under = rates(self.field, self.modes, next(self._sizes), self.run.batch_size)
                else:
                    under = self._rates(segment.size)
                self.state = stepped(self.field, self.state, under, self.drives)
                more(1)

    def record(self, step: int) -> None:
        """What is asked at a step; averages begin and end there."""
        for first, one in self.state.sums.items():
            if step in self.ends[first]:
                bias, variance = (self.field.middle(a / (step - first) ** 2) for a in one.totals)
                self.found[step] = bias, variance
            if step == self.ends[first][-1]:
                self.state = self.state.ended(first)
        if step in self.ends:
            if step in self.ends[step]:  # the last iterate, or no iterate before it: then the start itself
                self.found[step] = totals(self.field, self.state)
            if step < self.ends[step][-1]:
                self.state = self.state.begun(self.field, step)

    def _rates(self, size: Fraction) -> Rates:
        if self._under is None or self._under[0] != size:
            self._under = size, rates(self.field, self.modes, self.field.real(size), self.run.batch_size)
        return self._under[1]

    def _at_once(self, size: Fraction) -> Crossing:
        if self._crossing is None or self._crossing[0] != size:
            self._crossing = size, self.crosses(self.field, self._rates(size), self.drives)
        return self._crossing[1]

    def _listed(self) -> Iterator[Element]:
        run = self.run
        return step_sizes(run.schedule, horizon=run.horizon, count=run.steps[-1], field=self.field)
