"""The production function: the excess that M features and N samples buy, and the cheapest way to each level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from riskcalc.allocation.asymptote import asymptotic_shape
from riskcalc.allocation.optimum import DIGITS
from riskcalc.curve import Run
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput, UnstableRun
from riskcalc.landscape import Landscape
from riskcalc.problem import Problem
from riskcalc.quantity import Number, NumberLike, Real, chosen, listed, number, of_type, plain, shown, whole
from riskcalc.schedule import Constant, Geometric, name_of
from riskcalc.schedule.schedule import positive_step_size

_LEAST_POINTS = 4  # of each axis, for the cubic interpolation


@dataclass(frozen=True, kw_only=True, eq=False)
class Production:
    """excess: shape (model sizes, samples), of one-pass SGD with batch size 1 at its last step.

    size_exponent: of M ~ C^xi at the optimum of C = M N in this setting, derived; None where there is none. The optimum
    at a budget is found on a cubic interpolation of the logarithms, about as accurate as the grid is fine.
    """

    model_sizes: Real
    samples: Real
    excess: Real
    size_exponent: Any
    asked: dict[str, Any]

    def optimum(self, compute: float) -> tuple[float, float, float]:
        """M, N and the excess where M N = compute and the excess is smallest, inside the grid."""
        from scipy.optimize import minimize_scalar

        surface, asked = self._surface(), float(number(compute, "compute"))
        if asked <= 0:
            raise InvalidInput(f"compute must be positive, not {compute}")
        (m_low, m_high), (n_low, n_high) = (np.log(axis[[0, -1]]) for axis in (self.model_sizes, self.samples))
        budget = math.log(asked)
        low, high = max(m_low, budget - n_high), min(m_high, budget - n_low)
        if low >= high:
            raise InvalidInput(f"the budget {asked:.6g} lies outside the grid of the production function: ask for "
                f"{math.exp(m_low + n_low):.6g} to {math.exp(m_high + n_high):.6g}")
        # a coarse scan first: the interpolation may have more than one valley at the ends
        places = np.linspace(low, high, 65)
        best = int(np.argmin([surface(x, budget - x) for x in places]))
        bounds = (places[max(0, best - 1)], places[min(64, best + 1)])
        found = minimize_scalar(lambda x: surface(x, budget - x), bounds=bounds, method="bounded")
        return math.exp(found.x), math.exp(budget - found.x), math.exp(surface(found.x, budget - found.x))

    def at_end(self, compute: float) -> bool:
        """Whether the optimum at this budget lies at the edge of the grid, and so is none."""
        size, samples, _ = self.optimum(compute)
        edges = [(size, self.model_sizes), (samples, self.samples)]
        return any(not axis[0] * 1.01 < value < axis[-1] / 1.01 for value, axis in edges)

    def path(self, budgets: Sequence[float]) -> Real:
        """M, N, excess at the optimum of each budget, shape (budgets, 3); those at the edge of the grid left out."""
        return np.array([self.optimum(budget) for budget in budgets if not self.at_end(budget)]).reshape(-1, 3)

    def _surface(self) -> Any:
        from scipy.interpolate import RectBivariateSpline

        log_sizes, log_samples = np.log(self.model_sizes), np.log(self.samples)
        spline = RectBivariateSpline(log_sizes, log_samples, np.log(self.excess), kx=3, ky=3)
        return lambda x, y: float(spline(x, y)[0, 0])


def production(
    problem: Problem,
    *,
    step_size: NumberLike,
    model_sizes: Sequence[NumberLike],
    samples: Sequence[NumberLike],
    schedule: type[Geometric] | type[Constant] | str = Geometric,
) -> Production:
    """The excess of one-pass SGD over a grid of model sizes and samples, by the deterministic equivalent.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    step_size : number
        Peak of the schedule, the same everywhere.
    model_sizes : sequence of number
        M of the grid.
    samples : sequence of number
        N of the grid.
    schedule : Geometric or Constant, the class, or str, default Geometric
        Geometric (halving) or Constant, or their words.

    Returns
    -------
    Production
        The excess over the grid, shape (model sizes, samples), and the path of best allocations.

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
    Valid: a stable step size; at least four model sizes and four numbers of samples.

    Source: D02, D15.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
    >>> words = {"model_sizes": [4, 8, 16, 32], "samples": [64, 128, 256, 512], "schedule": Constant}
    >>> production(problem, step_size="1/10", **words).excess.shape
    (4, 4)
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    peak, kind = positive_step_size(step_size), _kind(schedule)
    asked = listed(model_sizes, "model_sizes", "a list of model sizes"), listed(samples, "samples", "a list of numbers")
    sizes = np.unique([float(number(size, "model_sizes")) for size in asked[0]])
    counts = np.unique([whole(count, "samples", least=4) for count in asked[1]])
    if min(sizes.size, counts.size) < _LEAST_POINTS:
        raise InvalidInput(f"a production function needs at least {_LEAST_POINTS} values of each axis")
    shape, steps = kind(peak), counts.tolist()
    excess = np.array([_row(Run(problem, model_size=size, schedule=shape, steps=steps)) for size in sizes.tolist()])
    if not np.isfinite(excess).all():
        raise UnstableRun(f"the excess cannot be computed everywhere at step size {float(peak):.6g}: use a smaller one")
    return Production(
        model_sizes=sizes,
        samples=counts.astype(float),
        excess=excess,
        size_exponent=_size_exponent(problem, kind, peak),
        asked={**problem.describe(), "step_size": plain(peak), "schedule": name_of(shape)},
    )


def _row(run: Run) -> Real:
    """The excess after each of the run's numbers of steps, every one a run of its own."""
    landscape = Landscape(run, Equivalent(), digits=DIGITS)
    landscape.stability(run.schedule.peak(horizon=run.horizon)).require(peak=True)
    excess = _final(landscape)
    return excess if np.isfinite(excess).all() else _final(replace(landscape, sharp=True))


def _final(landscape: Landscape) -> Real:
    run = landscape.run
    return np.array([landscape.excess(run.schedule, steps=count) for count in run.steps])


def _kind(schedule: object) -> type[Geometric] | type[Constant]:
    kinds: dict[str, type[Geometric] | type[Constant]] = {"geometric": Geometric, "constant": Constant}
    if isinstance(schedule, str):
        return kinds[chosen(schedule, "schedule", kinds)]
    for kind in kinds.values():
        if schedule is kind:
            return kind
    raise InvalidInput(
        f"schedule must be the class Geometric or Constant, not {shown(schedule)}: step_size is its peak"
    )


def _size_exponent(problem: Problem, schedule: type[Geometric] | type[Constant], peak: Number) -> Any:
    derived = asymptotic_shape(problem, schedule(peak))
    return None if derived is None else derived.model_size_exponent
