"""The floor a curve is known to approach, from what the curve itself says."""

from __future__ import annotations

from riskcalc.curve import RiskCurve


def known_floor(curve: RiskCurve) -> tuple[float, str]:
    """The level under the decaying part of the excess risk, and in words where it comes from.

    Formula: (approximation + kappa sigma2) / (1 - kappa) at constant step size, kappa the noise feedback that the
    road states; the approximation otherwise.
    Source: D01 (the excess at t = oo); valid inside the window t << M^a too, where kappa has been collected.
    """
    kappa = curve.method.get("kappa")
    if curve.asked.constant_step and isinstance(kappa, float) and 0 <= kappa < 1:
        level = (curve.approximation + kappa * curve.irreducible) / (1 - kappa)
        return level, f"limit of a constant step size, (approximation + kappa sigma2)/(1 - kappa), kappa = {kappa:.6g}"
    return float(curve.approximation), "approximation of the curve"
