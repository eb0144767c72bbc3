"""Any schedule to any number of digits: the recursion over the modes of a contour, for a moderate number of steps.

Formula: x(t+1) = q x(t) + (gamma_t^2/B) k (E(t) + sigma2). Two contours of one kind, which share no node, give the
error estimate. Source: D02, D03.
"""

from __future__ import annotations

import math
from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.dynamics.step_sizes import step_sizes
from riskcalc.equivalent.precise.constant import Parts, Row, resolution_gap
from riskcalc.equivalent.precise.contour_modes import Contour, first_that_serves
from riskcalc.equivalent.precise.generating import Setting
from riskcalc.equivalent.precise.sums import GUARD
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field

MOST_WORK = 20_000_000  # steps times nodes
_HEIGHTS = (Fraction(9, 10), Fraction(3, 4))
_EXTRA = 8
_ATTEMPTS, _MOST_RAISED = 4, 3.0


def stepwise_parts(setting: Setting, run: Run, *, digits: int) -> Parts:
    """Bias and variance at the recorded steps, with an error estimate below 10^-digits of the excess."""
    return first_that_serves(lambda contour: _parts(setting, run, contour, digits))


def _parts(setting: Setting, run: Run, contour: Contour, digits: int) -> Parts:
    asked = digits + _EXTRA
    for _ in range(_ATTEMPTS):
        coarse, fine = (_followed(setting, run, contour, height, asked) for height in _HEIGHTS)
        error = resolution_gap(setting.field, fine, coarse, digits)
        if error <= -digits:
            return Parts(bias=[found[0] for found in fine], variance=[found[1] for found in fine], error=error)
        # where the spectrum bulges towards the ellipse, a node is worth less than it is counted for
        asked = math.ceil(asked * min(_MOST_RAISED, (digits + 3) / max(-error, 1.0)))
    raise ToleranceNotMet(
        f"two contours of the equivalent differ by 1e{error:.0f} relative, more than the {digits} digits asked: "
        "ask for fewer digits, or a smaller step size"
    )


def _followed(setting: Setting, run: Run, contour: Contour, height: Fraction, digits: int) -> list[Row]:
    field = setting.field
    nodes = contour(setting, run, height, digits, most=MOST_WORK // max(1, run.steps[-1]))
    wanted, found = set(run.steps), []
    with field.working(digits + GUARD):
        drive = field.real(setting.noise) + nodes.floor
        spread, batch = field.real(1 + Fraction(1, setting.batch_size)), field.real(setting.batch_size)
        bias, variance = list(nodes.signal), [field.real(0)] * len(nodes.signal)
        linear = [2 * z for z in nodes.position]
        square = [spread * z * z for z in nodes.position]
        sizes = step_sizes(run.schedule, horizon=run.horizon, count=run.steps[-1], field=field)
        for step in range(run.steps[-1] + 1):
            totals = [_real_total(field, state) for state in (bias, variance)]
            if step in wanted:
                found.append((totals[0], totals[1], nodes.floor + totals[0] + totals[1]))
            if step == run.steps[-1]:
                break
            size = next(sizes)
            gain, second = size * size / batch, totals[1] + drive
            factors = [1 - size * (one - size * two) for one, two in zip(linear, square, strict=True)]
            bias = [q * x + gain * totals[0] * k for q, x, k in zip(factors, bias, nodes.kernel, strict=True)]
            variance = [q * x + gain * second * k for q, x, k in zip(factors, variance, nodes.kernel, strict=True)]
    return found


def _real_total(field: Field, state: list[Element]) -> Element:
    total = state[0]
    for x in state[1:]:
        total = total + x
    return field.parts(total)[0]
