"""The deterministic equivalent in the u-plane: three spectral sums and what follows from them."""

from __future__ import annotations

from typing import Any

from sympy import Eq, Expr

from riskcalc.formula import letters as L
from riskcalc.formula.spectral_sum import SpectralSum, power_sum, resolvent_sum


def d1(u: Any = L.u) -> SpectralSum:
    """Degrees of freedom, d1(u) = sum lambda_j/(lambda_j + u).

    Source: derivation D02.
    """
    return resolvent_sum(L.a, 1, L.a, u, L.v)


def d2(u: Any = L.u) -> SpectralSum:
    """Second degrees of freedom, d2(u) = sum lambda_j^2/(lambda_j + u)^2.

    Source: derivation D02.
    """
    return resolvent_sum(2 * L.a, 2, L.a, u, L.v)


def signal_sum(u: Any = L.u) -> SpectralSum:
    """Signal seen at u, sum j^-b/(lambda_j + u).

    Source: derivation D02.
    """
    return resolvent_sum(L.b, 1, L.a, u, L.v)


def companion(u: Any = L.u) -> Expr:
    """m(u) = 1 - d1(u)/M.

    Source: derivation D02.
    """
    return 1 - d1(u) / L.M


def dispersion(u: Any = L.u) -> Expr:
    """z(u) = -u m(u): the self-consistent equation of the resolvent, solved for z.

    Source: derivation D02.
    """
    return -u * companion(u)


def dispersion_slope(u: Any = L.u) -> Expr:
    """dz/du = -1 + d2(u)/M.

    Source: derivation D02.
    """
    return -1 + d2(u) / L.M


def floor_equation(u0: Any = L.u0) -> Eq:
    """d1(u0) = M: where z returns to zero on the positive axis.

    Source: derivation D02.
    """
    return Eq(d1(u0), L.M, evaluate=False)


def edge_equation(u: Any = L.u) -> Eq:
    """d2(u) = M, that is dz/du = 0: the outer edges of the nonzero spectrum.

    Source: derivation D02.
    """
    return Eq(d2(u), L.M, evaluate=False)


def approximation(u0: Any = L.u0) -> Expr:
    """Excess risk of the best model, u0 sum j^-b/(lambda_j + u0) at the floor u0.

    Source: derivation D02.
    """
    return u0 * signal_sum(u0)


def signal_resolvent(u: Any = L.u) -> Expr:
    """Phi(u) = signal_sum(u)/m(u), the resolvent between the signal vector and itself.

    Source: derivation D02.
    """
    return signal_sum(u) / companion(u)


def trace_times_z(u: Any = L.u) -> Expr:
    """z times the trace of the resolvent, d1(u) - v.

    Source: derivation D02.
    """
    return d1(u) - L.v


def initial_excess() -> SpectralSum:
    """Excess risk at step 0, sum j^-b.

    Source: derivation D02.
    """
    return power_sum(L.b, L.v)
