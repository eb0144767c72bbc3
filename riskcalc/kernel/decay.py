"""The exponents a and b of a kernel and a target, derived from where and how each of them is not smooth."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from riskcalc.errors import InvalidInput
from riskcalc.kernel.piecewise import PiecewisePolynomial


@dataclass(frozen=True, kw_only=True)
class Decay:
    """lambda_j ~ j^-a, and signal power c_j^2 ~ j^-b: on average over neighbouring j, and over equal eigenvalues.

    derivative: the order of the lowest derivative of the target whose jumps the eigenfunctions see.
    """

    a: Fraction
    b: Fraction
    derivative: int


def leading_jump(profile: PiecewisePolynomial, parity: int) -> int:
    """The lowest order with a jump strictly between the poles, in the part of the profile that has this parity."""
    for order in range(profile.degree + 1):
        jumps = profile.jumps(order)
        for at in profile.ends[1:-1]:
            mirrored = -((-1) ** order) * jumps.get(-at, Fraction(0))  # of profile(-t)
            if jumps.get(at, Fraction(0)) + parity * mirrored != 0:
                return order
    raise InvalidInput(
        "the part of the target that this kernel can see is a polynomial on the sphere: it has finitely many "
        "coefficients, and no exponent b"
    )
