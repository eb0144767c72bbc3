"""The floor a curve is known to approach, from what the curve itself says."""

from __future__ import annotations

from riskcalc.curve.risk_curve import RiskCurve

LIMIT = "(approximation + kappa sigma2)/(1 - kappa)"


def known_floor(curve: RiskCurve) -> tuple[float, str]:
    """The level under the decaying part of the excess risk, and in words where it comes from.

    Formula: (approximation + kappa sigma2) / (1 - kappa) at constant step size, kappa the noise feedback that the
    road states; the approximation otherwise.
    Source: D01 (the excess at t = oo); valid inside the window t << M^a too, where kappa has been collected.
    """
    limit = limit_of(curve)
    if limit is None:
        return float(curve.approximation), "approximation of the curve"
    return limit, f"limit of a constant step size, {LIMIT}, kappa = {curve.method['kappa']:.6g}"


def limit_of(curve: RiskCurve) -> float | None:
    """Where the excess ends at constant step size; None of any other curve, and where no feedback is stated."""
    kappa = curve.method.get("kappa")
    if not (curve.asked.constant_step and isinstance(kappa, float) and 0 <= kappa < 1):
        return None
    return (curve.approximation + kappa * curve.irreducible) / (1 - kappa)
