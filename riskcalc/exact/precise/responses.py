"""Bias and variance at the recorded steps, given precise modes: stages in closed form, other schedules step by step."""

from __future__ import annotations

from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.dynamics.precise.recursion import Row, State, drives_of, rates, started, stepped, totals
from riskcalc.dynamics.precise.segments import MOST_WORK
from riskcalc.dynamics.step_sizes import exact_stages, step_sizes
from riskcalc.errors import InvalidInput
from riskcalc.exact.precise.secular import ConstantStage
from riskcalc.numeric.field import Field
from riskcalc.progress import progress
from riskcalc.spectral.precise.modes import PreciseModes

_SHORT = 3  # a stage of up to so many steps a mode is followed step by step

_Piece = tuple[int, int, Fraction | None]  # steps start, ..., stop - 1, and their step size


def responses(run: Run, modes: PreciseModes, field: Field, *, level: int) -> list[Row]:
    """Rows at the recorded steps, within `field.working(level)`."""
    drives, state = drives_of(field, modes, Fraction(run.problem.noise)), started(field, modes)
    found: dict[int, Row] = {}
    for start, stop, size in _pieces(run, len(modes.position)):
        wanted = [step for step in run.steps if start <= step <= stop]
        if size is None or stop - start <= _SHORT * len(modes.position):
            state = _followed(run, modes, field, state, (start, stop, size), found)
            continue
        if size == 0:
            found.update((step, totals(field, state)) for step in wanted)
            continue
        stage = ConstantStage(
            field,
            modes.position,
            modes.kernel,
            step_size=size,
            batch_size=run.batch_size,
            level=level,
            latest=stop - start,
        )
        with progress(len(wanted), "steps") as more:
            for step in wanted:
                bias, variance = (
                    stage.total(x, step - start, drive) for x, drive in zip(state.moments, drives, strict=True)
                )
                found[step] = bias, variance
                more(1)
        if stop < run.steps[-1]:
            state = State(
                moments=[
                    stage.state(x, stop - start, drive) for x, drive in zip(state.moments, drives, strict=True)
                ]
            )
    return [found[step] for step in run.steps]


def _pieces(run: Run, modes: int) -> list[_Piece]:
    """Stages up to the last recorded step; one piece without a step size where the schedule has no stages."""
    last, stages = run.steps[-1], exact_stages(run.schedule, horizon=run.horizon)
    if stages is None:
        if last * modes > MOST_WORK:
            raise InvalidInput(
                f"{last} steps of this schedule take too long step by step in more digits than float64 "
                f"(steps times features up to {MOST_WORK:.0e}): ask for fewer steps, or leave digits out"
            )
        return [(0, last, None)]
    found: list[_Piece] = [(start, min(stop, last), size) for start, stop, size in stages if start < last]
    return found or [(0, 0, None)]


def _followed(run: Run, modes: PreciseModes, field: Field, state: State, piece: _Piece, found: dict[int, Row]) -> State:
    """Step by step through a piece, recording what is asked."""
    start, stop, size = piece
    drives, wanted = drives_of(field, modes, Fraction(run.problem.noise)), set(run.steps)
    under = None if size is None else rates(field, modes, field.real(size), run.batch_size)
    sizes = step_sizes(run.schedule, horizon=run.horizon, count=stop, field=field)
    for step in range(start, stop + 1):
        if step in wanted:
            found[step] = totals(field, state)
        if step < stop:
            now = rates(field, modes, next(sizes), run.batch_size) if under is None else under
            state = stepped(field, state, now, drives)
    return state
