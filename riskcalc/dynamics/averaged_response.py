"""From modes and a schedule to bias and variance of an average of iterates at the recorded steps.

The moments are walked to the first iterate of each average, and from there on with the sum of the iterates, stage by
stage or step by step as for the last iterate. Nothing is a difference of two long sums. Long runs under a smooth
schedule are in `averaged_panels`. Source: D24.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.averaged_recursion import SumState, advance_sum
from riskcalc.dynamics.averaged_stage import AveragedStage, served_from
from riskcalc.dynamics.generating import EARLIEST, ConstantStage
from riskcalc.dynamics.modes import Modes, Values
from riskcalc.dynamics.recursion import advance
from riskcalc.errors import InvalidInput
from riskcalc.schedule import Schedule, Stage

Real = NDArray[np.float64]
Windows = dict[int, tuple[int, ...]]

LONGEST_STEPWISE = 30_000_000  # steps over all averages, about half an hour
_BLOCK = 65_536


def averaged_totals(
    modes: Modes,
    schedule: Schedule,
    windows: Windows,
    *,
    horizon: int,
    batch_size: int,
    noise: float,
    nodes: int,
    stepwise: bool,
) -> dict[int, Real]:
    """bias and variance of the averages at every recorded step, shape (2,) each.

    windows: recorded steps by the first iterate of their averages. noise: sigma2 + approximation.
    """
    stages = None if stepwise else schedule.stages(horizon=horizon)
    if stages is None:
        _check_work(windows, str(schedule.describe()["name"]), unstable=stepwise)
    walk = _Walk(modes, schedule, stages, horizon, batch_size, noise, nodes)
    found: dict[int, Real] = {}
    state, at = np.stack([modes.signal, np.zeros_like(modes.signal)]), 0
    for first, ends in windows.items():
        state, at = walk.moments(state, at, first), first
        found |= walk.averages(state, first, ends)
    return found


class _Walk:
    """One run, walked from any step to any later one."""

    def __init__(
        self,
        modes: Modes,
        schedule: Schedule,
        stages: tuple[Stage, ...] | None,
        horizon: int,
        batch_size: int,
        noise: float,
        nodes: int,
    ) -> None:
        self.modes, self.schedule, self.stages, self.horizon = modes, schedule, stages, horizon
        self.batch_size, self.noise, self.nodes = batch_size, noise, nodes

    def moments(self, state: Values, start: int, stop: int) -> Values:
        """The moments at step `stop` from those at `start`."""
        for piece in self._pieces(start, stop):
            length = piece.stop - piece.start
            if self.stages is None or length <= EARLIEST:
                sizes = self._sizes(piece)
                with np.errstate(over="ignore", invalid="ignore"):
                    state, _ = advance(self.modes, state, sizes, batch_size=self.batch_size, noise=self.noise)
            else:
                stage = ConstantStage(
                    modes=self.modes,
                    state=state,
                    step_size=piece.step_size,
                    batch_size=self.batch_size,
                    noise=self.noise,
                )
                state = stage.state_after(length, nodes=self.nodes)
        return state

    def averages(self, moments: Values, first: int, ends: tuple[int, ...]) -> dict[int, Real]:
        """Mean squares of the averages from `first` on, at each of `ends`."""
        # step 0 has no iterate before it: there the average is the start itself
        found = {end: self.modes.total(moments) for end in ends if end == first}
        state = SumState.fresh(moments)
        for piece in self._pieces(first, ends[-1]):
            inside = [end for end in ends if piece.start < end <= piece.stop]
            state, squares = self._cross(state, piece, inside, last=ends[-1])
            for end in inside:
                found[end] = squares[end] / float(end - first) ** 2
        return found

    def _cross(self, state: SumState, piece: Stage, ends: list[int], *, last: int) -> tuple[SumState, dict[int, Real]]:
        """The state after one piece, and its totals at `ends`, all of them inside the piece."""
        length = piece.stop - piece.start
        early = length if self.stages is None else served_from(self.modes, piece.step_size, length=length)
        squares: dict[int, Real] = {}
        if early == length or any(end - piece.start <= early for end in ends):
            sizes = self._sizes(Stage(start=piece.start, stop=piece.start + early, step_size=piece.step_size))
            with np.errstate(over="ignore", invalid="ignore"):
                after, totals = advance_sum(self.modes, state, sizes, batch_size=self.batch_size, noise=self.noise)
            squares = {end: totals[end - piece.start - 1] for end in ends if end - piece.start <= early}
            if early == length:
                return after, squares
        stage = AveragedStage(
            modes=self.modes,
            state=state.moments,
            crosses=state.crosses,
            totals_before=state.totals,
            step_size=piece.step_size,
            batch_size=self.batch_size,
            noise=self.noise,
        )
        late = [end for end in ends if end - piece.start > early]
        if late:
            times = np.array([float(end - piece.start) for end in late])
            squares |= dict(zip(late, stage.averaged_totals(times, nodes=self.nodes), strict=True))
        if piece.stop >= last:
            return state, squares  # nothing is recorded beyond
        return stage.sum_after(length, nodes=self.nodes), squares

    def _sizes(self, piece: Stage) -> Real:
        if self.stages is None:
            return self.schedule.step_sizes(piece.start, piece.stop, horizon=self.horizon)
        return np.full(piece.stop - piece.start, piece.step_size)

    def _pieces(self, start: int, stop: int) -> Iterator[Stage]:
        """Stages of constant step size, or blocks to go through, from `start` to `stop`."""
        if self.stages is None:
            for first in range(start, stop, _BLOCK):
                yield Stage(start=first, stop=min(first + _BLOCK, stop), step_size=np.nan)
            return
        for stage in self.stages:
            if stage.start < stop and stage.stop > start:
                yield Stage(start=max(start, stage.start), stop=min(stop, stage.stop), step_size=stage.step_size)


def _check_work(windows: Windows, schedule: str, *, unstable: bool) -> None:
    """Refuse averages that have to be gone through step by step for too long."""
    steps = max(windows) + sum(ends[-1] - first for first, ends in windows.items())
    if steps > LONGEST_STEPWISE:
        reason = "in an unstable run" if unstable else f"under the {schedule} schedule"
        remedy = "a smaller step size" if unstable else "a constant, geometric or smooth schedule"
        raise InvalidInput(
            f"averages of iterates {reason} take {steps:.6g} steps one by one, over all records "
            f"(at most {LONGEST_STEPWISE:.0e}): use {remedy}, fewer steps, or fewer records"
        )
