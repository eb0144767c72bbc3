"""What float64 cannot tell to the tolerance asked, told by the same road with more digits. Source: D37."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from riskcalc.curve.full_precision import full_precision
from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.errors import InvalidInput, ToleranceNotMet, UnstableRun

_LEAST = 17  # digits: enough for the nearest float
_FINEST = 300  # log10 of 1/tolerance: floats that name a tolerance end there
_LOOSEST = 0.1  # of the tolerances that are named as a way out
_EPS = float(np.finfo(np.float64).eps)


def escalated(
    failure: ToleranceNotMet,
    longer: Callable[[], RiskCurve],
    precise: Callable[[int], RiskCurve],
    *,
    tolerance: float,
) -> RiskCurve:
    """The curve in `longer()` floats or of `precise(digits)`; raises with both reasons where all fails.

    Its `method` says why it was asked. Floats hold what a tolerance above their own rounding asks for; below it the
    decimals are kept beside them.
    """
    if tolerance >= _EPS:
        with suppress(InvalidInput, ToleranceNotMet, UnstableRun):
            return _told(_in_floats(longer()), failure, tolerance)
    digits = max(_LEAST, math.ceil(-math.log10(tolerance)) + 1)
    try:
        curve = precise(digits)
    except (InvalidInput, ToleranceNotMet, UnstableRun) as second:
        reason = f"{failure}; and more digits do not answer: {second}{_answered(failure.known)}"
        raise ToleranceNotMet(reason, known=failure.known) from second
    if tolerance >= _EPS:
        curve = replace(_in_floats(curve), decimals=None, error=max(_EPS, curve.error or 0.0))
    return _told(curve, failure, tolerance)


def _in_floats(curve: RiskCurve) -> RiskCurve:
    """Below the floats of full precision there is 0: the digits that are known do not fit there."""
    bias, variance = (None if part is None else full_precision(part) for part in (curve.bias, curve.variance))
    return replace(curve, excess=full_precision(curve.excess), bias=bias, variance=variance)


def _answered(known: float | None) -> str:
    """Which tolerance float64 would state: the power of ten above what it knows."""
    if known is None or not 0 < known < _LOOSEST:
        return ""
    return f"; with a tolerance of {10.0 ** math.ceil(math.log10(known)):.0e} float64 answers"


def _told(curve: RiskCurve, failure: ToleranceNotMet, tolerance: float) -> RiskCurve:
    return replace(curve, method={**curve.method, "tolerance": tolerance, "escalated": str(failure)})


def escalations(curves: Sequence[RiskCurve]) -> dict[str, Any]:
    """What the `method` of a curve made of several says of those that were computed with more digits."""
    why = [curve.method["escalated"] for curve in curves if "escalated" in curve.method]
    return {"escalated": f"{len(why)} of {len(curves)} curves: {why[0]}"} if why else {}


def check_tolerance(tolerance: float) -> None:
    """Refuse what no road could be asked for."""
    if not 10.0**-_FINEST <= tolerance < 1:
        raise InvalidInput(
            f"tolerance must be at least 1e-{_FINEST} and below 1, not {tolerance}: ask for digits=... to know more"
        )
