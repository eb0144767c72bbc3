"""The verb of the quadratic parameterisation: a run, where it starts, and a way, give its excess."""

from __future__ import annotations

from riskcalc.curve import LastIterate, Run, checked_run, one_output, plain_descent
from riskcalc.errors import InvalidInput
from riskcalc.quadratic.coordinates import coordinates_of
from riskcalc.quadratic.curve import QuadraticCurve
from riskcalc.quadratic.mean_field import MeanField
from riskcalc.quadratic.sgd import QuadraticSGD
from riskcalc.quantity import NumberLike, number, of_type

_NAME = "the quadratic parameterisation"


def quadratic_risk(
    run: Run, *, start: NumberLike, method: QuadraticSGD | MeanField | None = None
) -> QuadraticCurve:
    """The excess of one-pass SGD on v with f(x) = <x, v*v>, by simulated runs or by the mean-field chain.

    Parameters
    ----------
    run : Run
        Model_size M are the first M coordinates of x themselves, no sketch.
    start : number
        w_j = v_j^2 > 0 at step 0, of every coordinate; the target is |w*_j|.
    method : QuadraticSGD or MeanField or None, default None
        QuadraticSGD() if none is given, or MeanField().

    Returns
    -------
    QuadraticCurve
        The median excess with an interval, shape (steps,), how many runs were lost, and the mean of the others with
        its standard error; of the chain its mean.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: SGD on fresh Gaussian samples, last iterate, one output. Nothing of it is a formula: see `exponents`, whose
    parameterisation may be "quadratic", and `quadratic_stationary` for those.

    Source: D71; Ding, Zhang, Zhao, Fang (arXiv 2502.09106), without the negative half of v.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a="3/2"), signal=PowerLawSignal(b="5/2"), noise="1/10")
    >>> run = Run(problem, model_size=20, schedule=Constant("1/20"), steps=[0, 300])
    >>> curve = quadratic_risk(run, start="1/10", method=QuadraticSGD(runs=40))
    >>> curve.lost, bool(curve.excess[1] < 0.2 * curve.excess[0])
    ((0, 0), True)
    """
    problem = one_output(plain_descent(checked_run(run), method=_NAME), method=_NAME)
    if not isinstance(run.averaging, LastIterate):
        raise InvalidInput(f"{_NAME} is simulated for the last iterate, not for averages: use LastIterate()")
    begin = number(start, "start")
    if begin <= 0:
        raise InvalidInput(f"start must be positive, not {start}: a coordinate at zero never moves")
    ways = "QuadraticSGD(...) or MeanField(...)"
    way = QuadraticSGD() if method is None else of_type(method, QuadraticSGD | MeanField, "method", ways)
    found: QuadraticCurve = way.simulate(run, coordinates_of(problem, run.model_size), start=float(begin))
    return found
