"""Floats longer than float64, where the machine has them: the same dynamics, three digits more at a tenth of the speed.

What float64 cannot state is mostly short of the tolerance by less than that: rounding at tolerances near 1e-12, and
rounding that the edge of stability amplifies. Modes and step sizes are formed with many digits and rounded once; stages
are crossed, and single steps made, as in float64. Long smooth schedules, whose panels read step sizes between the
steps, are left to more digits. Source: D37.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.dynamics.response import goes_one_by_one
from riskcalc.dynamics.verification import Verified
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field
from riskcalc.quantity import Array
from riskcalc.spectral.modes import Modes, floated
from riskcalc.spectral.precise.modes import PreciseModes

LONG = np.longdouble
SERVES = bool(np.finfo(LONG).eps < 1e-18)
NODES = (38, 42)  # points of the inverse transform, of a check and of the answer
_NEAREST = float(np.finfo(np.float64).eps)
_MOST_STEPS = 10_000
_ROUNDING = 8 * float(np.finfo(LONG).eps)


def check_extended(run: Run) -> None:
    """Refuse what longer floats would not tell better."""
    if len(run.training.start) > 1:
        raise ToleranceNotMet("longer floats follow SGD() only")
    if not SERVES:
        raise ToleranceNotMet("this machine has no longer floats")
    if run.schedule.stages(horizon=run.horizon) is not None:
        return
    one_by_one = goes_one_by_one(run.schedule, last=run.steps[-1], horizon=run.horizon)
    if not one_by_one or run.steps[-1] > _MOST_STEPS:
        raise ToleranceNotMet("the step sizes of so many steps are known in float64 only")


def extended_curve(run: Run, found: Verified, *, claim: Claim, method: dict[str, Any]) -> RiskCurve:
    """What was found, rounded to float64."""
    floor, response = found.modes.floor, found.response
    bias, variance = (part.astype(np.float64) for part in (response.bias, response.variance))
    return RiskCurve(
        steps=run.steps,
        excess=(floor + response.bias + response.variance).astype(np.float64),
        bias=bias,
        variance=variance,
        irreducible=float(run.problem.noise),
        approximation=float(floor),
        claim=claim,
        warrant=Warrant.COMPUTED,
        error=None if found.error is None else found.error + _NEAREST,
        asked=run.question,
        method={**method, "floats": f"{np.finfo(LONG).precision} digits"},
    )


def rounded_modes(field: Field, modes: PreciseModes, *, paired: bool) -> Modes:
    """Modes in longer floats; of conjugate pairs, weights stand for one of both."""
    of = 2 if paired else 1
    return Modes(
        position=_rounded(field, modes.position, paired),
        signal=_rounded(field, modes.signal, paired) / of,
        kernel=_rounded(field, modes.kernel, paired) / of,
        floor=cast(float, floated(field.rational(modes.floor), LONG)),
        paired=paired,
        uncertainty=_ROUNDING,
        floor_error=_ROUNDING,
    )


def _rounded(field: Field, values: Sequence[Element], paired: bool) -> Array:
    parts = [[floated(field.rational(part), LONG) for part in field.parts(value)] for value in values]
    real, imag = np.array(parts, dtype=LONG).T
    return np.asarray(real + 1j * imag if paired else real)
