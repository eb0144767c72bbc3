"""The response of one sketch's modes, verified by a second resolution of the dynamics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve import Run
from riskcalc.curve.stability import Stability
from riskcalc.dynamics import Modes, goes_one_by_one, respond
from riskcalc.errors import ToleranceNotMet
from riskcalc.exact.stability import stability
from riskcalc.schedule import constant_size

Real = NDArray[np.float64]

# two resolutions: points of the inverse transform, degree of the polynomials along a smooth schedule
_RESOLUTIONS = ((28, 16), (30, 19))


@dataclass(frozen=True, kw_only=True)
class Verified:
    """One sketch's response. error: largest difference of the two resolutions, relative to the excess."""

    floor: float
    bias: Real
    variance: Real
    error: float
    stability: Stability

    @property
    def excess(self) -> Real:
        return self.floor + self.bias + self.variance


def verified_response(run: Run, modes: Modes, *, tolerance: float, force: bool) -> Verified:
    """The response of a run given its modes; raises where it is unstable or the tolerance is missed."""
    peak = run.schedule.peak(horizon=run.horizon)
    found = stability(modes, step_size=peak, batch_size=run.batch_size)
    if not force:
        found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
    # step by step nothing is approximated, and so there is nothing to verify
    stepwise = not found.stable or goes_one_by_one(run.schedule, last=run.steps[-1], horizon=run.horizon)
    answers = [
        respond(
            modes,
            run.schedule,
            steps=run.steps,
            horizon=run.horizon,
            batch_size=run.batch_size,
            noise=float(run.problem.noise),
            nodes=nodes,
            degree=degree,
            stepwise=not found.stable,
            averaging=run.averaging,
        )
        for nodes, degree in (_RESOLUTIONS[:1] if stepwise else _RESOLUTIONS)
    ]
    coarse, fine = answers[0], answers[-1]
    error = fine.difference(coarse, floor=modes.floor)
    if not error <= tolerance:
        raise ToleranceNotMet(
            f"two resolutions of the dynamics differ by {error:.2g} relative, more than the tolerance "
            f"{tolerance:.2g}: ask for a larger tolerance, or, where the excess has decayed out of float64, "
            "for fewer steps or for Exact(digits=...)"
        )
    return Verified(floor=modes.floor, bias=fine.bias, variance=fine.variance, error=error, stability=found)
