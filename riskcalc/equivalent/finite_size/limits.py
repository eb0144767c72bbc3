"""How far the stability number of one sketch lies from the equivalent's, and how often a sketch is past its limit.

Formula: kappa_S = -(M + x T_S(x))/(B + 1) at x = 2/(gamma (1 + 1/B)), so its mean moves by -x T1/(B + 1) and its
standard deviation is x Cov(T, T)^(1/2)/(B + 1). Past its limit a sketch is by its first eigenvalue alone, which goes
with the squared length M s ~ chi^2_M of that column: with u for the spectrum without it, tr K (K - x)^-1 =
d1(u) + x u' y/(u (u + y)), y = s lambda_1, reaches -(B + 1) at one y, and the chance is that of a longer column.
Valid: constant step size, SGD. The chance is an estimate: the other columns are taken as they are on average.
Source: D54.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincc

from riskcalc.equivalent.finite_size.points import real_point
from riskcalc.equivalent.known import Known
from riskcalc.equivalent.stability import place_beyond
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.roots import decreasing_root
from riskcalc.quantity import Real
from riskcalc.spectral.eigenvalue_rule import EigenvalueRule

_EDGE, _ROOT = 1e-6, 1e-13  # accuracies in log distance
_NEGLIGIBLE = 1e-6
_TOO_FAR = 1e15  # in units of the largest eigenvalue: there kappa itself is of that size
_LARGEST = 8  # eigenvalues that are looked at
_POLE = 1e-7  # relative distance: what is left of the sums is smooth, and known to 1e-9 there
_FARTHEST = 60.0  # log distance from the spectrum, in units of its largest eigenvalue


@dataclass(frozen=True, kw_only=True)
class Limits:
    """kappa: of the equivalent; shift, spread: of one sketch's; past: the chance that a sketch is past its limit."""

    kappa: float
    shift: float
    spread: float
    past: float


def limits(known: Known, rule: EigenvalueRule, *, step_size: float, batch_size: int) -> Limits:
    """Of a stable run at this step size."""
    beyond = 2 / (step_size * (1 + 1 / batch_size))
    kappa = known.stability(step_size=step_size, batch_size=batch_size).kappa
    if beyond > _TOO_FAR * known.sums.largest:
        return Limits(kappa=kappa, shift=0.0, spread=0.0, past=0.0)
    point = real_point(known, rule, place_beyond(known.sums, known.model_size, known.marks, beyond))
    share = beyond / (batch_size + 1)
    largest = np.sort(rule.eigenvalue)[::-1][:_LARGEST]
    return Limits(
        kappa=kappa,
        shift=-share * float(point.mean()[1].real),
        spread=share * float(np.sqrt(point.covariance(point)[1, 1].real)),
        past=min(1.0, sum(_chances(known, largest, beyond, batch_size))),
    )


def _chances(known: Known, largest: Real, beyond: float, batch_size: int) -> Iterator[float]:
    """Of the columns from the longest on, as far as they count."""
    first = 0.0
    for place in range(largest.size):
        chance = _chance(known, largest, place, beyond, batch_size)
        first = max(first, chance)
        yield chance
        if chance <= _NEGLIGIBLE * first:
            return


def _chance(known: Known, largest: Real, place: int, beyond: float, batch_size: int) -> float:
    """That the column of one eigenvalue is long enough by itself."""
    size, own = float(known.model_size), largest[place]
    others = float(np.delete(largest, place).max(initial=0.0)) or own

    def of_others(log_distance: Real) -> tuple[Real, Real, Real]:
        u = -others * (1 + np.exp(log_distance))
        u = np.where(np.abs(own + u) < _POLE * own, -own * (1 + _POLE), u)  # what is left out has its pole there
        d1, d2, _ = known.sums.at(u)
        return u, d1.real - own / (own + u), d2.real - (own / (own + u)) ** 2

    try:
        edge = decreasing_root(lambda place: of_others(place)[2] - size, -_FARTHEST / 2, _FARTHEST, width=_EDGE)
        root = decreasing_root(lambda place: _height(*of_others(place)[:2], size, beyond), edge, _FARTHEST, width=_ROOT)
    except ToleranceNotMet:  # the others alone are past the limit
        return 1.0
    u, d1, d2 = (float(value) for value in of_others(np.asarray(root)))
    missing, pull = -(batch_size + 1) - d1, -beyond / (1 - d2 / size)
    if pull >= missing * u:
        return 1.0 if missing >= 0 else 0.0
    longest = missing * u**2 / (pull - missing * u) / own
    return float(gammaincc(size / 2, longest * size / 2)) if longest > 0 else 1.0


def _height(u: Real, d1: Real, size: float, beyond: float) -> Real:
    """x - z(u), which falls as u moves away from the edge."""
    return np.asarray(beyond + u * (1 - d1 / size))
