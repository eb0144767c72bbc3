"""The equivalent with its shift against averages over sketches, at one model size, by z-scores.

The average over sketches of a fixed target is that over its signs too, and so that of a prior of the same power, whose
scatter is several times smaller: where the signal is a power law, sketches are averaged over that prior. What is left
of the series in 1/M is taken as the square of the relative shift, and added to the standard error. Every one of the
four parts of the shift, left out, must be rejected where it is large enough to be seen. Source: D50.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from riskcalc.agreement.comparison import Comparison, NegativeControl, Side, inconclusive
from riskcalc.agreement.early_steps import early_remark, with_early_steps
from riskcalc.agreement.effort import Effort
from riskcalc.agreement.removal import SHIFT, SHIFT_PARTS, Removal
from riskcalc.agreement.samples import Samples, batch_seed, gather
from riskcalc.agreement.twin import affordable_dimension, affordable_size, differences, resized, up_to
from riskcalc.agreement.z_scores import RULE, compare_by_z, controls_by_z, samples_needed, smallest_share
from riskcalc.curve import Claim, Run, Warrant
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput, UnstableRun
from riskcalc.exact import Exact
from riskcalc.problem import GaussianPrior, PowerLawSignal, Problem
from riskcalc.quantity import Real, held

_LEFT = Side(name="equivalent with its shift", claim=f"{Claim.AVERAGED_THROUGH_INVERSE_SIZE}, {Warrant.COMPUTED}")
_RIGHT = Side(name="exact over sketches", claim=f"{Claim.AVERAGED_OVER_SKETCHES}, {Warrant.SAMPLED}")

_LEAST_SIZE = 30  # below it what is left of the series is no longer small beside the shift
_SEEN = 0.01  # of an error in the whole excess: shifts are of that size
_TOLERANCE = 1e-6  # where the numbers are only set against the spread over sketches
_STEPS_A_SKETCH = 0.1  # share of effort.plain_steps that one sketch may go through step by step


def finite_size_against_sketches(
    run: Run, *, exact: Exact, equivalent: Equivalent, level: float, effort: Effort
) -> tuple[Comparison, tuple[NegativeControl, ...]]:
    """Compare at the run's model size, as far as `effort` and the series in 1/M allow."""
    if exact.sketch is not None:
        raise InvalidInput(
            "shift and spread are those of real Gaussian sketches, and a sketch that is given may have any law: leave "
            "it out, or compare with Equivalent()"
        )
    checked = _checked(run, effort)
    curve = equivalent.curve(checked)
    shift = equivalent.across_sketches(checked).shift
    right = curve.excess + shift.total
    wrong: dict[Removal, Real] = {SHIFT: curve.excess}
    wrong |= {removal: right - getattr(shift, name) for name, removal in SHIFT_PARTS.items()}
    left_over = np.divide(shift.total**2, curve.excess, out=np.zeros_like(right), where=curve.excess > 0)

    def draw(batch: int, count: int) -> Samples:
        seed = batch_seed(exact.seed, int(checked.model_size), batch)
        tolerance = max(exact.tolerance, _TOLERANCE)
        answer = replace(exact, sketches=count, seed=seed, tolerance=tolerance).curve(_steadier(checked))
        error = held(answer.standard_error, "the standard error")
        return Samples(count=count, mean=answer.excess, standard_error=error)

    def needed(found: Sequence[Samples]) -> list[float]:
        seen = smallest_share(right, found[0], level) / _SEEN  # whatever shift is claimed
        most = effort.most_sketches_of_one_size
        controls = samples_needed(found[0], right=right, wrong=wrong.values(), level=level, most=most)
        return [max(controls, found[0].count * seen**2)]

    first = min(effort.fewest_sketches, effort.most_sketches_of_one_size)
    try:
        (drawn,) = gather([draw], needed, first=first, most=effort.most_sketches_of_one_size)
    except UnstableRun as unstable:
        statement = f"a sketch drawn at M = {checked.model_size} makes the run unstable: {unstable}"
        return inconclusive(RULE, left=_LEFT, right=_RIGHT, statement=statement), ()
    sampled = replace(drawn, standard_error=np.where(drawn.random, np.hypot(drawn.standard_error, left_over), 0.0))
    comparison = compare_by_z(
        steps=checked.steps,
        computed=right,
        sampled=sampled,
        level=level,
        left=_LEFT,
        right=_RIGHT,
        fewest=effort.fewest_sketches,
        wrong=wrong,
        remarks=_remarks(run, checked),
    )
    return comparison, controls_by_z(steps=checked.steps, wrong=wrong, right=right, sampled=sampled, level=level)


def _checked(run: Run, effort: Effort) -> Run:
    size = max(affordable_size(run, effort.largest_model_size), min(_LEAST_SIZE, effort.largest_model_size))
    dimension = affordable_dimension(run, size, effort.largest_dimension)
    last = run.steps[-1]
    if run.schedule.stages(horizon=run.horizon) is None:
        last = min(last, int(_STEPS_A_SKETCH * effort.plain_steps))
    return with_early_steps(up_to(resized(run, size, dimension=dimension), last))


def _steadier(run: Run) -> Run:
    """The run averaged over a prior of the signal's power, where that is a power law."""
    if not isinstance(run.problem, Problem) or not isinstance(run.problem.signal, PowerLawSignal):
        return run
    signal = run.problem.signal
    return replace(run, problem=replace(run.problem, signal=GaussianPrior(b=signal.b, scale=signal.scale)))


def _remarks(run: Run, checked: Run) -> tuple[str, ...]:
    prior = _steadier(checked) is not checked
    said = ("sketches are averaged over targets of the same power, which leaves their average as it is",)
    return (*differences(run, checked), *(said if prior else ()), *early_remark(run, checked))
