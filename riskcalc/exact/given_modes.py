"""The response of one sketch's modes, verified by a second resolution of the dynamics."""

from __future__ import annotations

from dataclasses import dataclass

from riskcalc.curve import Run
from riskcalc.curve.stability import Stability, trained_stability
from riskcalc.dynamics import Modes, Resolution, verified
from riskcalc.exact.stability import frozen_kappa, stability
from riskcalc.quantity import Real
from riskcalc.schedule import constant_size

# a check and the answer: points of the inverse transform, degree of the polynomials along a smooth schedule
_RESOLUTIONS = ((28, 16), (30, 19))


@dataclass(frozen=True, kw_only=True)
class GivenResponse:
    """One sketch's response. error: bound of the relative error of the excess, None where that has outgrown floats."""

    floor: float
    bias: Real
    variance: Real
    error: float | None
    stability: Stability

    @property
    def excess(self) -> Real:
        return self.floor + self.bias + self.variance


def verified_response(run: Run, modes: Modes, *, tolerance: float, force: bool) -> GivenResponse:
    """The response of a run given its modes; raises where it is unstable or the tolerance is missed."""
    found = trained_stability(
        run,
        lambda size: stability(modes, step_size=size, batch_size=run.batch_size),
        lambda frozen: frozen_kappa(modes, frozen, batch_size=run.batch_size),
    )
    if not force:
        found.require(peak=constant_size(run.schedule, horizon=run.horizon) is None)
    resolutions = [Resolution(lay=lambda: modes, nodes=nodes, degree=degree) for nodes, degree in _RESOLUTIONS]
    answer = verified(run, resolutions, tolerance=tolerance, stepwise=not found.stable)
    return GivenResponse(
        floor=modes.floor,
        bias=answer.response.bias,
        variance=answer.response.variance,
        error=answer.error,
        stability=found,
    )
