"""`optimal_schedule`: the step sizes, one by one, with which a run ends at the smallest risk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.curve import Question, Run
from riskcalc.display import Displayed, Page
from riskcalc.dynamics.moments import start_state
from riskcalc.dynamics.recursion import advance
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.landscape import Landscape, Road
from riskcalc.optimiser import SGD, Optimiser
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import Number, NumberLike, Real, listed, number, of_type, whole
from riskcalc.schedule import (
    Constant,
    Cosine,
    Custom,
    Geometric,
    Polynomial,
    Schedule,
    WarmupStableDecay,
    listed_sizes,
    read_unsized,
)
from riskcalc.tuning.adjoint import final_excess, left_of_noise
from riskcalc.tuning.only_sgd import require_sgd
from riskcalc.tuning.polygon import Polygon
from riskcalc.tuning.step_size import TunedStepSize, at_step_size, tuned_step_size

_LONGEST = 20_000  # steps; each is a variable
_START = 1e-3  # of the largest step size: the search cannot leave zero
_EDGE = 1e-6  # distance from the edge of stability, relative
_MEMORY = 20  # pairs that L-BFGS keeps
_GAIN = 1e-9  # of the excess in a step, below which the search has converged
_KNOTS = 8  # of the coarsest polygon


@dataclass(frozen=True, kw_only=True)
class OptimalSchedule(Displayed):
    """The best sequence of step sizes found, and the named schedules it was compared with.

    excess: at the horizon, of `schedule`; error: its verified relative error. named: the tuned named schedules, best
    first; the search starts from the first, so excess <= named[0].excess. largest: bound on every step size.
    balance: gamma_t (sigma2 + E(t))^{1/2} K_t^{1/2} at each step, K_t what is left at the end of a unit of noise at
    step t, relative to its median: the derived law says one, up to feedback. converged: whether the optimiser stopped
    because its last step gained less than 1e-9 of the excess; slope: the largest entry of d log excess/d log gamma_t
    that no bound blocks. asked: the run, without its schedule.
    """

    schedule: Custom
    excess: float
    error: float | None
    named: tuple[TunedStepSize, ...]
    largest: float
    balance: Real
    iterations: int
    slope: float
    converged: bool
    asked: Question | None = None

    def page(self) -> Page:
        """What was found, for a reader."""
        from riskcalc.tuning.pages import page_of_schedule

        return page_of_schedule(self)

    @property
    def remaining(self) -> Real:
        """1 - s/N at each step."""
        horizon = self.schedule.values.size
        return np.asarray(1 - np.arange(horizon) / horizon)

    @property
    def share_at_the_largest(self) -> float:
        """Share of the steps whose size lies within one percent of the bound."""
        return float(np.mean(self.schedule.values >= 0.99 * self.largest))

    def decay_exponent(self, low: float, high: float) -> float:
        """Slope of log gamma against log(1 - s/N) where the remaining fraction lies between low and high."""
        inside = (self.remaining >= low) & (self.remaining <= high)
        if not 0 < low < high <= 1 or inside.sum() < 3:
            raise InvalidInput(f"no three steps have a remaining fraction between {low} and {high}")
        sizes = self.schedule.values[inside]
        if sizes.min() <= 0:
            raise InvalidInput(f"a step size between the remaining fractions {low} and {high} is zero")
        return float(np.polyfit(np.log(self.remaining[inside]), np.log(sizes), 1)[0])


def optimal_schedule(
    problem: Problem,
    *,
    model_size: NumberLike,
    horizon: NumberLike,
    batch_size: NumberLike = 1,
    method: Road | None = None,
    largest: NumberLike | None = None,
    named: Sequence[Schedule | str] | None = None,
    iterations: NumberLike = 1000,
    optimiser: Optimiser | str | None = None,
) -> OptimalSchedule:
    """Minimise the exact excess after `horizon` steps over every step size.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features.
    horizon : number
        N, the number of steps.
    batch_size : number, default 1
        B, samples a step.
    method : Road or None, default None
        The road that computes the excess, Equivalent() where none is given; Exact(...) and Unsketched() at finite
        dimension.
    largest : number or None, default None
        A bound on every step size.
    named : sequence of Schedule or str or None, default None
        Schedules to start from, objects or words; their own step sizes are not used. None takes constant, geometric,
        cosine, linear, (1-s/N)^(2a-1) and two with a stable stretch.
    iterations : number, default 1000
        Most iterations, for the polygons each and for the steps themselves.
    optimiser : Optimiser or str or None, default None
        SGD(), which it is for; any other is refused.

    Returns
    -------
    OptimalSchedule
        Step sizes, shape (horizon,), their excess, and the named schedules with theirs.

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
    Formula: min over 0 < gamma_0, ..., gamma_{N-1} <= gamma_max of E(N); gradient by the adjoint recursion,
    L-BFGS-B in sqrt(gamma) from the best of the tuned `named` schedules, first along polygons of 8, 16, ... knots, at
    last in every step by itself, where it gains by alternating between gamma_max and less: one large step for each
    mode.

    Valid: horizon <= 20000 (each iteration goes through it three times). gamma_max is the largest stable constant
    step size, or `largest` where that is smaller: without a bound single large steps could do better still, at the
    price of a run that is not stable. The minimum is local; it is never above the named schedules.

    Source: D27.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, Unsketched
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=200), signal=PowerLawSignal(b="5/2"), noise=1)
    >>> best = optimal_schedule(problem, model_size=200, horizon=64, method=Unsketched())
    >>> best.excess < best.named[0].excess < best.named[-1].excess
    True
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    require_sgd(
        optimiser,
        of="optimal_schedule",
        because="its gradient goes back through one moment a mode; tuned_step_size tunes the step size of any schedule",
    )
    steps, road = whole(horizon, "horizon", least=1), Equivalent() if method is None else method
    if steps > _LONGEST:
        raise InvalidInput(f"every step is a variable: at most {_LONGEST} steps, not {steps}")
    shapes = "a list of schedules such as ['cosine', 'wsd:1/5']"
    given = _named(problem) if named is None else listed(named, "named", shapes)
    candidates = tuple(map(read_unsized, given))
    most = whole(iterations, "iterations", least=1)
    if not candidates:
        raise InvalidInput("named is empty: the search needs at least one schedule to start from")
    runs = [
        Run(problem, model_size=model_size, schedule=each, steps=[steps], batch_size=batch_size) for each in candidates
    ]
    tuned = sorted((tuned_step_size(run, method=road, largest=largest) for run in runs), key=lambda one: one.excess)
    # along a list of step sizes a wide contour is enough, except near the edge of stability
    by_steps = Run(
        problem,
        model_size=model_size,
        schedule=Custom(listed_sizes(tuned[0].schedule, 0, steps, horizon=steps)),
        steps=[steps],
        batch_size=batch_size,
    )
    landscape = Landscape(by_steps, road)
    bound = landscape.largest_step_size * (1 - _EDGE)
    if largest is not None:
        bound = min(bound, float(number(largest, "largest")))
    if not np.isfinite(landscape.excess(Custom(np.full(steps, bound)))):
        landscape = Landscape(by_steps, road, sharp=True)
    search = _Search(landscape=landscape, bound=bound, iterations=most)
    return search.run(tuple(tuned))


