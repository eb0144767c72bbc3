"""`tuned_step_size`: the peak step size at which a schedule ends with the smallest risk."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.curve import Run, checked_run
from riskcalc.display import Displayed, Page
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.exact import Unsketched
from riskcalc.landscape import Landscape, Road, searched
from riskcalc.quantity import NumberLike, number
from riskcalc.schedule import Schedule, rescaled

_STRIDE = 3.0  # of the coarse grid, a factor
_RISES = 3  # grid points in a row above the best, beyond which the grid ends
_MOST_POINTS = 120
_EDGE = 1e-6  # the search keeps this far below the edge of stability, relative
_NEAR = 0.99  # of the largest step size: called the edge
_ACCURACY = 1e-4  # of log gamma; the excess is known to the square of that


@dataclass(frozen=True, kw_only=True)
class TunedStepSize(Displayed):
    """The best peak step size of a schedule.

    schedule: at that step size. excess: at the last recorded step; error: its verified relative error. largest: the
    largest step size that was allowed; at_edge: whether the best is there. grid: the coarse grid, (step size, excess)
    from the largest down; unimodal: whether the excess has one valley on it.
    """

    schedule: Schedule
    step_size: float
    excess: float
    error: float | None
    largest: float
    at_edge: bool
    unimodal: bool
    grid: tuple[tuple[float, float], ...]
    notes: tuple[str, ...]

    def page(self) -> Page:
        """What was found, for a reader."""
        from riskcalc.tuning.pages import page_of_step_size

        return page_of_step_size(self)


def tuned_step_size(run: Run, *, method: Road | None = None, largest: NumberLike | None = None) -> TunedStepSize:
    """Minimise the exact excess at the end of a run over the (peak) step size of its schedule.

    Parameters
    ----------
    run : Run
        Problem, schedule and horizon; its last recorded step is what is tuned.
    method : Road or None, default None
        The road that computes the excess, Equivalent() where none is given; Exact(...) and Unsketched() at finite
        dimension.
    largest : number or None, default None
        A bound on the step size.

    Returns
    -------
    TunedStepSize
        The step size, its excess, and whether it is at the edge of stability.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Formula: min over 0 < gamma < gamma_max of E(t; gamma), t the last recorded step; by a grid in log gamma, from
    the edge of stability down until the excess keeps rising, and Brent's method in the valley of its best point.

    Valid: Equivalent(), Exact(...), Unsketched(). gamma_max is the largest stable constant step size, or `largest`
    where that is smaller. The schedule's own step size is not used.

    Source: D27.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2"), noise=1)
    >>> found = tuned_step_size(Run(problem, model_size=1000, schedule=Constant(1), steps=[10**6]))
    >>> f"{found.step_size:.3g} {found.excess:.4g}", found.at_edge
    ('0.00147 0.003014', False)
    """
    return _tuned(run, Equivalent() if method is None else method, largest)


def at_step_size(schedule: Schedule, step_size: float) -> Schedule:
    """The same shape at another (peak) step size; a list of step sizes is scaled to it."""
    return rescaled(schedule, step_size)


def _tuned(run: Run, method: Road, largest: NumberLike | None) -> TunedStepSize:
    checked_run(run)
    if run.steps[-1] < 1:
        raise InvalidInput("the last recorded step is 0: no step size matters there")
    allowed = None if largest is None else float(number(largest, "largest"))
    if allowed is not None and allowed <= 0:
        raise InvalidInput(f"largest must be positive, not {largest}")
    landscape = Landscape(run, method)
    if not isinstance(method, Unsketched) and method.digits is not None:
        raise InvalidInput("tuning computes in float64: leave out digits=...")
    found, excess, error = searched(
        lambda sharp: _search(replace(landscape, sharp=sharp), allowed),
        lambda tuned: landscape.verified(tuned.schedule),
        method=method,
        remedy="lower the largest step size that is allowed",
    )
    return replace(found, excess=excess, error=error)


def _search(landscape: Landscape, allowed: float | None) -> TunedStepSize | None:
    """The best step size at one resolution; None where the best may lie in what it cannot compute."""
    edge = landscape.largest_step_size * (1 - _EDGE)
    top = edge if allowed is None else min(edge, allowed)

    def excess(log_step: float) -> float:
        # not above the top by the rounding of exp(log())
        return landscape.excess(at_step_size(landscape.run.schedule, min(top, math.exp(log_step))))

    grid = _grid(excess, math.log(top))
    values = [value for _, value in grid]
    best = int(np.argmin(values))
    if not math.isfinite(values[best]) or (best > 0 and math.isinf(values[best - 1]) and not landscape.sharp):
        return None
    place, value = _refined(excess, grid, best)
    step_size = min(top, math.exp(place))
    at_edge = step_size > _NEAR * top
    valleys = _valleys([value for value in values if math.isfinite(value)])
    return TunedStepSize(
        schedule=at_step_size(landscape.run.schedule, step_size),
        step_size=step_size,
        excess=value,
        error=None,
        largest=top,
        at_edge=at_edge,
        unimodal=valleys == 1,
        grid=tuple((math.exp(log_step), value) for log_step, value in grid),
        notes=_notes(at_edge, valleys, allowed is not None and top < edge),
    )


def _grid(excess: Callable[[float], float], top: float) -> list[tuple[float, float]]:
    """(log gamma, excess) from the top down, until the excess has risen for some points."""
    grid: list[tuple[float, float]] = []
    for place in range(_MOST_POINTS):
        log_step = top - place * math.log(_STRIDE)
        grid.append((log_step, excess(log_step)))
        best = int(np.argmin([value for _, value in grid]))
        if math.isfinite(grid[best][1]) and place - best >= _RISES:
            break
    return grid


def _refined(excess: Callable[[float], float], grid: list[tuple[float, float]], best: int) -> tuple[float, float]:
    """Brent's method between the neighbours of the best grid point."""
    from scipy.optimize import minimize_scalar

    high, low = grid[max(0, best - 1)][0], grid[min(len(grid) - 1, best + 1)][0]
    wall = 10 * max(value for _, value in grid if math.isfinite(value))
    found = minimize_scalar(
        lambda x: min(excess(float(x)), wall), bounds=(low, high), method="bounded", options={"xatol": _ACCURACY}
    )
    inside = (float(found.x), float(found.fun))
    return inside if inside[1] < grid[best][1] else grid[best]


def _valleys(values: list[float]) -> int:
    """Local minima of a list, ends included."""
    padded = [math.inf, *values, math.inf]
    return sum(padded[i - 1] > padded[i] <= padded[i + 1] for i in range(1, len(padded) - 1))


def _notes(at_edge: bool, valleys: int, limited: bool) -> tuple[str, ...]:
    notes = []
    if at_edge:
        what = "the largest step size that was allowed" if limited else "the edge of stability"
        notes.append(f"the best step size lies at {what}: a larger one would do better, were it allowed")
    if valleys != 1:
        notes.append(f"the excess has {valleys} valleys on the coarse grid: the deepest was refined")
    return tuple(notes)
