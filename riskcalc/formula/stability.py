"""When a constant step size is stable, and where the excess risk then settles."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Expr

from riskcalc.formula import letters as L
from riskcalc.formula.dispersion import d1, dispersion


def kernel_mass_of_eigenvalue(eigenvalue: Any = L.lambda_) -> Expr:
    """What one eigenvalue l of K adds to kappa: gamma l/(B (2 - gamma (1 + 1/B) l)).

    Source: derivation D01.
    """
    return L.gamma * eigenvalue / (L.B * (2 - L.gamma * (1 + 1 / L.B) * eigenvalue))


def stability_point() -> Expr:
    """z_* = 2/(gamma (1 + 1/B)): the spectrum must lie below it, or q exceeds 1.

    Source: derivation D02.
    """
    return 2 / (L.gamma * (1 + 1 / L.B))


def stability_equation(u: Any = L.u) -> Eq:
    """z(u_*) = z_*, with u_* on the real axis to the left of the left edge.

    Source: derivation D02.
    """
    return Eq(dispersion(u), stability_point(), evaluate=False)


def kernel_mass(u: Any = L.u) -> Expr:
    """kappa = -d1(u_*)/(B + 1): the sum of K(t) over all steps.

    Source: derivation D02.
    """
    return -d1(u) / (L.B + 1)


def limit_excess() -> Expr:
    """E(oo) = (approximation + kappa sigma2)/(1 - kappa), for kappa < 1.

    Source: derivation D01.
    """
    return (L.approximation + L.kappa * L.sigma2) / (1 - L.kappa)
