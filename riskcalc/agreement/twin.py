"""The run that is actually checked: the one asked for, or a smaller twin that can be drawn and simulated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from riskcalc.curve import Run
from riskcalc.curve.run import recorded_steps
from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import Number, plain

DIMENSIONS_A_FEATURE = 10  # dimension of the twin of an infinite-dimensional problem, in model sizes


@dataclass(frozen=True, kw_only=True)
class Twin:
    """A run, and what sets it apart from the one asked for."""

    run: Run
    remarks: tuple[str, ...] = ()


def with_model_size(run: Run, size: Number, *, dimension: int | None = None) -> Twin:
    """The run at another model size, on a problem of another dimension where one is given."""
    remarks = []
    problem = run.problem
    if dimension is not None and dimension != problem.dimension:
        asked = "infinite" if problem.dimension is None else str(problem.dimension)
        remarks.append(f"checked at dimension {dimension}; the run's is {asked}")
        problem = _with_dimension(problem, dimension)
    if size != run.model_size:
        remarks.append(f"checked at model size {plain(size)}; the run's is {plain(run.model_size)}")
    return Twin(run=changed(run, problem=problem, model_size=size), remarks=tuple(remarks))


def up_to(run: Run, last: int) -> Twin:
    """The run recorded no later than step `last` of the same schedule."""
    if run.steps[-1] <= last:
        return Twin(run=run)
    kept = tuple(step for step in run.steps if step <= last)
    if not any(kept):
        kept = recorded_steps(max(1, last))
    remark = f"checked up to step {kept[-1]}; the run goes to {run.steps[-1]}"
    return Twin(run=changed(run, steps=kept), remarks=(remark,))


def changed(run: Run, **changes: object) -> Run:
    """The same run with some of its arguments replaced."""
    fields: dict[str, Any] = {
        "problem": run.problem,
        "model_size": run.model_size,
        "schedule": run.schedule,
        "steps": run.steps,
        "batch_size": run.batch_size,
        "horizon": run.horizon,
    }
    return Run(**{**fields, **changes})


def affordable_size(run: Run, largest: int) -> int:
    """A whole model size, at most `largest`."""
    return min(round(float(min(run.model_size, largest))), largest)


def affordable_dimension(run: Run, size: int, largest: int) -> int:
    """The run's own dimension, or that of its finite twin; an explicit spectrum keeps its own."""
    dimension = run.problem.dimension
    if dimension is not None and (dimension <= largest or not isinstance(run.problem.spectrum, PowerLaw)):
        return dimension
    return DIMENSIONS_A_FEATURE * size


def _with_dimension(problem: Problem, dimension: int) -> Problem:
    if not isinstance(problem.spectrum, PowerLaw):
        raise InvalidInput("only a power law has a twin of another dimension")
    return replace(problem, spectrum=replace(problem.spectrum, dimension=dimension))
