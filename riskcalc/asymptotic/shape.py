"""What the leading-order theory needs to know of a schedule: its clock and how it ends.

Read off the formula of the schedule itself, in SymPy and for a long horizon: N drops out, and the profile is left.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sympy
from sympy import Expr, Integer, Rational, oo

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, exact, number, of_type
from riskcalc.schedule import (
    Constant,
    Cosine,
    Ending,
    Formula,
    Geometric,
    Polynomial,
    Schedule,
    WarmupStableDecay,
)

_R = sympy.Symbol("r", positive=True)
_N = sympy.Symbol("N", positive=True)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """gamma_s = gamma * profile(r) with r = 1 - s/N the remaining fraction.

    clock: sum gamma_s / (gamma N), the intrinsic time. end_power: profile ~ end_scale r^end_power as r tends
    to 0; oo for the geometric schedule, whose letter t is the effective length N_eff = N/log2(N). profile:
    None where only orders, not constants, are derived for the noise. kinks: where its pieces meet, ascending.
    """

    name: str
    end_power: Expr
    clock: Expr
    end_scale: Expr = sympy.S.One
    profile: Expr | None = None
    kinks: tuple[Expr, ...] = ()

    @property
    def remaining(self) -> sympy.Symbol:
        """The letter of the profile."""
        return _R

    @property
    def constant(self) -> bool:
        """Whether the step size never moves."""
        return self.profile == 1

    @property
    def effective_steps(self) -> bool:
        """Whether the letter t stands for n/log2(n) of n steps, the time between two halvings, and not for n."""
        return bool(self.end_power == oo)

    @property
    def power_of_what_remains(self) -> bool:
        """Whether the profile is r^end_power from the first step to the last."""
        return bool(self.profile == _R**self.end_power)

    @property
    def starts_at_peak(self) -> bool:
        """Whether the first step is as large as any, as it is without a warmup."""
        return self.profile is None or self.profile.subs(_R, 1) == 1

    @property
    def starts_at_zero(self) -> bool:
        """Whether it begins with a ramp from nothing over a share of the run, as a warm-up without a start does."""
        return self.profile is not None and self.profile.subs(_R, 1) == 0

    def check_early_noise(self, names: Iterable[str]) -> None:
        """Refuse what hangs on the noise that the early bias excites, after a ramp from zero; names: of terms.

        K_pp S is derived for a schedule that begins at its full size; after such a ramp S is smaller by a power of t.
        """
        if self.starts_at_zero and "K_pp" in names:
            raise InvalidInput(
                f"the noise excited by the early bias (K_pp) decides here, and after a warm-up from 0 over a share of "
                f"the run, as in {self.name!r}, its order is not derived: give the warm-up a number of steps, or a "
                "start above 0, or leave it out"
            )


def constant() -> Shape:
    """gamma_s = gamma."""
    return shape_of_formula(Constant(1), name="constant")


def polynomial(power: Expr) -> Shape:
    """gamma_s = gamma (1 - s/N)^power."""
    return shape_of_formula(Polynomial(1, power=power), name="polynomial")


def cosine() -> Shape:
    """gamma_s = gamma (1 + cos(pi s/N))/2, quadratic at its end."""
    return shape_of_formula(Cosine(1), name="cosine")


def warmup_stable_decay(decay: Expr, warmup: Expr = sympy.S.Zero, power: Expr = sympy.S.One) -> Shape:
    """Linear warmup over a fraction, constant, then decay to zero over a fraction, as a power of what remains."""
    return shape_of_formula(WarmupStableDecay(1, decay=decay, warmup=warmup, power=power), name="wsd")


def geometric() -> Shape:
    """gamma_s halves every N_eff = N/log2(N) steps; the letter t stands for N_eff."""
    return shape_of_ending(Geometric(1).long_run(horizon=None), name="geometric")


def shape_of_ending(ending: Ending, *, name: str) -> Shape:
    """The shape of a schedule whose step size falls by equal factors: it ends faster than any power."""
    return Shape(name=name, end_power=oo, clock=Integer(ending.clock))


def shape_of_formula(schedule: Formula, *, name: str) -> Shape:
    """The shape of a schedule that says its formula; of peak step size 1.

    Valid: no parameter a float; the profile ends like a power of r.
    """
    kinks = tuple(_rational(place, "a kink") for place in schedule.kinks())
    places = (Integer(0), *kinks, Integer(1))
    pieces = [schedule.formula(_Symbols(between=(low + high) / 2)) for low, high in pairwise(places)]
    clock = sum(
        (_integral(piece, low, high) for piece, (low, high) in zip(pieces, pairwise(places), strict=True)),
        start=Integer(0),
    )
    end_scale, end_power = sympy.sympify(pieces[0], strict=True).as_leading_term(_R).as_coeff_exponent(_R)
    branches = [(piece, high > _R) for piece, high in zip(pieces, kinks, strict=False)]
    profile = sympy.Piecewise(*branches, (pieces[-1], True)) if branches else pieces[0]
    return Shape(
        name=name if profile != 1 else "constant",
        end_power=end_power,
        clock=clock,
        end_scale=end_scale,
        profile=profile,
        kinks=kinks,
    )


def _integral(piece: Expr, low: Expr, high: Expr) -> Expr:
    """Over r; of what stays as it is without SymPy's integrals, which take longer to load than all else."""
    stays = _R not in sympy.sympify(piece, strict=True).free_symbols
    return piece * (high - low) if stays else sympy.integrate(piece, (_R, low, high))


@dataclass(frozen=True, kw_only=True)
class _Symbols:
    """A moment at which a share r of a long run is left. between: an r by which the branch of the formula is chosen.

    Places are shares of the run. since: from where steps are counted. share_left: r, where it is not one moment.
    """

    between: Expr
    since: Expr = sympy.S.Zero
    share_left: Expr = _R

    @property
    def done(self) -> Expr:
        return (1 - self.since - self.share_left) * _N

    begun = done  # one step more is nothing

    @property
    def left(self) -> Expr:
        return self.share_left * _N

    @property
    def horizon(self) -> Expr:
        return (1 - self.since) * _N

    def number(self, value: Number) -> Expr:
        return _rational(value, "a parameter of the schedule")

    def power(self, base: Expr, exponent: Number) -> Expr:
        return base ** self.number(exponent)

    def sine(self, quarters: Expr) -> Expr:
        return sympy.sin(sympy.pi * quarters / 2)

    def least(self, one: Expr, other: Expr) -> Expr:
        first, second = (sympy.sympify(value, strict=True).subs(_R, self.between) for value in (one, other))
        return one if first <= second else other

    def share(self, fraction: Number) -> Expr:
        return self.number(fraction) * (1 - self.since)

    def whole(self, fraction: Number) -> Expr:
        return self.share(fraction)

    def steps(self, place: Expr) -> Expr:
        return place * _N

    def split(self, place: Expr, before: Callable[[Any], Expr], after: Callable[[Any], Expr]) -> Expr:
        return before(self) if 1 - self.between < self.since + place else after(self)

    def later(self, place: Expr) -> _Symbols:
        return dataclasses.replace(self, since=self.since + place)

    def first(self) -> _Symbols:
        start = 1 - self.since
        return dataclasses.replace(self, between=start, share_left=start)

    def of(self, schedule: Schedule) -> Expr:
        return of_type(schedule, Formula, "what follows a warm-up", "a schedule with a formula").formula(self)


def _rational(value: object, name: str) -> Expr:
    read = exact(number(value, name), name)
    return Rational(read.numerator, read.denominator)
