"""One curve of several sketches: their mean, the mean of those that are stable, or their median. Source: D54.

Where one of them is past its limit of stability, its excess grows without bound, and so does the mean; the median does
not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.curve.escalation import escalations
from riskcalc.curve.floor import mean_of_limits
from riskcalc.curve.sum import largest_error
from riskcalc.errors import Interrupted, InvalidInput, UnstableRun
from riskcalc.progress import progress
from riskcalc.quantity import Real

Drawn = TypeVar("Drawn")  # a sketch, or a sketch and what is drawn with it

COMBINED = ("mean", "stable", "median")
_NAMED = 10  # sketches that an error names


def over_sketches(
    run: Run,
    sketches: Iterable[Drawn],
    given: Callable[[Drawn, bool], RiskCurve],
    *,
    combine: str,
    force: bool,
    described: dict[str, Any],
) -> RiskCurve:
    """The curve of all of them. given: that of one sketch, and whether it is let through where it is unstable.

    force: lets the mean be infinite in long runs; the two other ways need no force.
    """
    curves: list[RiskCurve] = []
    past: dict[int, UnstableRun] = {}
    let = force and combine == "mean"
    many, place = described["sketches"], 0
    try:
        with progress(many, "sketches") as more:
            for place, sketch in enumerate(sketches):
                try:
                    curves.append(given(sketch, let))
                except UnstableRun as unstable:
                    past[place] = unstable
                    if combine == "median":
                        curves.append(given(sketch, True))
                more(1)
    except KeyboardInterrupt:
        if len(curves) < 2 or (past and combine == "mean"):
            raise
        some = _combined(run, curves, past, combine, described | {"sketches": place})
        raise Interrupted(f"interrupted: {place} of {many} sketches are finished", partial=some) from None
    if past and combine == "mean":
        limits = [unstable.largest for unstable in past.values() if unstable.largest is not None]
        raise UnstableRun(
            _refusal(past, len(curves) + len(past), described["sketch"]), largest=min(limits, default=None)
        )
    if combine == "stable" and len(curves) < 2:
        raise InvalidInput(
            f"{len(past)} of {len(curves) + len(past)} sketches are past their limit of stability: an average over "
            "those that are not needs two at least; use a smaller step size, or more sketches"
        )
    return _combined(run, curves, past, combine, described)


def _combined(
    run: Run, curves: list[RiskCurve], past: dict[int, UnstableRun], combine: str, described: dict[str, Any]
) -> RiskCurve:
    if combine != "mean":
        described = described | {"combine": combine, "past_limit": sorted(past)}
    return (_median if combine == "median" else _mean)(run, curves, described)


def _mean(run: Run, curves: list[RiskCurve], described: dict[str, Any]) -> RiskCurve:
    stable = described.get("combine") == "stable"
    excess = np.stack([curve.excess for curve in curves])
    parts = [(curve.bias, curve.variance) for curve in curves if curve.bias is not None]
    training = [curve.training for curve in curves if curve.training is not None]
    return RiskCurve(
        steps=run.steps,
        excess=excess.mean(axis=0),
        bias=np.mean(np.array([bias for bias, _ in parts]), axis=0),
        variance=np.mean(np.array([variance for _, variance in parts]), axis=0),
        standard_error=_standard_error(excess),
        training=np.mean(np.array(training), axis=0) if training else None,
        irreducible=float(run.problem.noise),
        approximation=float(np.mean([curve.approximation for curve in curves])),
        claim=Claim.AVERAGED_OVER_STABLE_SKETCHES if stable else Claim.AVERAGED_OVER_SKETCHES,
        warrant=Warrant.SAMPLED,
        error=largest_error(curves),
        asked=run.question,
        method=described | _kappas(curves) | mean_of_limits(curves),
    )


def _standard_error(excess: Real) -> Real:
    """Of the mean over sketches; infinite where the mean is."""
    grown = ~np.isfinite(excess).all(axis=0)
    with np.errstate(over="ignore"):  # of squares, which leave floats first
        scatter = np.where(grown, 0.0, excess).std(axis=0, ddof=1) / np.sqrt(len(excess))
    return np.where(grown, np.inf, scatter)


def _median(run: Run, curves: list[RiskCurve], described: dict[str, Any]) -> RiskCurve:
    """Step by step; its standard error from the order statistics one standard deviation of their number to each side.

    Medians of bias and variance do not add up to that of the excess, and are left out.
    """
    excess = np.sort(np.stack([curve.excess for curve in curves]), axis=0)
    aside = np.sqrt(len(curves)) / 2
    low = int(max(0, np.floor((len(curves) - 1) / 2 - aside)))
    high = int(min(len(curves) - 1, np.ceil((len(curves) - 1) / 2 + aside)))
    return RiskCurve(
        steps=run.steps,
        excess=np.median(excess, axis=0),
        standard_error=(excess[high] - excess[low]) / 2,
        irreducible=float(run.problem.noise),
        approximation=float(np.median([curve.approximation for curve in curves])),
        claim=Claim.MEDIAN_OVER_SKETCHES,
        warrant=Warrant.SAMPLED,
        error=largest_error(curves),
        asked=run.question,
        method=described | _kappas(curves),
    )


def _kappas(curves: list[RiskCurve]) -> dict[str, Any]:
    return escalations(curves) | {"kappa": max(curve.method["kappa"] for curve in curves)}


def _refusal(past: dict[int, UnstableRun], count: int, origin: str) -> str:
    named = ", ".join(str(place) for place in sorted(past)[:_NAMED]) + (", ..." if len(past) > _NAMED else "")
    are, numbers = ("is", "number") if len(past) == 1 else ("are", "numbers")
    first = min(past)
    return (
        f"{len(past)} of {count} sketches {are} past the limit of stability ({origin}, {numbers} {named} counted from "
        f"0), so their average is infinite in long runs. Number {first}: {past[first]}; or ask for combine='median', "
        "or for combine='stable', the average without them (--combine at the command line)"
    )
