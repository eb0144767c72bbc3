"""The deterministic equivalent against the exact road averaged over sketches, at three model sizes.

The relative gap must be small and shrink like 1/M; two wrong theories must be rejected by the same averages.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from riskcalc.agreement.comparison import Comparison, NegativeControl, Side, inconclusive
from riskcalc.agreement.early_steps import early_remark, with_early_steps
from riskcalc.agreement.effort import Effort
from riskcalc.agreement.inverse_size import (
    RULE,
    compare_by_size,
    controls_by_size,
    detectable_by_size,
    sketches_needed,
)
from riskcalc.agreement.samples import Draw, Samples, batch_seed, gather
from riskcalc.agreement.twin import affordable_dimension, affordable_size, differences, resized, up_to
from riskcalc.agreement.wrong_equivalents import wrong_theories
from riskcalc.curve import Claim, Run, Warrant
from riskcalc.equivalent import Equivalent
from riskcalc.errors import UnstableRun
from riskcalc.exact import Exact
from riskcalc.quantity import held, plain

_LEFT = Side(name="equivalent", claim=f"{Claim.DETERMINISTIC_EQUIVALENT}, {Warrant.COMPUTED}")
_RIGHT = Side(name="exact over sketches", claim=f"{Claim.AVERAGED_OVER_SKETCHES}, {Warrant.SAMPLED}")

SIZES = (1, 2, 4)  # of the three models, in units of the smallest

_LEAST_SIZE = 8  # below it the next order, 1/M^2, is no longer small, and some sketches make most runs unstable
_LEAST_OF_ALL = 4  # where the dimension leaves no choice
_TOLERANCE = 1e-6  # where the numbers are only set against the spread over sketches
_STEPS_A_SKETCH = 0.1  # share of effort.plain_steps that one sketch may go through step by step


def equivalent_against_sketches(
    run: Run, *, exact: Exact, equivalent: Equivalent, level: float, effort: Effort
) -> tuple[Comparison, tuple[NegativeControl, ...]]:
    """Compare at M, 2M and 4M, where M is the run's model size as far as `effort` and the dimension allow.

    Where some drawn sketch makes the run unstable, its average is infinite: larger models are tried then.
    """
    base = _first_base(run, effort)
    if base < _LEAST_OF_ALL:
        statement = (
            f"M, 2M and 4M with M at least {_LEAST_OF_ALL} need more than {SIZES[-1] * _LEAST_OF_ALL} positive "
            f"eigenvalues and effort.largest_base_size of at least {_LEAST_OF_ALL}"
        )
        return inconclusive(RULE, left=_LEFT, right=_RIGHT, statement=statement), ()
    while True:
        try:
            return _compare_at(base, run, exact=exact, equivalent=equivalent, level=level, effort=effort)
        except UnstableRun as unstable:
            if 2 * base > min(2 * effort.largest_base_size, _largest_by_rank(run)):
                statement = f"the run is unstable on a sketch drawn at M = {base} or a multiple: {unstable}"
                return inconclusive(RULE, left=_LEFT, right=_RIGHT, statement=statement), ()
            base *= 2


def _compare_at(
    base: int, run: Run, *, exact: Exact, equivalent: Equivalent, level: float, effort: Effort
) -> tuple[Comparison, tuple[NegativeControl, ...]]:
    runs = _three_runs(base, run, effort)
    sizes, steps = tuple(int(each.model_size) for each in runs), runs[0].steps
    theory = [equivalent.curve(each).excess for each in runs]
    # what the controls depart from is the road itself, whatever road is compared
    road = Equivalent(tolerance=_TOLERANCE)
    right = [road.curve(each).excess for each in runs]
    each_wrong = [wrong_theories(each, road, plain_steps=effort.plain_steps) for each in runs]
    wrong = {left_out: [found[left_out] for found in each_wrong] for left_out in each_wrong[0]}

    def needed(found: Sequence[Samples]) -> list[float]:
        return sketches_needed(
            found,
            sizes=sizes,
            right=right,
            wrong=wrong.values(),
            level=level,
            most=effort.most_sketches,
        )

    draws = [_drawing(each, exact) for each in runs]
    averages = gather(draws, needed, first=effort.fewest_sketches, most=effort.most_sketches)
    comparison = compare_by_size(
        steps=steps,
        sizes=sizes,
        theory=theory,
        averages=averages,
        level=level,
        left=_LEFT,
        right=_RIGHT,
        detectable=detectable_by_size(sizes=sizes, wrong=wrong, right=right, averages=averages, level=level),
        remarks=_remarks(run, runs),
    )
    controls = controls_by_size(
        steps=steps, sizes=sizes, wrong=wrong, right=right, averages=averages, level=level
    )
    return comparison, controls


def _drawing(run: Run, exact: Exact) -> Draw:
    """Averages over fresh sketches; the sizes must not share random numbers, so the size is part of the seed."""

    def draw(batch: int, count: int) -> Samples:
        seed = batch_seed(exact.seed, int(run.model_size), batch)
        tolerance = max(exact.tolerance, _TOLERANCE)
        curve = replace(exact, sketch=None, sketches=count, seed=seed, tolerance=tolerance).curve(run)
        return Samples(count=count, mean=curve.excess, standard_error=held(curve.standard_error, "the standard error"))

    return draw


def _three_runs(base: int, run: Run, effort: Effort) -> list[Run]:
    dimension = affordable_dimension(run, SIZES[-1] * base, effort.largest_dimension)
    last = run.steps[-1]
    if run.schedule.stages(horizon=run.horizon) is None:
        last = min(last, int(_STEPS_A_SKETCH * effort.plain_steps))
    sized = [resized(run, factor * base, dimension=dimension) for factor in SIZES]
    return [with_early_steps(up_to(each, last)) for each in sized]


def _remarks(run: Run, runs: Sequence[Run]) -> tuple[str, ...]:
    """What sets the three runs apart from the one asked for."""
    sizes = ", ".join(plain(each.model_size) for each in runs)
    found = differences(replace(run, model_size=runs[0].model_size), runs[0])
    if runs[0].model_size != run.model_size:
        found += (f"the sizes are {sizes}; the run's model size is {plain(run.model_size)}",)
    return (*found, *early_remark(run, runs[0]))


def _first_base(run: Run, effort: Effort) -> int:
    """The run's model size, within what the expansion, the effort and the dimension allow."""
    largest = min(effort.largest_base_size, _largest_by_rank(run))
    return int(min(max(affordable_size(run, effort.largest_base_size), _LEAST_SIZE), largest))


def _largest_by_rank(run: Run) -> float:
    """The largest M with 4M below the rank."""
    rank = _rank(run)
    return math.inf if rank is None else (rank - 1) // SIZES[-1]


def _rank(run: Run) -> int | None:
    """The number of positive eigenvalues; None where the dimension is infinite."""
    if run.problem.is_power_law or run.problem.dimension is None:
        return run.problem.dimension
    return int((run.problem.eigenvalues() > 0).sum())
