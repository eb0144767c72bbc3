"""1 - kappa of the equivalent in balls, from D02.7 and the exact step size: near the largest step 80 bits are too few.

kappa = -d1(u*)/(B + 1) at the root of z(u*) = 2/(gamma (1 + 1/B)) left of the spectrum. There |u| exceeds every
eigenvalue, so that the tail of d1 is a series of Hurwitz zeta values.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from flint import arb, ctx

from tests.oracle.equivalent import Dispersion, Landmarks, root
from tests.oracle.floats80 import LD, ball, from_ball, longdouble
from tests.oracle.measures import SHORT
from tests.oracle.modes import eigenvalues
from tests.oracle.questions import Question, Spectrum

HEAD = 60
TERMS = 250


def margin(question: Question, dispersion: Dispersion, marks: Landmarks) -> np.longdouble | None:
    """1 - kappa at the peak step size to 80 bits; None where the series is not to be had."""
    gamma, batch = question.schedule.peak, question.batch_size
    top = dispersion.measure.largest
    z80 = 2 / (longdouble(gamma) * (1 + 1 / LD(batch)))

    def gap(w: np.longdouble) -> np.longdouble:
        u = np.array([-top - w], dtype=LD)
        return (-u * dispersion.at(u)[0])[0] - z80

    near = far = -top - marks.u_left
    while gap(far) < 0:
        far *= 2
    u80 = -top - root(gap, near, far, 1e-12)
    slope = dispersion.at(np.array([u80], dtype=LD))[1][0]
    with ctx.workprec(220):
        size, target = ball(question.model_size), 2 / (ball(gamma) * (1 + ball(Fraction(1, batch))))
        u, slope_ball = arb(str(u80)).mid(), arb(str(slope)).mid()
        for _ in range(8):
            trace = trace_at(question.spectrum, u)
            if trace is None:
                return None
            u = (u - (-u * (1 - trace / size) - target) / slope_ball).mid()
        rest = -u * (1 - trace_at(question.spectrum, u) / size) / target - 1
        if not abs(rest) < arb(10) ** -30:
            return None
        return from_ball(1 + trace_at(question.spectrum, u) / (batch + 1))


def margin_of_modes(gamma: Fraction, batch: int, z: list[arb]) -> np.longdouble:
    """The same given real modes (D01.5)."""
    with ctx.workprec(220):
        step, most = ball(gamma), 1 + ball(Fraction(1, batch))
        return from_ball(1 - sum((step * x / (batch * (2 - step * most * x)) for x in z), arb(0)))


def trace_at(spectrum: Spectrum, u: arb) -> arb | None:
    """d1 at a real u left of the spectrum."""
    if spectrum.listed or (spectrum.dimension is not None and spectrum.dimension <= SHORT):
        return sum((x / (x + u) for x in eigenvalues(spectrum)), arb(0))
    if spectrum.logarithmic:
        return None
    a, scale, v = ball(spectrum.a), ball(spectrum.scale), spectrum.dimension
    total = sum((x / (x + u) for x in (scale * arb(j) ** (-a) for j in range(1, HEAD))), arb(0))
    for k in range(1, TERMS):
        sums = (k * a).zeta(arb(HEAD)) - ((k * a).zeta(arb(v + 1)) if v else 0)
        term = -((-scale / u) ** k) * sums
        total += term
        if not term.is_finite():
            return None
        if abs(term) < abs(total) * arb(2) ** -150:
            return total
    return None
