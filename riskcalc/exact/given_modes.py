"""The response of one sketch's modes, verified by a second resolution of the dynamics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from riskcalc.curve import Run
from riskcalc.curve.stability import Stability, trained_stability
from riskcalc.dynamics import Modes, Resolution, verified
from riskcalc.exact.stability import frozen_kappa, stability
from riskcalc.quantity import Real
from riskcalc.schedule import constant_size
from riskcalc.spectral.gathered_modes import gathered

# a check and the answer: points of the inverse transform, degree of the polynomials along a smooth schedule
_RESOLUTIONS = ((28, 16), (30, 19))
_POINTS = (16, 18)  # of the rules for gathered modes
_MANY = 200  # modes; fewer cost less than they do to gather
_GATHERED = 1e-12  # what rules may differ by: more often means that modes at the end of a block are all that is left


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
    resolutions = _resolutions(run, modes, stepwise=not found.stable)
    answer = verified(run, resolutions, tolerance=tolerance, stepwise=not found.stable)
    return GivenResponse(
        floor=modes.floor,
        bias=answer.response.bias,
        variance=answer.response.variance,
        error=answer.error,
        stability=found,
    )


def _resolutions(run: Run, modes: Modes, *, stepwise: bool) -> Iterator[Resolution]:
    """The modes gathered, where they are many and followed through steps or panels; then as they are."""
    if not stepwise and run.schedule.stages(horizon=run.horizon) is None and modes.position.size > _MANY:
        coarse, fine = gathered(modes, points=_POINTS)
        if fine is not modes:
            for (nodes, degree), laid in zip(_RESOLUTIONS, (coarse, fine), strict=True):
                yield Resolution(
                    lay=partial(_as_given, laid),
                    nodes=nodes,
                    degree=degree,
                    beside=partial(_as_given, fine),
                    bar=_GATHERED,
                )
    for nodes, degree in _RESOLUTIONS:
        yield Resolution(lay=partial(_as_given, modes), nodes=nodes, degree=degree)


def _as_given(modes: Modes) -> Modes:
    return modes
