"""Methods with a memory to any number of digits: constant coefficients at once, all others step by step on contours.

Two contours, which share no node, give the error estimate of what is gone through step by step: where modes turn round
and grow on one of them, they differ, and a narrower pair follows, at last lenses. Source: D03, D38, D41.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from riskcalc.curve import Run
from riskcalc.curve.averaging import reads_last
from riskcalc.curve.stability import told_stable, trained_stability
from riskcalc.dynamics.precise.trained import MOST_WORK, check_work, trained
from riskcalc.dynamics.precise.with_memory import moves_steadily
from riskcalc.equivalent.known import known_of
from riskcalc.equivalent.precise.constant_size import Parts, Row
from riskcalc.equivalent.precise.contour_modes import Contour, ellipse_modes, lens_modes
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.equivalent.precise.three_points import three_point_parts
from riskcalc.equivalent.precise.walked import WIDE, first_confirmed
from riskcalc.schedule import constant_size
from riskcalc.spectral.precise.sums import GUARD

_TRIED = (
    WIDE,
    (ellipse_modes, (Fraction(1, 2), Fraction(2, 5))),
    (ellipse_modes, (Fraction(1, 5), Fraction(4, 25))),
    # where M is small, the spectrum bulges out of ellipses
    (partial(lens_modes, beyond=Fraction(4)), (Fraction(1, 2), Fraction(2, 5))),
    (partial(lens_modes, beyond=Fraction(4)), (Fraction(1, 5), Fraction(4, 25))),
)


def memory_kappa(run: Run) -> float:
    """kappa of a stable run, in floats."""
    known = known_of(run.problem, run.model_size)
    found = trained_stability(
        run,
        lambda size: known.stability(step_size=size, batch_size=run.batch_size),
        lambda frozen: known.kappa(frozen, batch_size=run.batch_size),
    )
    return told_stable(run, found)


def memory_parts(setting: Setting, run: Run, *, digits: int) -> Parts:
    """Bias and variance at the recorded steps, with an error estimate below 10^-digits of the excess."""
    constant = constant_size(run.schedule, horizon=run.horizon) is not None
    if constant and moves_steadily(run.training) and reads_last(run.averaging):
        return three_point_parts(setting, run, digits=digits)
    check_work(run, 1, run.steps)
    field = setting.field

    def rows(contour: Contour, height: Fraction, level: int) -> list[Row]:
        # a product of t rounded factors loses log10 t digits
        working = level + len(str(run.steps[-1]))
        modes = contour(setting, run, height, level, most=MOST_WORK // max(1, run.steps[-1]), working=working)
        with field.working(working + GUARD):
            found = trained(run, modes, field, run.steps)
            return [(bias, variance, modes.floor + bias + variance) for bias, variance in found]

    return first_confirmed(_TRIED, rows, field, digits=digits)
