"""Deterministic answers that must come out the same by two ways: by digits.

* the exact road, which crosses stages of constant step size by generating functions, against the recursion of the
  second moments step by step, on the same sketch;
* the equivalent of an infinite dimension, whose spectral sums end in an integral, against a dimension so large that
  what lies beyond it cannot be seen;
* the equivalent of a power law, summed by Euler and Maclaurin, against the same eigenvalues as an explicit spectrum.
"""

from __future__ import annotations

import math
from dataclasses import replace

from riskcalc.agreement.comparison import Comparison, Side
from riskcalc.agreement.digits import compare_by_digits
from riskcalc.agreement.effort import Effort
from riskcalc.agreement.recursion import recursion
from riskcalc.agreement.twin import affordable_dimension, affordable_size, changed, up_to, with_model_size
from riskcalc.curve import Run
from riskcalc.equivalent import Equivalent
from riskcalc.exact import Exact
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, PowerLaw, PowerLawSignal, Problem, gaussian_sketch

_UNSEEN = 14.0  # digits beyond which the spectrum's tail is neglected
_LARGEST_POWER = 290  # of ten: dimensions beyond it overflow


def exact_two_ways(run: Run, *, exact: Exact, effort: Effort) -> tuple[Comparison, ...]:
    """The exact road against its slow twin, on the sketch of the exact road."""
    if exact.sketch is None:
        size = affordable_size(run, effort.largest_model_size)
        sized = with_model_size(
            run, size, dimension=affordable_dimension(run, size, effort.largest_dimension)
        )
        sketch = gaussian_sketch(model_size=size, dimension=sized.run.problem.dimension, seed=exact.seed)
        run, remarks = sized.run, sized.remarks
    else:
        sketch, remarks = exact.sketch, ()
    cut = up_to(run, effort.plain_steps)
    checked = cut.run
    step_sizes = checked.schedule.step_sizes(0, checked.steps[-1], horizon=checked.horizon)
    answer = replace(exact, sketch=sketch, sketches=1).curve(checked)
    slow = recursion(
        sketch_modes(checked.problem, sketch),
        step_sizes,
        batch_size=checked.batch_size,
        noise=float(checked.problem.noise),
    )
    comparison = compare_by_digits(
        steps=checked.steps,
        values=(answer.excess, slow[list(checked.steps)]),
        required=required_digits(exact.tolerance),
        left=Side(name="exact", claim=f"{answer.claim}, {answer.warrant}"),
        right=Side(name="recursion step by step", claim="given sketch, computed"),
        remarks=remarks + cut.remarks,
    )
    return (comparison,)


def equivalent_two_ways(run: Run, *, equivalent: Equivalent, effort: Effort) -> tuple[Comparison, ...]:
    """The equivalent on other descriptions of the same power-law problem; none for explicit spectra."""
    if not run.problem.is_power_law:
        return ()
    found = []
    if run.problem.dimension is None and _unseen_dimension(run.problem) is not None:
        found.append(_finite_dimension(run, equivalent))
    found.append(_explicit_spectrum(run, equivalent, effort))
    return tuple(found)


def required_digits(tolerance: float) -> float:
    """Digits that a road of this tolerance promises; rounding takes the rest."""
    return math.floor(-math.log10(tolerance))


def _finite_dimension(run: Run, equivalent: Equivalent) -> Comparison:
    dimension = _unseen_dimension(run.problem)
    finite = with_model_size(run, run.model_size, dimension=dimension).run
    infinite, truncated = equivalent.curve(run), equivalent.curve(finite)
    claim = f"{infinite.claim}, {infinite.warrant}"
    return compare_by_digits(
        steps=run.steps,
        values=(infinite.excess, truncated.excess),
        required=required_digits(equivalent.tolerance),
        left=Side(name="equivalent, infinite dimension", claim=claim),
        right=Side(name=f"equivalent, dimension {dimension:.0e}", claim=claim),
    )


def _explicit_spectrum(run: Run, equivalent: Equivalent, effort: Effort) -> Comparison:
    size = affordable_size(run, effort.largest_model_size)
    twin = with_model_size(run, size, dimension=affordable_dimension(run, size, effort.largest_dimension))
    problem = twin.run.problem
    listed = Problem(
        spectrum=ExplicitSpectrum(problem.eigenvalues()),
        signal=ExplicitSignal(problem.target()),
        noise=problem.noise,
    )
    law = equivalent.curve(twin.run)
    explicit = equivalent.curve(changed(twin.run, problem=listed))
    claim = f"{law.claim}, {law.warrant}"
    return compare_by_digits(
        steps=run.steps,
        values=(law.excess, explicit.excess),
        required=required_digits(equivalent.tolerance),
        left=Side(name="equivalent, power law", claim=claim),
        right=Side(name="equivalent, eigenvalues listed", claim=claim),
        remarks=twin.remarks,
    )


def _unseen_dimension(problem: Problem) -> int | None:
    """A dimension beyond which trace and signal power lie below 1e-14 of the whole; None where it overflows."""
    spectrum, signal = problem.spectrum, problem.signal
    assert isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal)
    power = math.ceil((_UNSEEN + 1) / (float(min(spectrum.a, signal.b)) - 1))
    return 10**power if power <= _LARGEST_POWER else None
