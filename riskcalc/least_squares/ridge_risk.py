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

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features; any real one for the equivalent.
    samples : number
        n; any real one for the equivalent.
    ridge : number, default 0
        Zero is the ridgeless fit, the limit of a vanishing ridge on both sides of M = n.
    method : method or None, default None
        The deterministic equivalent if none is given, or LeastSquaresSimulation(runs=..., seed=...). See
        LeastSquares for the formula.

    Returns
    -------
    LeastSquaresRisk
        The risk and its parts, each one number in units of the labels squared.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: ridge >= 0; M and n >= 1, M also at or above the number of positive eigenvalues; without a ridge n may not
    be the smaller of the two.

    Source: D34.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> [round(ridge_risk(problem, model_size=m, samples=100).excess, 3) for m in (20, 90, 99, 101, 200, 10**6)]
    [0.397, 9.271, 101.467, 103.457, 2.039, 1.015]
    """
    ways = "LeastSquaresEquivalent() or LeastSquaresSimulation()"
    way: Way = LeastSquaresEquivalent() if method is None else of_type(method, Way, "method", ways)
    given: dict[str, Any] = {"model_size": model_size, "samples": samples, "ridge": ridge}
    return way.risk(LeastSquares(problem=problem, **given))
