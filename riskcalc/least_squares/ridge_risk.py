"""The verb of least squares: a problem, a number of features and of samples, and a way, give the expected risk."""

from __future__ import annotations

from typing import Any

from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.equivalent import LeastSquaresEquivalent
from riskcalc.least_squares.least_squares import LeastSquares, Way
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, of_type


def ridge_risk(
    problem: Problem, *, model_size: NumberLike, samples: NumberLike, ridge: NumberLike = 0, method: Way | None = None
) -> LeastSquaresRisk:
    """Expected risk of least squares with `model_size` random features on `samples` samples, by `method`.

    ridge: zero is the ridgeless fit, the limit of a vanishing ridge on both sides of M = n. method: the deterministic
    equivalent if none is given, or LeastSquaresSimulation(runs=..., seed=...). See LeastSquares for the formula.
    Source: D34.

    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> [round(ridge_risk(problem, model_size=m, samples=100).excess, 3) for m in (20, 90, 99, 101, 200, 10**6)]
    [0.397, 9.271, 101.467, 103.457, 2.039, 1.015]
    """
    ways = "LeastSquaresEquivalent() or LeastSquaresSimulation()"
    way: Way = LeastSquaresEquivalent() if method is None else of_type(method, Way, "method", ways)
    given: dict[str, Any] = {"model_size": model_size, "samples": samples, "ridge": ridge}
    return way.risk(LeastSquares(problem=problem, **given))
