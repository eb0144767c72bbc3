"""Means of several runs: ensembles over sketches, bagging over data, and runs averaged on one sketch.

Formula: E runs under one schedule, averaged at each step, have 1/E of the risk of one run and 1 - 1/E of the mean
product of two runs' errors. Each member draws its own batches, so that of these only the mean is left in the product:
full-batch descent on the same data, or over fresh samples descent on the population. Source: D70.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskcalc.curve import LastIterate, RiskCurve, Run, checked_run, one_output, plain_optimiser
from riskcalc.equivalent.equivalent import Equivalent
from riskcalc.equivalent.reuse.full_batch import product_of_errors
from riskcalc.equivalent.reuse.setting import setting_of
from riskcalc.errors import InvalidInput
from riskcalc.order import FullBatch
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, Real, held
from riskcalc.spectral.pair import Pair, Product, Variances, share_of_one

_FRESH = 10**23  # samples, which float64 cannot tell from fresh ones
_TOLERANCE = 1e-9
_NAME = "a mean of several runs"
_OTHERS = (Pair(data=False), Pair(sketch=False), Pair(sketch=False, data=False))


def ensemble_risk(run: Run, *, members: NumberLike | None, sketch: str = "own", data: str = "shared") -> RiskCurve:
    """Expected risk of the mean of `members` runs, by the deterministic equivalent.

    Parameters
    ----------
    run : Run
        With data=FullBatch(samples=N), or of one pass.
    members : number or None
        How many runs are averaged, at least 1; None for the limit of many.
    sketch : str, default "own"
        "own" or "shared", of the members.
    data : str, default "shared"
        "own" or "shared", of the members; every member draws its own batches, and runs of one pass have samples of
        their own.

    Returns
    -------
    RiskCurve
        Of the averaged predictor, shape (steps,).

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Valid: SGD, last iterates, one output, in float64.

    Source: D70.

    Examples
    --------
    >>> from riskcalc import Constant, FullBatch, PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a="3/2", dimension=300), signal=PowerLawSignal(b=2), noise="1/10")
    >>> data = FullBatch(samples=60)
    >>> run = Run(problem, model_size=40, schedule=Constant("2/5"), steps=[1000], data=data)
    >>> [round(float(ensemble_risk(run, members=members).risk[0]), 4) for members in (1, 4, None)]
    [0.3568, 0.2271, 0.1839]
    """
    problem, pair, share = _checked(run), Pair.read(sketch=sketch, data=data), share_of_one(members)
    if run.data.samples is None and pair.data:
        raise InvalidInput(
            "one pass over samples that members share is not derived: their noise is that of the same samples, seen by "
            "each through its own sketch. Say data='own', or give the run a data set"
        )
    curve = Equivalent(tolerance=_TOLERANCE).curve(run)
    two, unknown = _product(run, pair)
    noise, floor = float(problem.noise), curve.approximation if pair.sketch else 0.0
    bias, variance = _with_itself(curve).merged(two, share).parts(noise=noise, floor=floor)
    excess = floor + bias + variance
    unknown = np.maximum(unknown, _error_of(curve))
    return replace(
        curve,
        excess=excess,
        approximation=floor,
        bias=bias,
        variance=variance,
        training=None,
        decimals=None,
        error=float(np.max(unknown / np.abs(excess))),
        method={**curve.method, "members": None if share == 0 else 1 / share, "sketch": sketch, "data": data},
    )


def descent_variances(run: Run) -> Variances[Real]:
    """The excess of full-batch descent at each step, by what it is due to.

    Parameters
    ----------
    run : Run
        With data=FullBatch(samples=N).

    Returns
    -------
    Variances
        Arrays, shape (steps,): bias, and what sketch, data, both together and noise add, with a bound of their error.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Valid: FullBatch(samples=N), SGD.

    Source: D70.

    Examples
    --------
    >>> from riskcalc import Constant, FullBatch, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a="3/2", dimension=300), signal=PowerLawSignal(b=2), noise="1/10")
    >>> data = FullBatch(samples=60)
    >>> found = descent_variances(Run(problem, model_size=40, schedule=Constant("2/5"), steps=[1000], data=data))
    >>> bool(found.noise[0] > 0)
    True
    """
    noise = float(_checked(run).noise)
    if not isinstance(run.data, FullBatch):
        raise InvalidInput(
            "batches that are drawn have a noise of their own, none of these parts: use FullBatch(samples=N), not "
            f"{run.data}"
        )
    curve = Equivalent(tolerance=_TOLERANCE).curve(run)
    (sketch, data, neither), unknown = zip(*(_product(run, pair) for pair in _OTHERS), strict=True)
    one = _with_itself(curve)
    # what is left of the signal is known half as well as the excess, which has a response to noise in it
    error = 2 * (_error_of(curve) + np.sum(unknown, axis=0))
    return Variances(
        bias=neither.unfitted,
        sketch=sketch.unfitted - neither.unfitted,
        data=data.unfitted - neither.unfitted,
        interaction=one.unfitted - sketch.unfitted - data.unfitted + neither.unfitted,
        noise=noise * one.used,
        error=error,
    )


def _checked(run: Run) -> Problem:
    """The problem of a run whose products have been worked out."""
    if not isinstance(checked_run(run).averaging, LastIterate):
        raise InvalidInput(f"{_NAME} is for last iterates, not for averages along each: use LastIterate()")
    return one_output(plain_optimiser(run, method=_NAME), method=_NAME)


def _product(run: Run, pair: Pair) -> tuple[Product[Real], Real]:
    """Of two runs with so much in common and batches of their own, and a bound of its absolute error."""
    setting = setting_of(run, _FRESH if run.data.samples is None else run.data.samples)
    parts, error = product_of_errors(run, setting, pair, tolerance=_TOLERANCE)
    noise, floor = float(run.problem.noise), setting.approximation
    found = _of_parts(floor + parts.bias + parts.variance, parts.variance, noise=noise, floor=floor)
    return found, error * (floor + parts.bias + parts.variance)


def _error_of(curve: RiskCurve) -> Real:
    """Absolute, of the excess."""
    return held(curve.error, "the error") * curve.excess


def _with_itself(curve: RiskCurve) -> Product[Real]:
    variance = held(curve.variance, "the variance")
    return _of_parts(curve.excess, variance, noise=curve.irreducible, floor=curve.approximation)


def _of_parts(excess: Real, variance: Real, *, noise: float, floor: float) -> Product[Real]:
    used = variance / (noise + floor)
    return Product(unfitted=excess - noise * used, used=used)
