"""The exact road in floats longer than float64: modes with many digits, the dynamics of float64. Source: D37."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from riskcalc.curve import Claim, RiskCurve, Run
from riskcalc.dynamics import Modes, Resolution, verified
from riskcalc.dynamics.extended import LONG, NODES, check_extended, extended_curve, rounded_modes
from riskcalc.exact.precise.curve import feedback, foreseen, modes_of
from riskcalc.numeric.arb_field import Arb
from riskcalc.quantity import Real

_DIGITS = 21  # of a check's modes, two more than these floats hold
_SPARE = 3  # digits more in the answer's: laws are gathered differently


def curve_in_longer_floats(
    run: Run, sketch: Real | None, *, tolerance: float, described: dict[str, Any]
) -> RiskCurve:
    """The curve given a sketch, None for the identity; UnstableRun, or ToleranceNotMet where that is not enough."""
    check_extended(run)
    lost = foreseen(run, sketch) + len(str(run.steps[-1]))
    kappa, check = _laid(run, sketch, _DIGITS, lost)

    def resolutions() -> Iterator[Resolution]:
        yield Resolution(lay=lambda: check, nodes=NODES[0], degree=0)
        _, answer = _laid(run, sketch, _DIGITS + _SPARE, lost)
        yield Resolution(lay=lambda: answer, nodes=NODES[1], degree=0)

    found = verified(run, resolutions(), tolerance=tolerance, stepwise=False, real=LONG)
    return extended_curve(run, found, claim=Claim.GIVEN_SKETCH, method={**described, "kappa": kappa})


def _laid(run: Run, sketch: Real | None, digits: int, lost: int) -> tuple[float, Modes]:
    """kappa, and the modes; UnstableRun where kappa is 1 or more."""
    field, level = Arb(), digits + lost + 6
    with field.working(level):
        modes = modes_of(run, sketch, field, digits=digits, level=level)
        kappa = feedback(run, modes, field)
        return kappa, rounded_modes(field, modes, paired=False)
