"""The exact road against simulated runs, given the same sketch; wrong recursions must be rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.agreement.comparison import Comparison, NegativeControl, Side
from riskcalc.agreement.early_steps import early_remark, with_early_steps
from riskcalc.agreement.effort import Effort
from riskcalc.agreement.recorded import slow_excess
from riskcalc.agreement.removal import Removal
from riskcalc.agreement.samples import Samples, batch_seed, gather
from riskcalc.agreement.twin import affordable_dimension, affordable_size, differences, resized, up_to
from riskcalc.agreement.wrong_recursions import wrong_recursions
from riskcalc.agreement.z_scores import MOST_ERROR, compare_by_z, controls_by_z, samples_needed
from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.exact import Exact
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch
from riskcalc.quantity import Real, held
from riskcalc.simulation import MonteCarlo

_SHARE_OF_FIRST_RUNS = 4  # the fewest runs take at most a quarter of what may be drawn
_CAUTION = 1.5  # the spread, estimated from few runs, may be larger
_OVERHEAD_OF_RUN, _OVERHEAD_OF_STEP = 1000, 10  # in the time that one random number takes


@dataclass(frozen=True, kw_only=True, eq=False)
class Given:
    """The run that is checked, on one sketch, with the recursion's wrong versions and the right one."""

    run: Run
    sketch: Real
    right: Real
    wrong: dict[Removal, Real]


def exact_against_simulation(
    run: Run, *, exact: Exact, simulation: MonteCarlo, level: float, effort: Effort
) -> tuple[Comparison, tuple[NegativeControl, ...]]:
    """Compare the two roads given the exact road's sketch; `simulation.runs` is the least number of runs.

    More runs are added until the comparison and every control have power, as far as `effort` goes.
    """
    fewest = max(simulation.runs, effort.fewest_runs)
    given = _given(run, exact, replace(simulation, runs=fewest), effort)
    checked = given.run
    most = max(fewest, int(effort.draws / _cost(checked, simulation, checked.steps[-1])))

    def draw(batch: int, count: int) -> Samples:
        seed = batch_seed(simulation.seed, batch)
        road = replace(simulation, runs=count, seed=seed, sketch=given.sketch, sketches=1)
        curve = road.curve(checked)
        return Samples(count=count, mean=curve.excess, standard_error=held(curve.standard_error, "the standard error"))

    def needed(found: Sequence[Samples]) -> list[float]:
        return [samples_needed(found[0], right=given.right, wrong=given.wrong.values(), level=level, most=most)]

    # the same sketch, and the road as it is given
    answer = replace(exact, sketch=given.sketch, sketches=1).curve(checked)
    (sampled,) = gather([draw], needed, first=fewest, most=most)
    comparison = compare_by_z(
        steps=checked.steps,
        computed=answer.excess,
        sampled=sampled,
        level=level,
        left=Side(name="exact", claim=f"{answer.claim}, {answer.warrant}"),
        right=Side(name=f"simulation ({simulation.simulator.name})", claim="given sketch, sampled"),
        fewest=fewest,
        wrong=given.wrong,
        remarks=(*differences(run, checked), *early_remark(run, checked)),
    )
    controls = controls_by_z(
        steps=checked.steps, wrong=given.wrong, right=given.right, sampled=sampled, level=level
    )
    return comparison, controls


def _given(run: Run, exact: Exact, simulation: MonteCarlo, effort: Effort) -> Given:
    affordable = _affordable(run, simulation, effort, sketch_given=exact.sketch is not None)
    if exact.sketch is not None:
        sketch = np.asarray(exact.sketch, dtype=np.float64)
    else:
        problem, size = affordable.problem, int(affordable.model_size)
        sketch = gaussian_sketch(model_size=size, dimension=problem.dimension, seed=exact.seed)
    short = _as_long_as_power_lasts(affordable, replace(simulation, sketch=sketch, sketches=1), effort)
    checked = with_early_steps(short)
    modes = sketch_modes(checked.problem, sketch)
    return Given(
        run=checked,
        sketch=sketch,
        right=slow_excess(modes, checked),
        wrong=wrong_recursions(modes, checked),
    )


def _as_long_as_power_lasts(run: Run, simulation: MonteCarlo, effort: Effort) -> Run:
    """The run up to the last recorded step at which a small standard error can be afforded, by a first few runs.

    A single run's risk is a product of random factors, so its tails may grow heavier with every step.
    """
    first = simulation.curve(run)
    spread = held(first.standard_error, "the standard error")  # of several runs
    error = np.maximum.accumulate(spread / np.abs(first.excess))
    for step, largest in zip(reversed(run.steps), reversed(error.tolist()), strict=True):
        runs = simulation.runs * max(1.0, _CAUTION * (largest / MOST_ERROR) ** 2)
        if step > 0 and runs * _cost(run, simulation, step) <= effort.draws:
            return up_to(run, step)
    return run


def _affordable(run: Run, simulation: MonteCarlo, effort: Effort, *, sketch_given: bool) -> Run:
    size = affordable_size(run, effort.largest_model_size)
    if sketch_given and size != run.model_size:
        raise InvalidInput(
            f"a given sketch is checked at its own model size, but {run.model_size} is more than the "
            f"{effort.largest_model_size} that effort allows: leave the sketch out, or raise effort.largest_model_size"
        )
    dimension = run.problem.dimension if sketch_given else affordable_dimension(run, size, effort.largest_dimension)
    sized = resized(run, size, dimension=dimension)
    a_run = effort.draws / _SHARE_OF_FIRST_RUNS / effort.fewest_runs
    a_step = _cost(sized, simulation, 1) - _cost(sized, simulation, 0)
    return up_to(sized, min(effort.plain_steps, max(1, int(a_run / a_step))))


def _cost(run: Run, simulation: MonteCarlo, last: int) -> float:
    """What one run up to step `last` costs, in random numbers drawn."""
    dimension = held(run.problem.dimension, "the dimension of the twin")
    a_sample = simulation.simulator.cost(model_size=int(run.model_size), dimension=dimension)
    return _OVERHEAD_OF_RUN + last * (_OVERHEAD_OF_STEP + run.batch_size * a_sample * run.problem.outputs)
