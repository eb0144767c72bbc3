"""Deterministic answers that must come out the same by two ways: by digits.

* the exact road, which crosses stages of constant step size by generating functions, against the recursion of the
  second moments step by step, on the same sketch;
* the exact road for several outputs at once, against the same outputs one at a time;
* the equivalent of an infinite dimension, whose spectral sums end in an integral, against a dimension so large that
  what lies beyond it cannot be seen;
* the equivalent of a power law, summed by Euler and Maclaurin, against the same eigenvalues as an explicit spectrum.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from riskcalc.agreement.comparison import Comparison, Side
from riskcalc.agreement.digits import compare_by_digits
from riskcalc.agreement.effort import Effort
from riskcalc.agreement.recorded import slow_excess
from riskcalc.agreement.twin import affordable_dimension, affordable_size, differences, resized, up_to
from riskcalc.agreement.wrong_equivalents import wrong_equivalents
from riskcalc.agreement.wrong_recursions import wrong_recursions
from riskcalc.curve import Run
from riskcalc.curve.sum import output_runs
from riskcalc.equivalent import Equivalent
from riskcalc.exact import Exact
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import (
    ExplicitSignal,
    ExplicitSpectrum,
    MultipleOutputs,
    PowerLaw,
    Problem,
    Regression,
    gaussian_sketch,
)
from riskcalc.quantity import held, of_type

_UNSEEN = 12.0  # digits beyond which what lies beyond the dimension is neglected
_MOST_OUTPUTS = 100  # distinct ones, computed one by one
_LARGEST_POWER = 18  # of ten: the largest dimension that the equivalent takes


def exact_two_ways(run: Run, *, exact: Exact, effort: Effort) -> tuple[Comparison, ...]:
    """The exact road against its slow twin, on the sketch of the exact road."""
    sketch, sized = exact.sketch, _with_sketch(run, exact, effort)
    if sketch is None:
        size = int(sized.model_size)
        sketch = gaussian_sketch(model_size=size, dimension=sized.problem.dimension, seed=exact.seed)
    checked = up_to(sized, effort.plain_steps)
    answer = replace(exact, sketch=sketch, sketches=1).curve(checked)
    modes = sketch_modes(checked.problem, sketch)
    slow = slow_excess(modes, checked)
    comparison = compare_by_digits(
        steps=checked.steps,
        values=(answer.excess, slow),
        required=required_digits(exact.tolerance),
        left=Side(name="exact", claim=f"{answer.claim}, {answer.warrant}"),
        right=Side(name="recursion step by step", claim="given sketch, computed"),
        wrong=wrong_recursions(modes, checked),
        remarks=differences(run, checked),
    )
    return (comparison,)


def equivalent_two_ways(run: Run, *, equivalent: Equivalent, effort: Effort) -> tuple[Comparison, ...]:
    """The equivalent on other descriptions of the same power-law problem; none for explicit spectra."""
    if not run.problem.is_power_law:
        return ()
    found = []
    dimension = _unseen_dimension(run)
    if run.problem.dimension is None and dimension is not None:
        found.append(_finite_dimension(run, dimension, equivalent, effort))
    found.append(_explicit_spectrum(run, equivalent, effort))
    return tuple(found)


def outputs_two_ways(run: Run, *, exact: Exact, effort: Effort) -> tuple[Comparison, ...]:
    """The exact road for all outputs at once against one output at a time; none where there is one output."""
    if not isinstance(run.problem, MultipleOutputs) or len(run.problem.problems) > _MOST_OUTPUTS:
        return ()
    checked = up_to(_with_sketch(run, exact, effort), effort.plain_steps)
    road = replace(exact, sketches=1)
    total = road.curve(checked)
    each = zip(run.problem.counts, output_runs(checked), strict=True)
    added = np.sum([count * road.curve(one).excess for count, one in each], axis=0)
    claim = f"{total.claim}, {total.warrant}"
    comparison = compare_by_digits(
        steps=checked.steps,
        values=(total.excess, added),
        required=required_digits(exact.tolerance),
        left=Side(name="exact, all outputs at once", claim=claim),
        right=Side(name="exact, output by output", claim=claim),
        remarks=differences(run, checked),
    )
    return (comparison,)


def required_digits(tolerance: float) -> float:
    """Digits that a road of this tolerance promises; rounding takes the rest."""
    return math.floor(-math.log10(tolerance))


def _finite_dimension(run: Run, dimension: int, equivalent: Equivalent, effort: Effort) -> Comparison:
    finite = resized(run, run.model_size, dimension=dimension)
    infinite, truncated = equivalent.curve(run), equivalent.curve(finite)
    claim = f"{infinite.claim}, {infinite.warrant}"
    return compare_by_digits(
        steps=run.steps,
        values=(infinite.excess, truncated.excess),
        required=required_digits(equivalent.tolerance),
        left=Side(name="equivalent, infinite dimension", claim=claim),
        right=Side(name=f"equivalent, dimension {dimension:.0e}", claim=claim),
        wrong=wrong_equivalents(run, _plain(equivalent), plain_steps=effort.plain_steps),
    )


def _explicit_spectrum(run: Run, equivalent: Equivalent, effort: Effort) -> Comparison:
    size = min(run.model_size, effort.largest_model_size)  # no sketch is drawn: it need not be whole
    dimension = affordable_dimension(run, math.ceil(size), effort.largest_dimension)
    checked = resized(run, size, dimension=dimension)
    law = equivalent.curve(checked)
    explicit = equivalent.curve(replace(checked, problem=_listed(checked.problem)))
    claim = f"{law.claim}, {law.warrant}"
    return compare_by_digits(
        steps=run.steps,
        values=(law.excess, explicit.excess),
        required=required_digits(equivalent.tolerance),
        left=Side(name="equivalent, power law", claim=claim),
        right=Side(name="equivalent, eigenvalues listed", claim=claim),
        wrong=wrong_equivalents(checked, _plain(equivalent), plain_steps=effort.plain_steps),
        remarks=differences(run, checked),
    )


def _plain(equivalent: Equivalent) -> Equivalent:
    """The road itself, as accurate, whatever road is compared: what its terms are worth."""
    return Equivalent(tolerance=equivalent.tolerance)


def _slowest(problem: Problem) -> float:
    """The smaller of the two exponents."""
    spectrum = of_type(problem.spectrum, PowerLaw, "spectrum", "PowerLaw(a=...)")
    signal = held(problem.power_law_signal, "the power law of the signal")
    return float(min(spectrum.a, signal.b))


def _with_sketch(run: Run, exact: Exact, effort: Effort) -> Run:
    """The run, or a twin of it whose sketch can be drawn."""
    if exact.sketch is not None:
        return run
    size = affordable_size(run, effort.largest_model_size)
    return resized(run, size, dimension=affordable_dimension(run, size, effort.largest_dimension))


def _listed(problem: Regression) -> Regression:
    """The same problem with its eigenvalues and coefficients as numbers."""
    spectrum = ExplicitSpectrum(problem.eigenvalues())
    if isinstance(problem, Problem):
        return Problem(spectrum=spectrum, signal=ExplicitSignal(problem.target_size()), noise=problem.noise)
    return MultipleOutputs(
        spectrum=spectrum,
        signals=[ExplicitSignal(output.target_size()) for output in problem.problems],
        noises=problem.noises,
        counts=problem.counts,
    )


def _unseen_dimension(run: Run) -> int | None:
    """A dimension beyond which trace and signal power lie 12 digits below those beyond the model size, if any."""
    pooled = run.problem.pooled() if isinstance(run.problem, MultipleOutputs) else (run.problem,)
    decay = min(_slowest(problem) for problem in pooled) - 1
    if decay <= 0:
        return None
    power = math.ceil(math.log10(run.model_size) + _UNSEEN / decay)
    return int(10**power) if power <= _LARGEST_POWER else None
