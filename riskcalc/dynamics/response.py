"""From modes and a schedule to bias and variance at the recorded steps.

Stages of constant step size are crossed in one transform each, whatever their length; smooth schedules in panels that
grow with the run; a list of step sizes step by step. Source: D01, D03, D26.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve.averaging import Averaging, LastIterate, windows
from riskcalc.dynamics.averaged_panels import smooth_averages
from riskcalc.dynamics.averaged_response import averaged_totals
from riskcalc.dynamics.generating import EARLIEST, ConstantStage
from riskcalc.dynamics.grading import Crossed
from riskcalc.dynamics.modes import Modes, Values
from riskcalc.dynamics.panels import SmoothRun
from riskcalc.dynamics.recursion import advance
from riskcalc.errors import InvalidInput
from riskcalc.schedule import Schedule, Stage, is_smooth

Real = NDArray[np.float64]

LONGEST_LISTED = 100_000_000  # steps; each is computed, about half an hour at this length
SHORTEST_SMOOTH = 4096  # steps; shorter runs are as fast step by step
LONGEST_STEPWISE = 10_000_000
_BLOCK = 65_536


@dataclass(frozen=True, kw_only=True, eq=False)
class Response:
    """bias and variance at the recorded steps; the excess is floor + bias + variance."""

    bias: Real
    variance: Real

    def difference(self, other: Response, *, floor: float) -> float:
        """Largest difference of bias or variance from another resolution's, relative to the excess here."""
        known = np.isfinite(self.bias + self.variance)
        if not np.array_equal(known, np.isfinite(other.bias + other.variance)):
            return float("inf")
        ours, theirs = (np.stack([it.bias[known], it.variance[known]]) for it in (self, other))
        gaps = np.abs(ours - theirs).max(axis=0, initial=0.0)
        excess = np.abs(floor + ours.sum(axis=0))
        # where there is no excess at all there is nothing to differ from
        return float(
            np.max(np.divide(gaps, excess, out=np.where(gaps > 0, np.inf, 0.0), where=excess > 0), initial=0.0)
        )


def respond(
    modes: Modes,
    schedule: Schedule,
    *,
    steps: tuple[int, ...],
    horizon: int,
    batch_size: int,
    noise: float,
    nodes: int = 28,
    degree: int = 16,
    stepwise: bool = False,
    averaging: Averaging | None = None,
) -> Response:
    """The two linear responses of `modes` to a schedule, at ascending `steps`.

    noise: label-noise variance sigma2. nodes: points of each inverse transform. degree: of the polynomials in a panel.
    stepwise: go step by step whatever the schedule; unstable runs need it, because the inverse transform assumes that
    responses do not grow.
    averaging: of the iterates; None is the last one alone.
    """
    drive = noise + modes.floor
    one_by_one = goes_one_by_one(schedule, last=steps[-1], horizon=horizon)
    smooth, stages = None, schedule.stages(horizon=horizon)
    if stages is None and is_smooth(schedule, horizon=horizon) and not (one_by_one or stepwise):
        smooth = SmoothRun(
            modes=modes, schedule=schedule, horizon=horizon, batch_size=batch_size, noise=drive, degree=degree
        )
    if averaging is not None and not isinstance(averaging, LastIterate):
        averages = windows(averaging, steps)
        squares = (
            smooth_averages(smooth, averages)
            if smooth is not None
            else averaged_totals(
                modes,
                schedule,
                averages,
                horizon=horizon,
                batch_size=batch_size,
                noise=drive,
                nodes=nodes,
                stepwise=stepwise,
            )
        )
        return _response(np.array([squares[step] for step in steps]), stepwise=stepwise)
    if one_by_one and steps[-1] > LONGEST_LISTED:
        raise InvalidInput(
            f"the {schedule.describe()['name']} schedule changes at every step, and {steps[-1]:.6g} steps are too many "
            f"to go through one by one (at most {LONGEST_LISTED:.0e}): use a constant, geometric or smooth schedule, "
            "or fewer steps"
        )
    if stepwise and steps[-1] > LONGEST_STEPWISE:
        raise InvalidInput(
            f"an unstable run can only be followed step by step, and {steps[-1]:.6g} steps are too many "
            f"(at most {LONGEST_STEPWISE:.0e})"
        )
    recorder = _Recorder(modes, steps)
    if smooth is not None:
        recorder.close(_cross_smooth(smooth, recorder))
        return _response(recorder.found, stepwise=stepwise)
    state: Values = np.stack([modes.signal, np.zeros_like(modes.signal)])
    for stage in _stages(schedule, horizon, steps[-1], stepwise):
        if isinstance(stage, Stage):
            state = _cross(modes, state, stage, recorder, batch_size=batch_size, noise=drive, nodes=nodes)
        else:
            start, stop = stage
            sizes = schedule.step_sizes(start, stop, horizon=horizon)
            with np.errstate(over="ignore", invalid="ignore"):  # an unstable run may outgrow float64: inf
                state, totals = advance(modes, state, sizes, batch_size=batch_size, noise=drive)
            recorder.take(start, totals)
            if stepwise and not np.isfinite(state).all():
                break  # an unstable run that has outgrown float64 does not come back
    recorder.close(state)
    return _response(recorder.found, stepwise=stepwise)


