"""Curves of several outputs added up to the curve of their total risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from riskcalc.curve.escalation import escalations
from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.run import Run
from riskcalc.errors import ConsistencyError
from riskcalc.problem import Problem
from riskcalc.quantity import Real, held

_EPS = float(np.finfo(np.float64).eps)


def one_run_a_law(run: Run) -> tuple[Run, ...]:
    """The run itself where one scalar problem has its risk, else a run for each law that its outputs follow.

    Valid for roads that average over the sketch: their risk is linear in signal power and noise (D29).
    """
    if isinstance(run.problem, Problem):
        return (run,)
    pooled = run.problem.pooled()
    return (run,) if len(pooled) == 1 else tuple(replace(run, problem=problem) for problem in pooled)


def output_runs(run: Run) -> tuple[Run, ...]:
    """A run for each distinct output: the same features, samples and schedule, one scalar problem."""
    if isinstance(run.problem, Problem):
        return (run,)
    return tuple(replace(run, problem=problem) for problem in run.problem.problems)


def sum_of_curves(run: Run, curves: Sequence[RiskCurve], counts: Sequence[int] | None = None) -> RiskCurve:
    """The curve of the total risk; counts: how many outputs have each curve.

    Deterministic curves only. The relative error of a sum of positive numbers is at most the largest of theirs, and the
    rounding of the sum.
    """
    first = curves[0]
    kept = {name: value for name, value in first.method.items() if name != "escalated"}
    if any(curve.standard_error is not None or curve.radius is not None for curve in curves):
        raise ConsistencyError("sampled and certified curves are not added up: their errors are not independent")
    weights = np.ones(len(curves)) if counts is None else np.array([float(count) for count in counts])

    def total(name: str) -> Real | None:
        values = [getattr(curve, name) for curve in curves]
        return None if any(value is None for value in values) else weights @ np.stack(values)

    excess = held(total("excess"), "the excess")
    error = largest_error(curves)
    return RiskCurve(
        steps=run.steps,
        excess=excess,
        bias=total("bias"),
        variance=total("variance"),
        training=total("training"),
        irreducible=float(weights @ [curve.irreducible for curve in curves]),
        approximation=float(weights @ [curve.approximation for curve in curves]),
        claim=first.claim,
        warrant=first.warrant,
        error=None if error is None else error + _EPS * len(curves),
        asked=run.question,
        method={**kept, **escalations(curves)},
    )


def largest_error(curves: Sequence[RiskCurve]) -> float | None:
    """The largest of the errors stated; None where one of the curves states none."""
    errors = [curve.error for curve in curves if curve.error is not None]
    return max(errors) if len(errors) == len(curves) else None
