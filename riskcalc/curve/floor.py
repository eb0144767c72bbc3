"""The floor a curve is known to approach, from what the curve itself says."""

from __future__ import annotations

from collections.abc import Sequence

from riskcalc.curve.risk_curve import RiskCurve

LIMITS = "limit"  # of an average over sketches, among the settings of its road
LIMIT = "(approximation + kappa sigma2)/(1 - kappa)"


_STEADY = "heavy-ball"  # the optimiser besides SGD whose model is where its gradient is taken


def known_floor(curve: RiskCurve) -> tuple[float | None, str]:
    """The level under the decaying part of the excess risk, and in words where it comes from; None where none is known.

    Formula: (approximation + kappa sigma2) / (1 - kappa) at constant step size, kappa the noise feedback that the
    road states; the approximation where the step size moves, or a growing share of the iterates is averaged.
    Valid: not for many passes over a data set, nor for other averages and optimisers at a constant step size, whose
    excess ends elsewhere.
    Source: D01 (the excess at t = oo); valid inside the window t << M^a too, where kappa has been collected.
    """
    limit, asked = limit_of(curve), curve.asked
    if limit is not None:
        kappa = curve.method.get("kappa")
        said = f", kappa = {kappa:.6g}" if isinstance(kappa, float) and LIMITS not in curve.method else ""
        return limit, f"limit of a constant step size, {LIMIT}{said}"
    averaged_out = asked.averaging is not None and asked.averaging.name != "exponential"
    if asked.data is not None or (asked.constant_step and not averaged_out and "kappa" in curve.method):
        return None, ""
    return float(curve.approximation), "approximation of the curve"


def limit_of(curve: RiskCurve) -> float | None:
    """Where the excess ends at constant step size; None of any other curve, and where no feedback is stated.

    Valid: one pass, the last iterate, SGD or heavy ball. Of several sketches it is the mean of their limits, which the
    road states.
    """
    if curve.method.get("sketches", 1) == 1:
        return _of_one(curve)
    stated = curve.method.get(LIMITS)
    return stated if isinstance(stated, float) else None


def _of_one(curve: RiskCurve) -> float | None:
    asked, kappa = curve.asked, curve.method.get("kappa")
    if not asked.constant_step or asked.data is not None or asked.averaging is not None:
        return None
    if asked.optimiser is not None and asked.optimiser.name != _STEADY:
        return None
    if not (isinstance(kappa, float) and 0 <= kappa < 1):
        return None
    return (curve.approximation + kappa * curve.irreducible) / (1 - kappa)


def mean_of_limits(curves: Sequence[RiskCurve]) -> dict[str, float]:
    """What an average over sketches states: the mean of their limits, where each has one."""
    limits = [limit for limit in map(_of_one, curves) if limit is not None]
    return {LIMITS: sum(limits) / len(limits)} if limits and len(limits) == len(curves) else {}
