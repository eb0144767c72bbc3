"""Forcing and kernel as contour integrals in the u-plane, and the modes a contour gives."""

from __future__ import annotations

from typing import Any

import sympy
from sympy import Expr, I, pi

from riskcalc.formula import letters as L
from riskcalc.formula.dispersion import d1, dispersion, dispersion_slope, signal_resolvent
from riskcalc.formula.recursion import step_factor


class ContourIntegral(Expr):  # type: ignore[misc]
    """A counterclockwise integral around the spectrum in the u-plane, unevaluated: it prints, nothing more.

    Valid: the contour encloses [-1, 0] and crosses the positive axis between 0 and the floor u0.
    Source: derivation D02.
    """

    is_commutative = True

    def __new__(cls, integrand: Any, u: Any = L.u) -> ContourIntegral:
        made: ContourIntegral = Expr.__new__(cls, sympy.sympify(integrand, strict=True), u)
        return made

    @property
    def integrand(self) -> Expr:
        """What is integrated over u."""
        return self.args[0]

    def _latex(self, printer: Any) -> str:
        return rf"\oint {printer._print(self.args[0])} \, d{printer._print(self.args[1])}"


def forcing_integrand(u: Any = L.u) -> Expr:
    """F(t) = approximation + contour integral of this: -Phi(u) q(z(u))^t z'(u)/(2 pi i).

    Source: derivation D02.
    """
    return -signal_resolvent(u) * step_factor(dispersion(u)) ** L.t * dispersion_slope(u) / (2 * pi * I)


def kernel_integrand(u: Any = L.u) -> Expr:
    """K(t) = contour integral of this: -(gamma^2/B) z d1(u) q(z(u))^t z'(u)/(2 pi i).

    Source: derivation D02.
    """
    weight = dispersion(u) * d1(u) * step_factor(dispersion(u)) ** L.t * dispersion_slope(u)
    return -(L.gamma**2) / L.B * weight / (2 * pi * I)


def signal_weight(u: Any = L.u) -> Expr:
    """Weight f_n of the mode at node u_n with quadrature step du: -Phi z' du/(2 pi i).

    Source: derivation D02.
    """
    return -signal_resolvent(u) * dispersion_slope(u) * L.du / (2 * pi * I)


def kernel_weight(u: Any = L.u) -> Expr:
    """Weight k_n of the mode at node u_n with quadrature step du: -z d1 z' du/(2 pi i).

    Source: derivation D02.
    """
    return -dispersion(u) * d1(u) * dispersion_slope(u) * L.du / (2 * pi * I)
