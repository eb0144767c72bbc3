"""From which step on the transform of a stage serves. Source: D03, D38."""

from __future__ import annotations

import numpy as np

from riskcalc.dynamics.moments import MomentMap
from riskcalc.quantity import Array
from riskcalc.spectral.modes import Modes

EARLIEST = 64  # steps; below that the recursion is as fast, and the contour would not fit its strip
FORGOTTEN = 40.0  # what has fallen to exp(-40) may be left out
_SECTOR = (0.55, 0.5)  # slopes to the negative axis up to which contours go round poles, near p = 0 and p = i pi


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


def _slowest_outside(factors: Array, slope: float) -> float:
    """The least -log|factor| of those to the right of 0 and at an angle outside the sector of this slope."""
    if np.isrealobj(factors):
        return float("inf")
    angle = np.abs(np.angle(factors))
    with np.errstate(divide="ignore"):
        falls = -np.log(np.abs(factors))
    outside = (np.real(factors) > 0) & (angle > 0) & (angle > slope * falls)
    return float(falls[outside].min(initial=np.inf))
