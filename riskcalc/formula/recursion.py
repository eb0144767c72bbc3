"""One step of the second moments, given the sketch and for modes."""

from __future__ import annotations

from typing import Any

from sympy import Expr

from riskcalc.formula import letters as L


def step_factor(z: Any = L.z) -> Expr:
    """q(z) = 1 - 2 gamma z + gamma^2 (1 + 1/B) z^2: what one step leaves of a squared mode.

    Source: derivation D01.
    """
    return 1 - 2 * L.gamma * z + L.gamma**2 * (1 + 1 / L.B) * z**2


def next_moment(s: Any = L.s, eigenvalue: Any = L.lambda_, excess: Any = L.E) -> Expr:
    """s_i(t+1) = q(l_i) s_i(t) + (gamma^2/B) l_i (E(t) + sigma2), in the eigenbasis of K.

    Source: derivation D01.
    """
    return step_factor(eigenvalue) * s + L.gamma**2 / L.B * eigenvalue * (excess + L.sigma2)


def next_mode(x: Any = L.x, z: Any = L.z, k: Any = L.k, excess: Any = L.E) -> Expr:
    """x_n(t+1) = q(z_n) x_n(t) + (gamma^2/B) k_n (E(t) + sigma2); E = approximation + sum x_n.

    Source: derivation D01.
    """
    return step_factor(z) * x + L.gamma**2 / L.B * k * (excess + L.sigma2)
