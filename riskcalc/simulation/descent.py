"""Runs of training from start to end, with their excess risk at the recorded steps."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Run
from riskcalc.errors import UnstableRun
from riskcalc.optimiser import SGD, Buffers, Optimiser
from riskcalc.quantity import Real, plain
from riskcalc.schedule import listed_sizes
from riskcalc.simulation.compiled import is_compiled
from riskcalc.simulation.data_set import on_data_sets, samples_of
from riskcalc.simulation.running_average import RunningAverage
from riskcalc.simulation.source import Runs, Source
from riskcalc.simulation.streams import Seeds
from riskcalc.simulation.update import is_wide, trained

More = Callable[[int], None]


def _untold(count: int) -> None:
    """Nobody is told."""


_BLOCK = 2**22  # numbers drawn at a time, over all runs of a chunk (32 MB)
_WIDE_BLOCK = 2**18  # for a single wide run (2 MB): few enough to stay near the processor


@dataclass(frozen=True, kw_only=True, eq=False)
class Recorded:
    """Of every run and output, shape (runs, recorded steps, P). training: None where all samples are fresh."""

    excess: Real
    training: Real | None


class Stopped(KeyboardInterrupt):
    """Ctrl-C. finished: of the first runs, at all steps; or of those that were on their way, at the first steps."""

    def __init__(self, finished: Recorded) -> None:
        super().__init__()
        self.finished = finished


def recorded_runs(
    source: Source, seeds: Seeds, *, run: Run, chunk: int | None, force: bool, more: More = _untold
) -> Recorded:
    """The excess risk of every run, and the training loss where there is a data set.

    A run's numbers depend on its own seed alone: neither `chunk`, the runs simulated side by side, nor the
    block of steps drawn at a time changes a bit of them.
    more: told how many more steps of runs are done. Raises Stopped where it is interrupted.
    """
    plan = _plan(source, runs=len(seeds), run=run, chunk=chunk)
    recorded = np.empty((len(seeds), len(run.steps), source.shape[0]))
    losses = None if run.data.samples is None else np.empty_like(recorded)
    done = _Done()
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            for first in range(0, len(seeds), plan.runs):
                part = range(first, min(first + plan.runs, len(seeds)))
                own = [seeds[index] for index in part]
                runs, training = on_data_sets(source.runs(own), own, run.data)
                done.runs, done.begun, done.records = first, part.stop, 0
                for column, excess, model in _records(runs, run=run, block=plan.steps, force=force, more=more):
                    recorded[part.start : part.stop, column] = excess
                    if losses is not None and training is not None:
                        loss = training(model)
                        losses[part.start : part.stop, column] = np.where(np.isnan(loss), np.inf, loss)
                    done.records = column + 1
    except KeyboardInterrupt:
        raise Stopped(done.of(Recorded(excess=recorded, training=losses))) from None
    return Recorded(excess=recorded, training=losses)


def excess_of_runs(source: Source, seeds: Seeds, *, run: Run, chunk: int | None, force: bool) -> Real:
    """The excess risk alone, shape (runs, recorded steps, P)."""
    return recorded_runs(source, seeds, run=run, chunk=chunk, force=force).excess


@dataclass(kw_only=True)
class _Done:
    """How many runs are at their end, how many had begun, and at how many recorded steps these are."""

    runs: int = 0
    begun: int = 0
    records: int = 0

    def of(self, recorded: Recorded) -> Recorded:
        """What is finished: whole runs, or where there are none the first records of those that had begun."""
        kept = np.s_[: self.runs] if self.runs else np.s_[: self.begun, : self.records]
        training = recorded.training
        return Recorded(excess=recorded.excess[kept], training=None if training is None else training[kept])


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """How many runs side by side, and how many steps are drawn at a time."""

    runs: int
    steps: int


def _plan(source: Source, *, runs: int, run: Run, chunk: int | None) -> _Plan:
    (outputs, width), batch_size = source.shape, run.data.seen(run.batch_size)
    numbers_a_step = batch_size * (width + outputs)
    fewest = source.tile // math.gcd(source.tile, batch_size)  # steps that read whole tiles
    if run.training == SGD() and outputs == 1 and is_wide(width=width, batch_size=batch_size):
        together, most = 1, _WIDE_BLOCK
    else:
        # what averages keep is as large as the parameters, and may be kept many times over
        averages = RunningAverage.of(run, np.empty(source.shape)).most_kept * outputs * width
        buffers = (len(run.training.start) - 1) * outputs * width
        table = (samples_of(run.data) or 0) * (width + outputs)
        kept = 1 + (averages + buffers + source.kept + table) // numbers_a_step
        together, most = chunk or _BLOCK // (fewest * numbers_a_step * kept), _BLOCK
    together = min(runs, max(1, together))
    steps = most // (together * numbers_a_step * fewest) * fewest
    return _Plan(runs=together, steps=max(fewest, steps))


def _records(
    runs: Runs, *, run: Run, block: int, force: bool, more: More
) -> Iterator[tuple[int, Real, Real]]:
    """A place in run.steps, the excess of every run there, and its model."""
    optimiser, parameters = run.training, runs.start.copy()
    buffers = optimiser.begin(parameters)
    columns = {step: column for column, step in enumerate(run.steps)}
    if 0 in columns:
        yield columns[0], runs.excess(parameters), parameters
    last = run.steps[-1]
    average = RunningAverage.of(run, parameters)
    stops = sorted({*run.steps, *average.firsts})
    count, outputs, width = parameters.shape
    compiled = is_compiled(last, outputs=outputs)
    samples = np.empty((count, min(block, last), run.data.seen(run.batch_size), width + outputs))
    for start in range(0, last, block):
        stop = min(start + block, last)
        drawn = samples[:, : stop - start]
        for stream, own in zip(runs.streams, drawn, strict=True):
            stream.fill(own.reshape(-1, own.shape[-1]))
        step_sizes = listed_sizes(run.schedule, start, stop, horizon=run.horizon)
        at = start
        for step in [*stops[bisect_right(stops, start) : bisect_left(stops, stop)], stop]:
            before = tuple(each.copy() for each in buffers)
            now = slice(at - start, step - start)
            buffers = trained(
                optimiser, buffers, drawn[:, now], step_sizes[now], done=at, total=average.total, compiled=compiled
            )
            model = optimiser.model(buffers)
            excess = runs.excess(model)
            if not (force or np.isfinite(excess).all()):
                raise _overflow(run, _first_overflow(runs, optimiser, before, drawn[:, now], step_sizes[now], done=at))
            more(count * (step - at))
            at = step
            if step in columns and average.total is not None:
                model = average.at(step)
                excess = runs.excess(model)
            average.pass_by(step)
            if step in columns:
                yield columns[step], np.where(np.isnan(excess), np.inf, excess), model


def _first_overflow(
    runs: Runs, optimiser: Optimiser, buffers: Buffers, samples: Real, step_sizes: Real, *, done: int
) -> int:
    """The number of steps after which the excess of some run is not finite. done: those made before these samples."""
    for step in range(len(step_sizes)):
        now = slice(step, step + 1)
        buffers = trained(optimiser, buffers, samples[:, now], step_sizes[now], done=done + step)
        if not np.isfinite(runs.excess(optimiser.model(buffers))).all():
            return done + step + 1
    return done + len(step_sizes)


def _overflow(run: Run, step: int) -> UnstableRun:
    peak = run.schedule.peak(horizon=run.horizon)
    return UnstableRun(
        f"a simulated run overflowed at step {step}: the step size (largest {peak:.6g}) is too large for "
        f"model size {plain(run.model_size)} and batch size {run.batch_size}. Use a smaller one (the exact "
        "road computes the largest that is stable), or force the run"
    )
