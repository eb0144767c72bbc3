"""The run that is actually checked: the one asked for, or a smaller twin that can be drawn and simulated."""

from __future__ import annotations

from dataclasses import replace

from riskcalc.curve import Run
from riskcalc.curve.steps import recorded_steps
from riskcalc.errors import InvalidInput
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, MultipleOutputs, Regression
from riskcalc.problem.multiple_outputs import with_spectrum
from riskcalc.quantity import Number, plain

DIMENSIONS_A_FEATURE = 10  # dimension of the twin of an infinite-dimensional problem, in model sizes
_FEWEST_DIMENSIONS = 4  # the same, where that is too large


def resized(run: Run, size: Number, *, dimension: int | None) -> Run:
    """The run at another model size, on a problem of another dimension."""
    problem = run.problem
    if dimension != problem.dimension:
        problem = _with_dimension(problem, dimension)
    return replace(run, problem=problem, model_size=size)


def without_label_noise(run: Run) -> Run:
    """The run on the same problem without label noise."""
    problem = run.problem
    if isinstance(problem, MultipleOutputs):
        silent = MultipleOutputs(spectrum=problem.spectrum, signals=problem.signals, counts=problem.counts)
        return replace(run, problem=silent)
    return replace(run, problem=replace(problem, noise=0))


def up_to(run: Run, last: int) -> Run:
    """The run recorded no later than step `last` of the same schedule."""
    if run.steps[-1] <= last:
        return run
    kept = tuple(step for step in run.steps if step <= last)
    return replace(run, steps=kept if any(kept) else recorded_steps(max(1, last)))


def differences(asked: Run, checked: Run) -> tuple[str, ...]:
    """What sets the run that is checked apart from the one asked for, in words."""
    found = []
    if checked.problem.dimension != asked.problem.dimension:
        dimension = "infinite" if asked.problem.dimension is None else str(asked.problem.dimension)
        found.append(f"checked at dimension {checked.problem.dimension}; the run's is {dimension}")
    if checked.model_size != asked.model_size:
        sizes = plain(checked.model_size), plain(asked.model_size)
        found.append(f"checked at model size {sizes[0]}; the run's is {sizes[1]}")
    if checked.steps[-1] != asked.steps[-1]:
        found.append(f"checked up to step {checked.steps[-1]}; the run goes to {asked.steps[-1]}")
    return tuple(found)


def affordable_size(run: Run, largest: int) -> int:
    """A whole model size, at most `largest`."""
    return min(round(float(min(run.model_size, largest))), largest)


def affordable_dimension(run: Run, size: int, largest: int) -> int:
    """The run's own dimension, or that of its finite twin; an explicit spectrum keeps its own."""
    dimension = run.problem.dimension
    if dimension is not None and (dimension <= largest or isinstance(run.problem.spectrum, ExplicitSpectrum)):
        return dimension
    return max(min(DIMENSIONS_A_FEATURE * size, largest), _FEWEST_DIMENSIONS * size)


def _with_dimension(problem: Regression, dimension: int | None) -> Regression:
    signals = problem.signals if isinstance(problem, MultipleOutputs) else (problem.signal,)
    if any(isinstance(signal, ExplicitSignal) for signal in signals):
        raise InvalidInput("only a power law, or a logarithmic one, has a twin of another dimension")
    return with_spectrum(problem, problem.spectrum.resized(dimension))
