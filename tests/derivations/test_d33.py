"""D33: coefficients of piecewise polynomials by their jumps."""

from __future__ import annotations

import pytest
import sympy as sp

X = sp.Symbol("x", positive=True)
J = sp.Symbol("j", positive=True, integer=True)
HALF = sp.Rational(1, 2)


def boundary_sum(pieces, omega, quarter):
    """c_j from the jumps; pieces: (left, right, polynomial)."""
    total = sp.Integer(0)
    for left, right, polynomial in pieces:
        for m in range(sp.degree(polynomial, X) + 1 if polynomial.has(X) else 1):
            derivative = sp.diff(polynomial, X, m)
            for at, sign in ((left, 1), (right, -1)):
                jump = sign * derivative.subs(X, at)
                total += -((-1) ** m) * jump * sp.exp(sp.I * omega * at) / (sp.I * omega) ** (m + 1)
    turned = sp.exp(sp.I * quarter * sp.pi / 2) * total
    return sp.sqrt(2) * (turned - sp.conjugate(turned)) / (2 * sp.I)


@pytest.mark.parametrize(
    "omega, quarter",
    [((J - HALF) * sp.pi, 0), (J * sp.pi, 0), (2 * J * sp.pi, 1), (2 * J * sp.pi, 0)],
    ids=["brownian", "bridge", "cosine", "sine"],
)
def test_closed_form(omega, quarter):
    third = sp.Rational(1, 3)
    pieces = [(sp.Integer(0), third, X**2 - 2 * X + 1), (third, sp.Integer(1), sp.Integer(5) + 3 * X)]
    for j in (1, 2, 5):
        frequency = omega.subs(J, j)
        wave = sp.sqrt(2) * sp.sin(frequency * X + quarter * sp.pi / 2)
        integral = sum(
            sp.integrate(sp.expand(polynomial * wave), (X, left, right)) for left, right, polynomial in pieces
        )
        assert abs(sp.N(integral - boundary_sum(pieces, frequency, quarter), 30)) < 1e-25


def test_what_the_boundary_forgives():
    """The leading powers of 1/omega for polynomials on [0, 1] without inner jumps."""
    omega = sp.Symbol("omega", positive=True)

    def leading(polynomial, at_one):
        """at_one: (cos omega, sin omega) as signs for all j alike."""
        c = boundary_sum([(sp.Integer(0), sp.Integer(1), polynomial)], omega, 0)
        c = sp.expand(sp.expand_complex(c)).subs({sp.cos(omega): at_one[0], sp.sin(omega): at_one[1]})
        return -sp.degree(sp.Poly(sp.simplify(c * omega**8), omega), omega) + 8

    brownian, bridge = (0, 1), (-1, 0)
    line, parabola = X, X - X**2 / 2
    assert leading(line, brownian) == 2
    assert leading(parabola, brownian) == 3
    assert leading(line + 1, brownian) == 1
    assert leading(line, bridge) == 1
    assert leading(X * (1 - X), bridge) == 3
