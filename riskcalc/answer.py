"""The one verb: a run and a road give a curve."""

from __future__ import annotations

from riskcalc.curve import Method, RiskCurve, Run
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput


def risk(run: Run, *, method: Method | None = None, force: bool = False) -> RiskCurve:
    """Expected risk of a run at its recorded steps, by the road `method` (the equivalent if none is given).

    force: answer even where the run is unstable. Raises UnstableRun, InvalidInput, ToleranceNotMet.

    >>> from riskcalc import Constant, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    >>> print(risk(Run(problem, model_size=1000, schedule=Constant("3/10"), steps=[0, 10, 10_000])).claim)
    deterministic equivalent
    """
    if not isinstance(run, Run):
        raise InvalidInput(f"the first argument must be a Run(...), not {run!r}")
    road = Equivalent() if method is None else method
    if not hasattr(road, "curve"):
        raise InvalidInput(f"method must be a road such as Equivalent() or Exact(seed=0), not {road!r}")
    return road.curve(run, force=force)