def _response(found: Real, *, stepwise: bool) -> Response:
    if stepwise:
        # opposite infinities of an unstable run: what they add up to is infinite
        found[np.isnan(found)] = np.inf
    return Response(bias=found[:, 0], variance=found[:, 1])


def goes_one_by_one(schedule: Schedule, *, last: int, horizon: int) -> bool:
    """Whether every step is gone through even in a stable run, so that there is nothing to verify."""
    if schedule.stages(horizon=horizon) is not None:
        return False
    return last <= SHORTEST_SMOOTH or not is_smooth(schedule, horizon=horizon)


def _cross_smooth(smooth: SmoothRun, recorder: _Recorder) -> Values:
    """Record along a smooth schedule and return the state at the last recorded step."""
    state = smooth.start
    for piece in smooth.cross(state, last=recorder.steps[-1]):
        state = piece.state
        if isinstance(piece, Crossed):
            panel = piece.panel
            places = recorder.between(panel.start, panel.stop)
            steps = np.array([float(recorder.steps[place] - panel.start) for place in places])
            recorder.found[places] = panel.inside(piece.totals, steps).T
        else:
            recorder.take(piece.start, piece.totals)
    return state


def _stages(schedule: Schedule, horizon: int, last: int, stepwise: bool) -> list[Stage | tuple[int, int]]:
    """The schedule up to the last recorded step: stages of constant step size, or blocks to go through."""
    stages = None if stepwise else schedule.stages(horizon=horizon)
    if stages is None:
        return [(start, min(start + _BLOCK, last)) for start in range(0, last, _BLOCK)]
    return [
        Stage(start=stage.start, stop=min(stage.stop, last), step_size=stage.step_size)
        for stage in stages
        if stage.start < last
    ]


def _cross(
    modes: Modes, state: Values, stage: Stage, recorder: _Recorder, *, batch_size: int, noise: float, nodes: int
) -> Values:
    """Record inside one stage and return the state at its end."""
    length = stage.stop - stage.start
    early = min(length, EARLIEST)
    sizes = np.full(early, stage.step_size)
    after, totals = advance(modes, state, sizes, batch_size=batch_size, noise=noise)
    recorder.take(stage.start, totals)
    if early == length:
        return after
    constant = ConstantStage(modes=modes, state=state, step_size=stage.step_size, batch_size=batch_size, noise=noise)
    late = recorder.between(stage.start + early, stage.stop)
    if late:
        times = np.array([float(recorder.steps[place] - stage.start) for place in late])
        recorder.found[late] = constant.totals(times, nodes=nodes)
    if stage.stop >= recorder.steps[-1]:
        return after  # nothing is recorded beyond this stage: its end was recorded by the transform
    return constant.state_after(length, nodes=nodes)


class _Recorder:
    """Collects the totals at the recorded steps."""

    def __init__(self, modes: Modes, steps: tuple[int, ...]) -> None:
        self.modes, self.steps = modes, steps
        self.found = np.full((len(steps), 2), np.nan)

    def take(self, start: int, totals: Real) -> None:
        """Totals at steps start, start + 1, ..."""
        places = self.between(start, start + len(totals) - 1)
        self.found[places] = totals[[self.steps[place] - start for place in places]]

    def between(self, first: int, last: int) -> list[int]:
        """Places of recorded steps with first <= step <= last."""
        return [place for place, step in enumerate(self.steps) if first <= step <= last]

    def close(self, state: Values) -> None:
        """The last recorded step, where no stage has recorded it."""
        if np.isnan(self.found[-1, 0]):
            self.found[-1] = self.modes.total(state)
