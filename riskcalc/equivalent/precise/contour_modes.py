"""Contours for a run at many digits: where the edges of the spectrum and the step size want them.

An ellipse in the u-plane, on which modes may grow; or a lens between 0 and z*, an ellipse in log z - log(1 - z/z*), on
which nothing grows however close the spectrum comes to z*. Source: D02, section 8; D03.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from riskcalc.curve import LastIterate, Run
from riskcalc.equivalent.known import known_of
from riskcalc.equivalent.precise.generating import Setting, stability_point
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.quantity import Complex, Real
from riskcalc.spectral.precise.contour_modes import (
    Ellipse,
    check_precise_sum_rules,
    in_floats,
    modes_in_u,
    modes_in_z,
)
from riskcalc.spectral.precise.modes import PreciseModes
from riskcalc.spectral.precise.sums import GUARD

_LEAST = 14  # digits of a lens: below, its sum rules could not be checked
_MOST_GROWTH = 3.0  # log |q|^t on the ellipse: costs a digit or two


Contour = Callable[..., PreciseModes]


def ellipse_modes(
    setting: Setting, run: Run, height: Fraction, digits: int, *, most: int, working: int = 0
) -> PreciseModes:
    """The trapezoidal rule in y = log(u0 - u); the float edges only place the ellipse.

    ToleranceNotMet where modes would grow: there the lens serves.
    """
    rough = known_of(run.problem, run.model_size).marks
    low, high = math.log(rough.floor - rough.right), math.log(rough.floor - rough.left)
    ellipse = _affordable(Ellipse.of(low, high, height, digits), run, digits, most)
    modes = modes_in_u(setting.sums, setting.model_size, ellipse, digits=max(digits, working))
    if _growth(modes, setting, run) > _MOST_GROWTH:
        raise ToleranceNotMet(
            "the contour of the equivalent comes too close to the modes at this step size: ask for a smaller one"
        )
    return modes


def lens_modes(
    setting: Setting,
    run: Run,
    height: Fraction,
    digits: int,
    *,
    most: int,
    working: int = 0,
    beyond: Fraction | None = None,
) -> PreciseModes:
    """The trapezoidal rule in w = log z - log(1 - z/z*), z* exactly where q is 1 again at the largest step size.

    beyond: z*, as a multiple of the end of the spectrum, where it says nothing about the run.
    Valid: a stable run, whose spectrum ends before z*.
    """
    field, level = setting.field, max(digits, working)
    known = known_of(run.problem, run.model_size)
    rough = known.marks
    limit = stability_point(setting) if beyond is None else beyond * Fraction(rough.largest)
    if not rough.largest < float(limit):
        raise ToleranceNotMet("the spectrum leaves no room for a contour at this step size: ask for a smaller one")
    low, high = (math.log(edge) - math.log1p(-edge / float(limit)) for edge in (rough.smallest, rough.largest))
    wanted = max(digits, _LEAST)
    ellipse = _affordable(Ellipse.of(low, high, height, wanted, strip=math.pi / 2), run, wanted, most)
    modes = modes_in_z(setting.sums, setting.model_size, ellipse, limit=limit, digits=level)
    with field.working(level + GUARD):
        check_precise_sum_rules(modes, field, known.sums, setting.model_size)
    return modes


def _affordable(ellipse: Ellipse, run: Run, digits: int, most: int) -> Ellipse:
    """The ellipse, refused with more nodes than `most` in the upper half."""
    if ellipse.count // 2 > most:
        raise InvalidInput(
            f"{run.steps[-1]} steps of this schedule with {digits} digits take too long ({ellipse.count // 2} modes "
            "each): ask for fewer digits or steps, or leave digits out"
        )
    return ellipse


def _growth(modes: PreciseModes, setting: Setting, run: Run) -> float:
    """log of the largest |q|^t at the largest step size; where iterates are averaged, of |1 - gamma z|^t too."""
    scaled = float(setting.step_size) * in_floats(setting.field, modes.position)
    losses = [scaled * (2 - (1 + 1 / setting.batch_size) * scaled)]
    if not isinstance(run.averaging, LastIterate):
        losses.append(scaled)
    return max(run.steps[-1] * float(_log_rest(loss).max()) for loss in losses)


def _log_rest(loss: Complex) -> Real:
    """log|1 - p|, however small p is."""
    with np.errstate(divide="ignore"):  # a mode that dies at once
        return np.asarray(np.log1p(np.maximum(np.abs(loss) ** 2 - 2 * loss.real, -1.0)) / 2)
