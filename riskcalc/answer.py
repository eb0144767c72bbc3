"""The one verb: a run and a road give a curve, of the total risk or of each output."""

from __future__ import annotations

from collections.abc import Callable

from riskcalc.curve import Method, RiskCurve, Run, checked_run
from riskcalc.curve.sum import output_runs
from riskcalc.equivalent import Equivalent
from riskcalc.numeric.one_at_a_time import undisturbed
from riskcalc.quantity import chosen, of_type


def output_curves(run: Run, *, method: Method | str | None = None, force: bool = False) -> tuple[RiskCurve, ...]:
    """The curve of each distinct output of a run, by the road `method`: their sum, with counts, is the total risk.

    A simulation takes all of them from the same runs. A run with one output has one curve.

    Parameters
    ----------
    run : Run
        A run on MultipleOutputs, or with one output.
    method : Method or str or None, default None
        The road, as for `risk`.
    force : bool, default False
        Answer even where the run is unstable.

    Returns
    -------
    tuple of RiskCurve
        One for each distinct output.

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
    Valid: as the road says of itself; the run is checked before anything is computed.

    Source: D29.

    Examples
    --------
    >>> from riskcalc import Constant, MultipleOutputs, PowerLaw, PowerLawSignal, Run
    >>> problem = MultipleOutputs(spectrum=PowerLaw(a=2), signals=[PowerLawSignal(b=2), PowerLawSignal(b=3)])
    >>> run = Run(problem, model_size=1000, schedule=Constant("3/10"), steps=[1000])
    >>> abs(sum(curve.excess for curve in output_curves(run)) / risk(run).excess - 1) < 1e-9
    array([ True])
    """
    road = _road(run, method)
    own = getattr(road, "output_curves", None)
    if own is not None:
        return undisturbed(lambda: tuple(own(run, force=force)))
    return undisturbed(lambda: tuple(road.curve(each, force=force) for each in output_runs(run)))


def risk(run: Run, *, method: Method | str | None = None, force: bool = False) -> RiskCurve:
    """Expected risk of a run at its recorded steps, by the road `method` (the equivalent if none is given).

    Parameters
    ----------
    run : Run
        What is asked: problem, model size, schedule, steps.
    method : Method or str or None, default None
        The road: Equivalent(), Exact(...), Unsketched(), Asymptotic(...), MonteCarlo(...), FourthMoments(...); or the
        name of one with its defaults, "equivalent", "exact", "unsketched", "asymptotic" or "montecarlo".
    force : bool, default False
        Answer even where the run is unstable.

    Returns
    -------
    RiskCurve
        Risk and its parts at each recorded step, shape (steps,), with what they claim and how well they are known.

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
    Valid: as the road says of itself; the run is checked before anything is computed.

    Source: D01, D02.

    Examples
    --------
    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> print(risk(Run(problem, model_size=1000, schedule=Constant("3/10"), steps=[0, 10, 10_000])).claim)
    deterministic equivalent
    """
    road = _road(run, method)
    return undisturbed(lambda: road.curve(run, force=force))


def read_method(method: object) -> Method:
    """A road, or the one that a word names, with its defaults; the equivalent where none is given.

    >>> read_method("Exact") == read_method(None)
    False
    """
    if isinstance(method, str):
        return _NAMED[chosen(method, "method", _NAMED)]()
    road = Equivalent() if method is None else method
    read: Method = of_type(road, Method, "method", "a road such as Equivalent() or Exact(seed=0)")
    return read


def _road(run: object, method: object) -> Method:
    checked_run(run)
    return read_method(method)


def _monte_carlo() -> Method:
    from riskcalc.simulation import MonteCarlo

    return MonteCarlo()


def _asymptotic() -> Method:
    from riskcalc.asymptotic import Asymptotic

    return Asymptotic()


def _exact() -> Method:
    from riskcalc.exact import Exact

    return Exact(seed=0)


def _unsketched() -> Method:
    from riskcalc.exact import Unsketched

    return Unsketched()


_NAMED: dict[str, Callable[[], Method]] = {  # a road opens its room when it is asked for
    "equivalent": Equivalent,
    "exact": _exact,
    "unsketched": _unsketched,
    "asymptotic": _asymptotic,
    "montecarlo": _monte_carlo,
}
