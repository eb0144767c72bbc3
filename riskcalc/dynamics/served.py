"""From which step on the transform of a stage serves. Source: D03, D38."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import MomentMap
from riskcalc.errors import ToleranceNotMet
from riskcalc.quantity import Array
from riskcalc.spectral.modes import Modes

EARLIEST = 64  # steps; below that the recursion is as fast, and the contour would not fit its strip
SINGLY = 4096  # steps; fewer of them are not worth a long contour
FORGOTTEN = 40.0  # what has fallen to exp(-40) may be left out
_LEAST, _PLACES = 1e-9, 400  # positions that are looked at, of the largest one: below them nothing turns round
_LONGEST = 1_000_000  # steps one by one, some minutes
_SPARE = 1.1  # zeros of the feedback lie a little nearer than the modes do
_NEVER = 10**19
_SECTOR = (0.55, 0.5)  # slopes to the negative axis up to which contours go round poles, near p = 0 and p = i pi


@dataclass(frozen=True, kw_only=True)
class Served:
    """How a stage is gone through. singly: its first steps, which are made one by one where they are asked for.

    early: the first step that the transform serves. turned: the extent of the contour that goes round what turns until
    then; inf where there is none.
    """

    singly: int
    early: int
    turned: float


def served(moments: MomentMap, modes: Modes, *, length: int) -> Served:
    """How a stage of this length is gone through."""
    early = served_from(moments, modes, length=length)
    turned = turned_by(moments, modes) if early > SINGLY else math.inf
    return Served(singly=early if turned == math.inf else EARLIEST, early=early, turned=turned)


def served_from(moments: MomentMap, modes: Modes, *, length: int) -> int:
    """The first step that the transform serves, at most `length`.

    Factors whose poles lie at an angle that neither contour goes round, near p = 0 or p = i pi, must have died out.
    Near p = 0 the contour goes round the positions of modes as they are laid; a method that oscillates there does so at
    real positions too.
    """
    losses = moments.losses(modes.position)
    around = moments.losses(np.abs(modes.position)) if modes.paired else losses
    slowest = min(_slowest_outside(1 - around, _SECTOR[0]), _slowest_outside(losses - 1, _SECTOR[1]))
    early = max(float(EARLIEST), FORGOTTEN / slowest if slowest > 0 else np.inf)
    return int(np.ceil(min(early, length)))


def turned_by(moments: MomentMap, modes: Modes) -> float:
    """By how much a mode turns round in a step at the most, in rad; inf where one alternates at an angle as well."""
    losses = moments.losses(modes.position)
    if np.isfinite(_slowest_outside(losses - 1, _SECTOR[1])):
        return math.inf
    factors = (1 - losses).astype(complex)
    return float(np.abs(np.angle(factors[np.real(factors) > 0])).max(initial=0.0))


def check_singly(method: Method, steps: int) -> None:
    """Refuse to make so many steps one by one before a transform serves."""
    if steps > _LONGEST:
        raise ToleranceNotMet(
            f"with {method} what turns round by more than a quarter in a step has died out after {steps:.6g} steps, "
            f"and no more than {_LONGEST:.0e} are made one by one: use a smaller step size, or one that forgets sooner"
        )


def forgotten_from(moments: MomentMap, largest: float, *, digits: float) -> int:
    """The first step at which what no contour round p = 0 goes round has fallen below 10^-digits.

    That is what turns round or alternates on a spectrum up to `largest`.
    """
    factors = 1 - moments.losses(largest * np.geomspace(_LEAST, 1.0, _PLACES)).astype(complex)
    slowest = _slowest_outside(factors, _SECTOR[0], anywhere=True)
    return math.ceil(_SPARE * digits * math.log(10) / slowest) if slowest > 0 else _NEVER


def _slowest_outside(factors: Array, slope: float, *, anywhere: bool = False) -> float:
    """The least -log|factor| of those at an angle outside the sector of this slope, to the right of 0 or anywhere."""
    if np.isrealobj(factors):
        return float("inf")
    angle = np.abs(np.angle(factors))
    with np.errstate(divide="ignore"):
        falls = -np.log(np.abs(factors))
    outside = (anywhere | (np.real(factors) > 0)) & (angle > 0) & (angle > slope * falls)
    return float(falls[outside].min(initial=np.inf))
