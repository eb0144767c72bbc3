"""Any schedule and any average to any number of digits: the modes of a contour, walked through the run.

Two contours, which share no node, and with them two hyperbolas wherever a stage is crossed at once, give the error
estimate. An ellipse that reaches so far out that its modes would grow, or leave the wedge of a hyperbola, is followed
by a narrower one with more nodes, and that by a lens, on which nothing grows. Source: D03, D23, D24.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.dynamics.precise.recursion import added
from riskcalc.dynamics.precise.segments import MOST_WORK, segments, work
from riskcalc.dynamics.precise.transform import Transform
from riskcalc.dynamics.precise.walk import SHORTEST, walked
from riskcalc.equivalent.precise.constant_size import Parts, Row, resolution_gap
from riskcalc.equivalent.precise.contour_modes import Contour, ellipse_modes, lens_modes
from riskcalc.equivalent.precise.generating import Setting, kernel_mass, stability_point
from riskcalc.errors import ConsistencyError, InvalidInput, ToleranceNotMet
from riskcalc.numeric.agreeing import Ladder, two_differ
from riskcalc.numeric.field import Field
from riskcalc.spectral.precise.modes import PreciseModes
from riskcalc.spectral.precise.roots import left_of_spectrum
from riskcalc.spectral.precise.sums import GUARD

# where every step is made by itself, a wide contour needs few nodes
WIDE = (ellipse_modes, (Fraction(9, 10), Fraction(3, 4)))
_NARROW = (
    (ellipse_modes, (Fraction(1, 2), Fraction(2, 5))),
    (lens_modes, (Fraction(1, 2), Fraction(2, 5))),
)
_EXTRA = 8
_MOST_RAISED = 3.0
_DIGITS = 15  # of kappa
_MOST_MODES = 20_000  # where stages are crossed at once: every point of a hyperbola meets every mode

_KNOWN = Fraction(1, 10**6)  # of 1 - kappa, that a contour may miss: far more than its rule is short of

_TOO_CLOSE = "the contour of the equivalent comes too close to the edge of stability: ask for a smaller step size"

Heights = tuple[Fraction, Fraction]


def _more_nodes(level: int, error: float, digits: int) -> int:
    """Where the spectrum bulges towards the ellipse, a node is worth less than it is counted for."""
    return math.ceil(level * min(_MOST_RAISED, (digits + 3) / max(-error, 1.0)))


_LADDER = Ladder(
    attempts=3,
    higher=_more_nodes,
    refusal=two_differ("contours of the equivalent", remedy="ask for fewer digits, or a smaller step size"),
)


def walked_parts(setting: Setting, run: Run, *, digits: int) -> Parts:
    """Bias and variance at the recorded steps, with an error estimate below 10^-digits of the excess."""
    stepped = not any(part.at_once(SHORTEST) for part in segments(run))

    def rows(contour: Contour, height: Fraction, level: int) -> list[Row]:
        return _rows(setting, run, contour, height, level)

    return first_confirmed((WIDE, *_NARROW) if stepped else _NARROW, rows, setting.field, digits=digits)


def first_confirmed(
    tried: Iterable[tuple[Contour, Heights]],
    rows: Callable[[Contour, Fraction, int], list[Row]],
    field: Field,
    *,
    digits: int,
) -> Parts:
    """What the first kind of contour says whose two heights agree; rows: on a contour of a height, at a level."""
    failure = None
    for contour, heights in tried:

        def look(level: int, contour: Contour = contour, heights: Heights = heights) -> tuple[list[Row], float]:
            coarse, fine = (rows(contour, height, level) for height in heights)
            return fine, resolution_gap(field, fine, coarse, digits)

        try:
            return Parts.of(*_LADDER.climbed(look, first=digits + _EXTRA, digits=digits))
        except ToleranceNotMet as problem:
            failure = failure or problem
        except InvalidInput as problem:  # too many nodes
            raise failure or problem from problem
    raise failure or ConsistencyError("no contour was tried")


def _rows(setting: Setting, run: Run, contour: Contour, height: Fraction, digits: int) -> list[Row]:
    """(bias, variance, excess) at the recorded steps, of one contour."""
    field, parts = setting.field, segments(run)
    most = MOST_WORK // max(1, work(parts, shortest=SHORTEST))
    if any(part.at_once(SHORTEST) for part in parts):
        most = min(most, _MOST_MODES)
    # a product of t rounded factors loses log10 t digits
    working = digits + len(str(run.steps[-1]))
    modes = contour(setting, run, height, digits, most=most, working=working)
    with field.working(working + GUARD):
        _check_feedback(setting, modes)
        found = walked(run, modes, field, Transform(digits=digits, paired=True), shortest=SHORTEST)
        return [(*found[step], modes.floor + found[step][0] + found[step][1]) for step in run.steps]


def _check_feedback(setting: Setting, modes: PreciseModes) -> None:
    """Refuse a contour that goes round z_* = 2/(gamma (1 + 1/B)) too: its kappa is not that of the equivalent."""
    field = setting.field
    gamma, spread = field.real(setting.step_size), field.real(1 + Fraction(1, setting.batch_size))
    edge = left_of_spectrum(setting.sums, setting.model_size, field.real(stability_point(setting)), _DIGITS)
    kappa = kernel_mass(setting, edge)
    rates = (gamma * k / (z * (2 - spread * gamma * z)) for z, k in zip(modes.position, modes.kernel, strict=True))
    found = added(field, list(rates)) / setting.batch_size
    if not field.polar(found - kappa)[0] < field.polar(field.real(_KNOWN) * (1 - kappa))[0]:
        raise ToleranceNotMet(_TOO_CLOSE)

