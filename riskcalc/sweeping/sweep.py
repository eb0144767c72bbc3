"""`sweep`: the risk over a grid of runs, computed by any executor, kept in a store, given as a Dataset."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from riskcalc.curve import Averaging, Method
from riskcalc.curve.steps import StepsLike
from riskcalc.errors import ExecutorFailed, SweepInterrupted
from riskcalc.optimiser import Optimiser
from riskcalc.order import Order
from riskcalc.problem import Regression
from riskcalc.progress import progress as progress_of
from riskcalc.quantity import NumberLike, NumbersLike, flag
from riskcalc.schedule import Schedule
from riskcalc.sweeping.dataset import Collected, check_xarray
from riskcalc.sweeping.executors import OffersExecutor, answers, executor_of
from riskcalc.sweeping.grid import Grid, grid
from riskcalc.sweeping.one_thread import one_thread
from riskcalc.sweeping.store import Store, opened_store

if TYPE_CHECKING:
    import xarray

_LOOKED_UP = 10_000  # points whose keys are made and looked up at a time


def sweep(
    problem: Regression,
    *,
    model_size: NumbersLike,
    schedule: Schedule | str | Iterable[Schedule | str] = "constant",
    steps: StepsLike,
    step_size: NumbersLike | None = None,
    optimiser: Optimiser | str | Iterable[Optimiser | str] | None = None,
    batch_size: NumbersLike = 1,
    noise: NumbersLike | None = None,
    horizon: NumberLike | None = None,
    averaging: Averaging | str | None = None,
    data: Order | str | None = None,
    method: Method | str | None = None,
    executor: Executor | OffersExecutor | None = None,
    store: str | Path | None = None,
    progress: bool | None = None,
) -> xarray.Dataset:
    """Expected risk over every combination of what is varied (needs the extra `data`).

    A point that has no answer is nan, with its `reason`; it does not end the sweep. A road that draws samples takes
    a seed at every point that depends on its own seed and on the question of the point, on no order: see the
    variable `seed`. Ctrl-C raises errors.SweepInterrupted, a KeyboardInterrupt whose `partial` holds what was
    finished.

    Parameters
    ----------
    problem : Regression
        A Problem, or MultipleOutputs; its noise is replaced where a list of noises is given.
    model_size : number or sequence of numbers
        M: a value, or a list of values, which then is a dimension of the Dataset; so for each of step_size,
        schedule, optimiser, batch_size and noise.
    schedule : Schedule or str or iterable of Schedule or str, default "constant"
        Objects or words ("cosine", "wsd:1/5"), labelled by their words.
    steps : number or sequence of numbers
        As for a `Run`, the same at every point.
    step_size : number or sequence of numbers or None, default None
        The (peak) step size of all schedules; it may be left out where all are objects.
    optimiser : Optimiser or str or iterable of Optimiser or str or None, default None
        What a step does, objects or words ("heavy-ball:9/10").
    batch_size : number or sequence of numbers, default 1
        B.
    noise : number or sequence of numbers or None, default None
        Variance of the label noise, in place of the problem's.
    horizon : number or None, default None
        As for a `Run`.
    averaging : Averaging or str or None, default None
        As for a `Run`.
    data : Order or str or None, default None
        As for a `Run`.
    method : Method or str or None, default None
        As for `risk`.
    executor : Executor or OffersExecutor or None, default None
        None computes here; any concurrent.futures.Executor, or a Client of Dask distributed, computes there. The
        result does not depend on it, bit for bit, where machines and libraries are alike.
    store : str or Path or None, default None
        An SQLite file in which every answer is kept as soon as it is there, under its question and the version of
        the package; what it holds is not computed again, whatever sweep asked for it.
    progress : bool or None, default None
        None shows it on standard error where that is a terminal or a notebook, True anywhere, False nowhere.

    Returns
    -------
    xarray.Dataset
        Variables `risk`, `excess` and their parts over the dimensions that vary and `step`.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    MissingDependency
        If the package that is needed is not installed.
    SweepInterrupted
        On Ctrl-C, with what was finished as `partial`.

    Notes
    -----
    Valid: at least one value of everything; steps up to 1e18.

    Source: D01, D02, by the road of each point.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
    >>> words = ["constant", "polynomial:0"]
    >>> found = sweep(problem, model_size=[10, 100], schedule=words, step_size="3/10", steps=[100])
    >>> found.risk.dims, round(float(found.risk.sel(model_size=100, schedule="constant", step=100)), 6)
    (('model_size', 'schedule', 'step'), 0.018634)
    """
    made = grid(
        problem,
        model_size=model_size,
        schedule=schedule,
        steps=steps,
        step_size=step_size,
        optimiser=optimiser,
        batch_size=batch_size,
        noise=noise,
        horizon=horizon,
        averaging=averaging,
        data=data,
        method=method,
    )
    return swept(made, executor=executor, store=store, progress=progress)


def swept(
    made: Grid,
    *,
    executor: Executor | OffersExecutor | None = None,
    store: str | Path | None = None,
    progress: bool | None = None,
) -> xarray.Dataset:
    """The Dataset of a grid; see `sweep`."""
    check_xarray()
    shown = None if progress is None else flag(progress, "progress")
    workers = executor_of(executor)
    kept = nullcontext() if store is None else opened_store(store)
    with kept as held, one_thread():
        collected, left = _from_store(made, held)
        bar = progress_of(made.size, "points", shown=shown, done=made.size - len(left))
        with _what_is_finished(collected), closing(answers(made, left, workers)) as batches, bar as more:
            for batch in batches:
                if held is not None:
                    held.keep((made.key(point), answer) for point, answer in batch)
                for point, answer in batch:
                    collected.enter(point, answer)
                more(len(batch))
    return collected.dataset()


def _from_store(made: Grid, store: Store | None) -> tuple[Collected, list[int] | range]:
    """What the store holds of the grid, and the points that it does not."""
    collected = Collected(made)
    if store is None:
        return collected, range(made.size)
    strange = store.of_other_versions()
    if strange:
        warnings.warn(
            f"the store holds {strange:,} answers of another version of the package or its libraries: they stay there "
            "and are not used",
            stacklevel=3,
        )
    left: list[int] = []
    for first in range(0, made.size, _LOOKED_UP):
        points = range(first, min(first + _LOOKED_UP, made.size))
        found = dict(store.found([made.key(point) for point in points]))
        for place, answer in found.items():
            collected.enter(points[place], answer)
        left += [point for place, point in enumerate(points) if place not in found]
    return collected, left


@contextmanager
def _what_is_finished(collected: Collected) -> Iterator[None]:
    """An end before the end takes with it what was finished."""
    said = f"of {collected.grid.size:,} points are finished"
    try:
        yield
    except KeyboardInterrupt:
        message = f"interrupted: {collected.finished:,} {said}"
        raise SweepInterrupted(message, partial=collected.dataset()) from None
    except ExecutorFailed as failure:
        raise ExecutorFailed(f"{failure} ({collected.finished:,} {said})", partial=collected.dataset()) from failure