@dataclass(frozen=True, kw_only=True)
class _Search:
    landscape: Landscape
    bound: float
    iterations: int

    def run(self, named: tuple[TunedStepSize, ...]) -> OptimalSchedule:
        from scipy.optimize import minimize

        steps = self.landscape.run.horizon
        start = listed_sizes(named[0].schedule, 0, steps, horizon=steps)
        root = np.sqrt(np.clip(start / self.bound, _START, 1))
        for knots in [*_coarse(steps), steps]:
            line = Polygon(knots=knots, places=steps)
            found = minimize(
                self._along(line),
                line.at_knots(root),
                jac=True,
                method="L-BFGS-B",
                bounds=[(0, 1)] * knots,
                options={"maxiter": self.iterations, "maxcor": _MEMORY, "ftol": _GAIN, "gtol": 1e-9},
            )
            root = line.values(found.x)
        schedule = Custom(self.bound * root**2)
        excess, error = self.landscape.verified(schedule)
        if excess > named[0].excess:  # the search has found nothing better than its start
            schedule, excess, error = Custom(start), named[0].excess, named[0].error
        root = np.sqrt(schedule.values / self.bound)
        slopes = self._objective(root)[1] * root / 2
        blocked = (root >= 1) & (slopes < 0)
        return OptimalSchedule(
            schedule=schedule,
            excess=excess,
            error=error,
            named=named,
            largest=self.bound,
            balance=self._balance(schedule.values),
            iterations=int(found.nit),
            slope=float(np.abs(np.where(blocked, 0.0, slopes)).max()),
            converged=bool(found.success),
            asked=replace(self.landscape.run.question, schedule=None),
        )

    def _along(self, line: Polygon) -> Callable[[Real], tuple[float, Real]]:
        """The objective as a function of the values at the knots."""

        def objective(knots: Real) -> tuple[float, Real]:
            value, gradient = self._objective(line.values(knots))
            return value, line.gradient(gradient)

        return objective

    def _objective(self, roots: Real) -> tuple[float, Real]:
        """log of the excess (averaged over sketches) and its gradient in sqrt(gamma/gamma_max)."""
        run, sizes = self.landscape.run, self.bound * roots**2
        answers = [
            final_excess(modes, sizes, batch_size=run.batch_size, noise=float(run.problem.noise))
            for modes in self.landscape.modes
        ]
        excess = float(np.mean([answer[0] for answer in answers]))
        gradient = np.mean([answer[1] for answer in answers], axis=0)
        return float(np.log(excess)), gradient * 2 * self.bound * roots / excess

    def _balance(self, sizes: Real) -> Real:
        run, noise = self.landscape.run, float(self.landscape.run.problem.noise)
        rows = []
        for modes in self.landscape.modes:
            start = start_state(SGD(), modes.signal)
            _, totals = advance(modes, SGD(), start, sizes, batch_size=run.batch_size, noise=noise + modes.floor)
            drive = noise + modes.floor + totals.sum(axis=1)
            rows.append(sizes * np.sqrt(drive * left_of_noise(modes, sizes, batch_size=run.batch_size)))
        balance = np.mean(rows, axis=0)
        return np.asarray(balance / np.median(balance))


def _coarse(steps: int) -> list[int]:
    """Knots of the polygons, until every fourth step has one."""
    return [_KNOTS << level for level in range(steps.bit_length()) if 4 * (_KNOTS << level) <= steps]


def _named(problem: Problem) -> tuple[Schedule, ...]:
    power: Number = 3
    if isinstance(problem.spectrum, PowerLaw) and problem.spectrum.a > 1:
        power = 2 * problem.spectrum.a - 1
    shapes: tuple[Schedule, ...] = (
        Constant(1),
        Geometric(1),
        Cosine(1),
        Polynomial(1, power=1),
        Polynomial(1, power=power),
        WarmupStableDecay(1),
        WarmupStableDecay(1, power=power),
    )
    return tuple(at_step_size(shape, 1.0) for shape in shapes)
