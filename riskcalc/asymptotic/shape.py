"""What the leading-order theory needs to know of a schedule: its clock and how it ends."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Rational, oo

_R = sympy.Symbol("r", positive=True)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """gamma_s = gamma * profile(r) with r = 1 - s/N the remaining fraction.

    clock: sum gamma_s / (gamma N), the intrinsic time. end_power: profile ~ end_scale r^end_power as r tends
    to 0; oo for the geometric schedule, whose letter t is the effective length N_eff = N/log2(N). profile:
    None where only orders, not constants, are derived for the noise.
    """

    name: str
    end_power: Expr
    clock: Expr
    end_scale: Expr = sympy.S.One
    profile: Expr | None = None

    @property
    def remaining(self) -> sympy.Symbol:
        """The letter of the profile."""
        return _R


def constant() -> Shape:
    """gamma_s = gamma."""
    return Shape(name="constant", end_power=Integer(0), clock=Integer(1), profile=Integer(1))


def polynomial(power: Expr) -> Shape:
    """gamma_s = gamma (1 - s/N)^power."""
    return Shape(name="polynomial", end_power=power, clock=1 / (power + 1), profile=_R**power)


def cosine() -> Shape:
    """gamma_s = gamma (1 + cos(pi s/N))/2, quadratic at its end."""
    profile = (1 - sympy.cos(sympy.pi * _R)) / 2
    scale = sympy.pi**2 / 4
    return Shape(name="cosine", end_power=Integer(2), clock=Rational(1, 2), end_scale=scale, profile=profile)


def warmup_stable_decay(decay: Expr, warmup: Expr = sympy.S.Zero, power: Expr = sympy.S.One) -> Shape:
    """Linear warmup over a fraction, constant, then decay to zero over a fraction, as a power of what remains."""
    pieces = [((_R / decay) ** power, decay > _R), (Integer(1), 1 - warmup > _R)]
    pieces.append(((1 - _R) / warmup, True) if warmup != 0 else (Integer(1), True))
    clock = 1 - decay * power / (power + 1) - warmup / 2
    profile = sympy.Piecewise(*pieces)
    return Shape(name="wsd", end_power=power, clock=clock, end_scale=decay**-power, profile=profile)


def geometric() -> Shape:
    """gamma_s halves every N_eff = N/log2(N) steps; the letter t stands for N_eff."""
    return Shape(name="geometric", end_power=oo, clock=Integer(2))
