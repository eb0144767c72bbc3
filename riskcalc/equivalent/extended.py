"""The equivalent in floats longer than float64: contours with many digits, the dynamics of float64. Source: D37."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from riskcalc.curve import Claim, RiskCurve, Run
from riskcalc.dynamics import Modes, Resolution, verified
from riskcalc.dynamics.extended import LONG, NODES, check_extended, extended_curve, rounded_modes
from riskcalc.equivalent.precise.contour_modes import Contour, ellipse_modes, lens_modes
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.equivalent.precise.setting import feedback, setting_of
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.arb_field import Arb

_WIDE: tuple[tuple[Contour, Fraction], ...] = ((ellipse_modes, Fraction(9, 10)), (ellipse_modes, Fraction(3, 4)))
_NARROW: tuple[tuple[Contour, Fraction], ...] = (
    (ellipse_modes, Fraction(12, 25)),
    (ellipse_modes, Fraction(2, 5)),
    (lens_modes, Fraction(2, 5)),
    (lens_modes, Fraction(3, 10)),
    (lens_modes, Fraction(3, 20)),
    (lens_modes, Fraction(3, 25)),
)
_DIGITS = 19  # of a check's contour rule: below the rounding of these floats
_SPARE = 2  # of an answer's, beyond
_MOST_MODES = 20_000


def curve_in_longer_floats(run: Run, *, tolerance: float) -> RiskCurve:
    """The curve of a run; UnstableRun where it is not stable, ToleranceNotMet where that is not enough either."""
    check_extended(run)
    setting = setting_of(run, Arb())
    kappa = float(feedback(run, setting, _DIGITS))
    found = verified(run, _resolutions(setting, run), tolerance=tolerance, stepwise=False, real=LONG)
    method = {"name": "equivalent", "kappa": kappa}
    return extended_curve(run, found, claim=Claim.DETERMINISTIC_EQUIVALENT, method=method)


def _resolutions(setting: Setting, run: Run) -> Iterator[Resolution]:
    stepped = run.schedule.stages(horizon=run.horizon) is None  # then a wide contour, of few nodes, serves
    for place, (contour, height) in enumerate((_WIDE if stepped else ()) + _NARROW):
        answers = place % 2
        yield Resolution(
            lay=lambda contour=contour, height=height, digits=_DIGITS + answers * _SPARE: _laid(  # type: ignore[misc]
                setting, run, contour, height, digits
            ),
            nodes=NODES[answers],
            degree=0,
        )


def _laid(setting: Setting, run: Run, contour: Contour, height: Fraction, digits: int) -> Modes | None:
    field = setting.field
    working = digits + math.ceil(math.log10(run.steps[-1] + 1))
    try:
        found = contour(setting, run, height, digits, most=_MOST_MODES, working=working)
    except (ToleranceNotMet, InvalidInput):
        return None
    with field.working(working):
        return rounded_modes(field, found, paired=True)
