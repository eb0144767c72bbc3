"""Generating functions in zeta = e^-p at constant step size: from modes, and from two resolvents."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Sum, sqrt

from riskcalc.formula import letters as L
from riskcalc.formula.dispersion import d1, signal_resolvent


def mode_denominator(z: Any = L.z) -> Expr:
    """D = 1 - zeta q(z), written without cancellation at zeta near 1.

    Source: derivation D03.
    """
    return (1 - L.zeta) + L.zeta * (2 * L.gamma * z - L.gamma**2 * (1 + 1 / L.B) * z**2)


def forcing_transform() -> Expr:
    """X(zeta) = sum_n x_n/D_n.

    Source: derivation D03.
    """
    return Sum(L.x_n[L.n] / mode_denominator(L.z_n[L.n]), (L.n, 1, L.modes))


def kernel_transform() -> Expr:
    """K(zeta) = (gamma^2/B) sum_n k_n/D_n.

    Source: derivation D03.
    """
    return L.gamma**2 / L.B * Sum(L.k_n[L.n] / mode_denominator(L.z_n[L.n]), (L.n, 1, L.modes))


def bias_transform() -> Expr:
    """Generating function of the bias, X/(1 - zeta K).

    Source: derivation D03.
    """
    return L.X / (1 - L.zeta * L.K)


def variance_transform() -> Expr:
    """Generating function of the variance, zeta K (sigma2 + approximation)/((1-zeta)(1 - zeta K)).

    Source: derivation D03.
    """
    return L.zeta * L.K * (L.sigma2 + L.approximation) / ((1 - L.zeta) * (1 - L.zeta * L.K))


def excess_transform() -> Expr:
    """Generating function of the excess, approximation + bias + variance over one denominator.

    Source: derivation D03.
    """
    numerator = L.approximation / (1 - L.zeta) + L.X + L.sigma2 * L.zeta * L.K / (1 - L.zeta)
    return numerator / (1 - L.zeta * L.K)


def stage_transform(x: Any = L.x, z: Any = L.z, k: Any = L.k) -> Expr:
    """Generating function of one mode's state; its coefficient at zeta^T is x_n(T).

    Source: derivation D03.
    """
    feed = L.gamma**2 / L.B * k * L.zeta * (L.E_hat + L.sigma2 / (1 - L.zeta))
    return (x + feed) / mode_denominator(z)


def curvature() -> Expr:
    """c in 1 - zeta q(x) = -c (x - x1)(x - x2): c = zeta gamma^2 (1 + 1/B).

    Source: derivation D03.
    """
    return L.zeta * L.gamma**2 * (1 + 1 / L.B)


def near_root() -> Expr:
    """x1, the root of 1 - zeta q(x) that tends to 0 with 1 - zeta.

    Source: derivation D03.
    """
    return -2 * (1 - L.zeta) / (2 * L.gamma * L.zeta + _discriminant_root())


def far_root() -> Expr:
    """x2, the other root of 1 - zeta q(x).

    Source: derivation D03.
    """
    return (2 * L.gamma * L.zeta + _discriminant_root()) / (2 * curvature())


def forcing_from_resolvents(u1: Any = L.u1, u2: Any = L.u2) -> Expr:
    """Generating function of F, floor included, where z(u_i) = x_i.

    Source: derivation D03.
    """
    return -(signal_resolvent(u1) - signal_resolvent(u2)) / (curvature() * (L.x1 - L.x2))


def kernel_from_resolvents(u1: Any = L.u1, u2: Any = L.u2) -> Expr:
    """Generating function of K, where z(u_i) = x_i.

    Source: derivation D03.
    """
    return -(L.gamma**2) / L.B * (L.x1 * d1(u1) - L.x2 * d1(u2)) / (curvature() * (L.x1 - L.x2))


def _discriminant_root() -> Expr:
    return sqrt((2 * L.gamma * L.zeta) ** 2 + 4 * curvature() * (1 - L.zeta))
