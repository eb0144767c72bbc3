"""A smooth schedule cut into panels that grow with the run, and into single steps where no panel fits.

Panels start short at the beginning of a run or of an average and at every kink and at most double; towards the end of
the schedule they shrink again. A panel that does not stand is halved; what is too short for one goes step by step.
Source: D26.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from riskcalc.dynamics.collocation import Panel, shortest_panel
from riskcalc.errors import ToleranceNotMet
from riskcalc.quantity import Real

State = TypeVar("State")

_SHORTEST = 1024  # steps, at least: fewer are as fast one by one
_MOST_PANELS = 20_000  # accepted or not; some minutes


@dataclass(frozen=True, kw_only=True)
class Crossed(Generic[State]):
    """A panel done. totals: both responses at its start and its nodes, shape (2, p + 1). state: at its end."""

    panel: Panel
    totals: Real
    state: State

    @property
    def start(self) -> int:
        return self.panel.start

    @property
    def stop(self) -> int:
        return self.panel.stop


@dataclass(frozen=True, kw_only=True)
class Stepped(Generic[State]):
    """Steps gone through one by one. totals: before each of them, shape (steps, 2). state: after all of them."""

    start: int
    totals: Real
    state: State

    @property
    def stop(self) -> int:
        return self.start + len(self.totals)


class Crossing(Protocol[State]):
    """What is carried along the schedule, and how."""

    def try_panel(self, state: State, panel: Panel) -> Crossed[State] | None:
        """One panel, None where its polynomials are not good enough."""

    def step(self, state: State, start: int, stop: int) -> Stepped[State]:
        """The steps from `start` to `stop`, one by one."""


@dataclass(frozen=True, kw_only=True)
class Grading:
    """Where panels may lie. kinks: of the schedule. degree: of the polynomials."""

    horizon: int
    kinks: tuple[int, ...]
    degree: int

    def cross(
        self, crossing: Crossing[State], state: State, *, start: int, last: int, origin: int
    ) -> Iterator[Crossed[State] | Stepped[State]]:
        """From `start` to `last`, in pieces. origin: at most `start`, from where the first panels are graded."""
        shortest = max(_SHORTEST, shortest_panel(self.degree))
        tried = 0
        for edge, end in pairwise([start, *(kink for kink in self.kinks if start < kink < last), last]):
            graded_from = origin if edge == start else edge
            place, length = edge, end - edge
            while place < end:
                length = min(length, self._longest(place, graded_from, end))
                piece: Crossed[State] | Stepped[State] | None = None
                while piece is None and length >= shortest:
                    piece = crossing.try_panel(state, Panel(start=place, length=length, degree=self.degree))
                    length, tried = length // 2, tried + 1
                if tried > _MOST_PANELS:
                    raise ToleranceNotMet(
                        f"this schedule needs more than {_MOST_PANELS} panels to be followed: the risk changes too "
                        "fast against the length of the run; ask for fewer steps"
                    )
                if piece is None:
                    piece = crossing.step(state, place, min(end, place + shortest))
                yield piece
                length = 2 * (piece.stop - place)
                state, place = piece.state, piece.stop

    def _longest(self, place: int, origin: int, end: int) -> int:
        """The longest panel from `place`: up to the next end, at most doubling from the kink and halving to the end."""
        left = self.horizon - place
        return min(end - place, place - origin, left // 2 if end == self.horizon else left)
