"""One run, walked from any step to any later one by the largest pieces its schedule allows. Source: D03, D26."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.dynamics.grading import Crossed, Stepped
from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import moment_map
from riskcalc.dynamics.panels import SmoothRun
from riskcalc.dynamics.recursion import advance
from riskcalc.dynamics.served import check_singly, served
from riskcalc.dynamics.stage import ConstantStage
from riskcalc.dynamics.step_sizes import longer_step_sizes
from riskcalc.quantity import Array, Real
from riskcalc.schedule import Constant, Schedule, Smooth, Stage, is_smooth, listed_sizes
from riskcalc.spectral.modes import Modes

_BLOCK = 65_536  # steps gone through one by one at a time


@dataclass(frozen=True, kw_only=True)
class Walk:
    """The modes under a schedule. noise: sigma2 + approximation. nodes, degree: as in `respond`.

    one_by_one: through every step. unstable: what outgrows float64 is infinite.
    """

    modes: Modes
    schedule: Schedule
    horizon: int
    batch_size: int
    noise: float | np.floating[Any]
    nodes: int
    degree: int
    one_by_one: bool
    unstable: bool

    def reads(self, method: Method, state: Array, *, begin: int, ends: Sequence[int]) -> dict[int, Real]:
        """What is read at each of `ends`, shape (2,), where the method starts from this state at step `begin`."""
        found = {begin: self._read(method, state)} if ends[0] == begin else {}
        for piece in self._pieces(method, state, begin, begin, ends[-1], ends):
            found |= piece.reads
        return {end: found.get(end, np.full(2, np.nan)) for end in ends}

    def state_at(self, method: Method, state: Array, *, start: int, end: int) -> Array:
        """The state at step `end` from that at `start`, where the method started at step 0."""
        for piece in self._pieces(method, state, 0, start, end, None):
            state = piece.state
        return state

    def _read(self, method: Method, state: Array) -> Real:
        reading = moment_map(method, np.zeros(1), np.zeros(1), batch_size=self.batch_size).read
        return self.modes.total(np.tensordot(state, reading, axes=(1, 0)))

    def _pieces(
        self, method: Method, state: Array, begin: int, start: int, last: int, ends: Sequence[int] | None
    ) -> Iterator[_Piece]:
        """From `start` to `last`. ends: where it is read; None where the state at the end is all that is asked."""
        stages = None if self.one_by_one else self.schedule.stages(horizon=self.horizon)
        if stages is not None:
            for stage in stages:
                if stage.start < last and stage.stop > start:
                    part = Stage(start=max(start, stage.start), stop=min(last, stage.stop), step_size=stage.exact)
                    for piece in self._along(method, state, begin, part, ends, ended=part.stop == last):
                        state = piece.state
                        yield piece
        elif self.one_by_one or not is_smooth(self.schedule, horizon=self.horizon):
            yield from self._singly(method, state, start, last, ends)
        else:
            yield from self._in_panels(method, state, begin, start, last, ends, self.schedule, self.horizon)

    def _singly(
        self, method: Method, state: Array, start: int, last: int, ends: Sequence[int] | None
    ) -> Iterator[_Piece]:
        """Step by step, in blocks."""
        for first in range(start, last, _BLOCK):
            piece = self._through(method, state, first, self._sizes(first, min(first + _BLOCK, last)), ends)
            state = piece.state
            yield piece
            if self.unstable and not np.isfinite(state).all():
                return  # an unstable run that has outgrown float64 does not come back

    def _resting(self, method: Method, state: Array, stage: Stage, ends: Sequence[int] | None) -> _Piece:
        """A stage of step size 0, in which nothing moves and no transform exists."""
        read = self._read(method, state)
        return _Piece(state=state, reads={end: read for end in ends or () if stage.start < end <= stage.stop})

    def _along(
        self, method: Method, state: Array, begin: int, stage: Stage, ends: Sequence[int] | None, *, ended: bool
    ) -> Iterator[_Piece]:
        """One stage: at once, in panels where the method changes along it, or at rest."""
        if not stage.exact and len(method.start) == 1:
            yield self._resting(method, state, stage, ends)
        elif not stage.exact and method.core > 1:  # buffers go on, by a matrix that cannot be inverted
            yield from self._singly(method, state, stage.start, stage.stop, ends)
        elif method.steady:
            yield self._across(method, state, stage, ends, ended=ended and ends is not None)
        else:
            # panels shrink towards the end of a schedule, and a step size that stays has none
            beyond = 4 * self.horizon
            yield from self._in_panels(
                method, state, begin, stage.start, stage.stop, ends, Constant(stage.exact), beyond
            )

    def _in_panels(
        self,
        method: Method,
        state: Array,
        begin: int,
        start: int,
        last: int,
        ends: Sequence[int] | None,
        schedule: Smooth,
        horizon: int,
    ) -> Iterator[_Piece]:
        run = SmoothRun(
            modes=self.modes,
            method=method,
            schedule=schedule,
            horizon=horizon,
            batch_size=self.batch_size,
            noise=self.noise,
            degree=self.degree,
            begin=begin,
        )
        for crossed in run.cross(state, start=start, last=last):
            yield _Piece(state=crossed.state, reads=self._inside(method, crossed, ends))

    def _sizes(self, start: int, stop: int) -> Array:
        if self.modes.real is np.float64:
            return listed_sizes(self.schedule, start, stop, horizon=self.horizon)
        return np.array(list(longer_step_sizes(self.schedule, start, stop, horizon=self.horizon, real=self.modes.real)))

    def _through(self, method: Method, state: Array, start: int, sizes: Real, ends: Sequence[int] | None) -> _Piece:
        """Step by step."""
        with np.errstate(over="ignore", invalid="ignore"):  # an unstable run may outgrow float64: inf
            after, reads = advance(
                self.modes, method, state, sizes, start=start, batch_size=self.batch_size, noise=self.noise
            )
            return _Piece(
                state=after, reads=self._inside(method, Stepped(start=start, totals=reads, state=after), ends)
            )

    def _inside(
        self, method: Method, piece: Crossed[Array] | Stepped[Array], ends: Sequence[int] | None
    ) -> dict[int, Real]:
        """What is read in a piece beyond its first step."""
        inside = [end for end in ends or () if piece.start < end < piece.stop]
        if isinstance(piece, Crossed):
            steps = np.array([float(end - piece.start) for end in inside])
            found = dict(zip(inside, piece.panel.inside(piece.totals, steps).T, strict=True))
        else:
            found = {end: piece.totals[end - piece.start] for end in inside}
        if piece.stop in (ends or ()):
            found[piece.stop] = self._read(method, piece.state)
        return found

    def _across(
        self, method: Method, state: Array, stage: Stage, ends: Sequence[int] | None, *, ended: bool
    ) -> _Piece:
        """One stage. ended: nothing is asked beyond it, its state not even at its end."""
        length = stage.stop - stage.start
        sizes = np.array([self.modes.number(stage.exact)])
        moments = moment_map(method, np.array([float(stage.start)]), sizes, batch_size=self.batch_size)
        way = served(moments, self.modes, length=length)
        inside = [end for end in ends or () if stage.start < end <= stage.stop]
        found: dict[int, Real] = {}
        if way.singly == length or any(end - stage.start <= way.singly for end in inside):
            check_singly(method, way.singly)
            piece = self._through(method, state, stage.start, np.repeat(sizes, way.singly), inside)
            found = piece.reads
            if way.singly == length:
                return piece
        constant = ConstantStage(
            modes=self.modes,
            moments=moments,
            state=state,
            step_size=sizes[0],
            batch_size=self.batch_size,
            noise=self.noise,
        )
        later = [end for end in inside if end - stage.start > way.singly]
        times = np.array([self.modes.number(end - stage.start) for end in later])
        turning = int(np.searchsorted(times, way.early, side="right"))
        reads = [
            *constant.reads_while_turning(times[:turning], extent=way.turned, nodes=self.nodes),
            *constant.reads(times[turning:], nodes=self.nodes),
        ]
        found |= dict(zip(later, reads, strict=True))
        if not ended and way.early < length:
            state = constant.state_after(length, nodes=self.nodes)
        elif not ended:
            state = constant.state_while_turning(length, extent=way.turned, nodes=self.nodes)
        return _Piece(state=state, reads=found)


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """The state after it, and what was read in it beyond its first step."""

    state: Array
    reads: dict[int, Real]
