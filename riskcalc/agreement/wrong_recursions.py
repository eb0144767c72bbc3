"""Given the sketch: the excess by formulas that each leave something out, from the slow recursion.

Each is right but for one thing: a term of the recursion, a part of the sum (approximation, bias or variance, as in a
road that forgets to add it), the products of an average, one noise of several, or one step of time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from riskcalc.agreement import removal
from riskcalc.agreement.early_steps import places, with_steps_before
from riskcalc.agreement.recorded import slow_excess
from riskcalc.agreement.recursion import without
from riskcalc.agreement.removal import Removal
from riskcalc.curve import LastIterate, Run
from riskcalc.curve.sum import output_runs
from riskcalc.dynamics import Modes
from riskcalc.problem import MultipleOutputs
from riskcalc.quantity import Real


def _without_floor(modes: Modes, run: Run) -> Real:
    return slow_excess(modes, run) - modes.floor


def _without_bias(modes: Modes, run: Run) -> Real:
    return slow_excess(modes, run) - _bias(modes, run)


def _without_variance(modes: Modes, run: Run) -> Real:
    return modes.floor + _bias(modes, run)


def _bias(modes: Modes, run: Run) -> Real:
    """The excess is linear in what was to be learnt, and in sigma2 + approximation: the bias is the first part."""
    return slow_excess(replace(modes, floor=0.0), run, noise=0.0)


def _one_step_behind(modes: Modes, run: Run) -> Real:
    recorded = with_steps_before(run)
    return slow_excess(modes, recorded)[places(run, recorded, behind=1)]


def _without_noise_of_one(modes: Modes, run: Run) -> Real:
    """The largest of the noises is the one that is forgotten."""
    largest = max(one.problem.noise for one in output_runs(run))
    return slow_excess(modes, run, noise=float(run.problem.noise - largest))


_FORMULAS: dict[Removal, Callable[[Modes, Run], Real]] = {
    removal.APPROXIMATION: _without_floor,
    removal.BIAS: _without_bias,
    removal.VARIANCE: _without_variance,
    removal.LABEL_NOISE: partial(slow_excess, terms=without("label_noise")),
    removal.NOISE_OF_ONE: _without_noise_of_one,
    removal.FEEDBACK: partial(slow_excess, terms=without("feedback")),
    removal.APPROXIMATION_AS_NOISE: partial(slow_excess, terms=without("approximation")),
    removal.SQUARE: partial(slow_excess, terms=without("square")),
    removal.CROSS_TERMS: partial(slow_excess, crossed=False),
    removal.STEP: _one_step_behind,
}


def removals_of(run: Run) -> tuple[Removal, ...]:
    """What can be left out of a run: label noise if it has any, products of iterates if they are averaged."""
    absent = set()
    if run.problem.noise == 0:
        absent.add(removal.LABEL_NOISE)
    if run.problem.noise == 0 or not isinstance(run.problem, MultipleOutputs):
        absent.add(removal.NOISE_OF_ONE)
    if isinstance(run.averaging, LastIterate):
        absent.add(removal.CROSS_TERMS)
    return tuple(each for each in _FORMULAS if each not in absent)


def wrong_recursion(left_out: Removal, modes: Modes, run: Run) -> Real:
    """Excess at the recorded steps by the formula that leaves this out."""
    return _FORMULAS[left_out](modes, run)


def wrong_recursions(modes: Modes, run: Run) -> dict[Removal, Real]:
    """The same for everything that can be left out of the run."""
    return {each: wrong_recursion(each, modes, run) for each in removals_of(run)}
