"""Two ridges on the same features and samples: the mean product of the errors of both fits.

Formula: with kappa_i = u_i (1 - d1(u_i)/M), psi_i = u_i sig(u_i) and ridge lambda_i = kappa_i (1 - d1(u_i)/n),
    E (y - f_1)(y - f_2) = [kappa_1 (sigma2 + psi_2) - kappa_2 (sigma2 + psi_1)]/(lambda_1 - lambda_2),
on fresh samples. Where both ridges are one this is D34. Everything that is linear in the labels of one data set is made
of it: gradient descent (D56), and any mean of ridge fits. Source: D55.
"""

from __future__ import annotations

from riskcalc.curve import Claim, Question, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.equivalent import LeastSquaresEquivalent, State, solved
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, NumbersLike, listed, number

_CLOSE = 1e-6  # ridges closer than that, relative: the product is that of the ridge between, to 1e-12


def two_ridges(
    problem: Problem, *, model_size: NumberLike, samples: NumberLike, ridges: NumbersLike
) -> LeastSquaresRisk:
    """Mean product of the errors of two ridge fits with `model_size` random features on the same `samples` samples.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features, any real one.
    samples : number
        n, any real one.
    ridges : number or sequence of numbers
        Two numbers, at least 0. The parts are those of the product; it is a risk where both ridges are one.

    Returns
    -------
    LeastSquaresRisk
        The mean product of the two errors and its parts.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: ridges >= 0; M and n >= 1, M also at or above the number of positive eigenvalues; without a ridge n may not
    be the smaller of the two.

    Source: D55.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> fits = {"model_size": 60, "samples": 80}
    >>> [round(two_ridges(problem, ridges=pair, **fits).risk, 4) for pair in (("1e-3", "1e-3"), ("1e-3", "1"))]
    [1.3733, 1.0961]
    """
    asked = [number(ridge, "ridges") for ridge in listed(ridges, "ridges", "ridges")]
    if len(asked) != 2:
        raise InvalidInput(f"ridges must be two numbers, not {len(asked)}")
    fits = [LeastSquares(problem=problem, model_size=model_size, samples=samples, ridge=ridge) for ridge in asked]
    small, large = sorted(asked)
    if large - small <= _CLOSE * large:
        middle = LeastSquares(problem=problem, model_size=model_size, samples=samples, ridge=(small + large) / 2)
        return LeastSquaresEquivalent().risk(middle)
    (approximation, one), (_, other) = (solved(fit) for fit in fits)
    apart = float(asked[0] - asked[1])
    noise = float(fits[0].problem.noise)
    used = (one.excess - other.excess) / apart
    bias = _unfitted(one, other, approximation) / apart
    variance = (noise + approximation) * used
    return LeastSquaresRisk(
        excess=approximation + bias + variance,
        irreducible=noise,
        approximation=approximation,
        bias=bias,
        variance=variance,
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.COMPUTED,
        asked=Question.of({**fits[0].describe(), "second_ridge": fits[1].describe()["ridge"]}),
        method={"name": "least squares equivalent", "u": [one.u, other.u]},
    )


def _unfitted(one: State, other: State, approximation: float) -> float:
    return one.kappa * (other.left - approximation) - other.kappa * (one.left - approximation)
