"""Ensembles and bagging: ridge fits averaged, each on a sketch or a data set of its own.

Formula: with second = sum h (u/(lambda + u))^2 and Q, e of D34, the mean products of two fits' errors are
    (Q + sigma2)/(1 - e/n)          one sketch, one data set: the risk of a fit
    (second + sigma2)/(1 - d2/n)    two sketches, one data set
    Q + sigma2                      one sketch, two data sets
    second + sigma2                 neither in common.
Source: D70.
"""

from __future__ import annotations

from dataclasses import replace

from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.equivalent import LeastSquaresEquivalent, State, solved
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike
from riskcalc.spectral.pair import ONE_FIT, Pair, Product, Variances, share_of_one


def ensemble_ridge(
    problem: Problem,
    *,
    model_size: NumberLike,
    samples: NumberLike,
    ridge: NumberLike = 0,
    members: NumberLike | None,
    sketch: str = "own",
    data: str = "shared",
) -> LeastSquaresRisk:
    """Expected risk of the mean of `members` ridge fits, by the deterministic equivalent.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features.
    samples : number
        n, of each data set.
    ridge : number, default 0
        At least 0.
    members : number or None
        How many fits are averaged, at least 1; None for the limit of many.
    sketch : str, default "own"
        "own" or "shared", of the members.
    data : str, default "shared"
        "own" or "shared", of the members.

    Returns
    -------
    LeastSquaresRisk
        Of the averaged predictor.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: as for `ridge_risk`.

    Source: D70.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a="3/2", dimension=300), signal=PowerLawSignal(b=2), noise="1/10")
    >>> fits = {"model_size": 40, "samples": 60, "ridge": "1/100"}
    >>> [round(ensemble_ridge(problem, members=members, **fits).risk, 4) for members in (1, 4, None)]
    [0.2794, 0.2212, 0.2017]
    """
    asked = LeastSquares(problem=problem, model_size=model_size, samples=samples, ridge=ridge)
    pair, share = Pair.read(sketch=sketch, data=data), share_of_one(members)
    one = LeastSquaresEquivalent().risk(asked)
    floor, state = solved(asked)
    floor, noise = floor if pair.sketch else 0.0, one.irreducible
    found = _product(state, ONE_FIT, floor).merged(_product(state, pair, floor), share)
    bias, variance = found.unfitted, (noise + floor) * found.used
    return replace(
        one,
        excess=floor + bias + variance,
        approximation=floor,
        bias=bias,
        variance=variance,
        training=None,
        method={**one.method, "members": None if share == 0 else 1 / share, "sketch": sketch, "data": data},
    )


def ridge_variances(
    problem: Problem, *, model_size: NumberLike, samples: NumberLike, ridge: NumberLike = 0
) -> Variances[float]:
    """The excess of one ridge fit by what it is due to.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features.
    samples : number
        n.
    ridge : number, default 0
        At least 0.

    Returns
    -------
    Variances
        Numbers: bias, and what sketch, data, both together and noise add.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: as for `ridge_risk`.

    Source: D70.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a="3/2", dimension=300), signal=PowerLawSignal(b=2), noise="1/10")
    >>> found = ridge_variances(problem, model_size=40, samples=60, ridge="1/100")
    >>> print(*(f"{part:.4f}" for part in (found.bias, found.sketch, found.data, found.interaction, found.noise)))
    0.0759 0.0446 0.0112 0.0210 0.0267
    """
    asked = LeastSquares(problem=problem, model_size=model_size, samples=samples, ridge=ridge)
    _, state = solved(asked)
    # differences of the four products, each as a sum of what is positive
    left_of_data = _left_of_data(state)
    sketch = state.mixed * (state.left - state.twice)
    both = state.twice * state.mixed * state.spread + sketch * state.used * left_of_data
    return Variances(
        bias=state.twice,
        sketch=sketch,
        data=state.twice * state.freedom2 / left_of_data,
        interaction=both / left_of_data / state.left_over,
        noise=float(asked.problem.noise) * state.used / state.left_over,
    )


def _product(state: State, pair: Pair, floor: float) -> Product[float]:
    """With what the features cannot express taken for noise: of two sketches that is nothing."""
    signal = state.above(floor) if pair.sketch else state.twice
    if not pair.data:
        return Product(unfitted=signal, used=0.0)
    used, left_over = (
        (state.used, state.left_over) if pair.sketch else (state.freedom2, _left_of_data(state))
    )
    return Product(unfitted=signal / left_over, used=used / left_over)


def _left_of_data(state: State) -> float:
    """1 - d2/n, of what is left of n at d1 and the rest."""
    return state.rest + state.spread
