"""M within a part of one direction of v, and spectra so narrow that z hardly tells u: float64 keeps its digits.

By roads that take neither the complement nor the lens: high precision for the sums and the floor, and for the curves
the generating functions of a constant step size at many digits.
"""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from riskcalc import (
    Constant,
    Equivalent,
    ExplicitSignal,
    ExplicitSpectrum,
    Geometric,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
)
from riskcalc.equivalent.stability import stability
from riskcalc.numeric.arb_field import Arb
from riskcalc.spectral.companion import companions
from riskcalc.spectral.contour_modes import modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.precise.of_problem import precise_sums
from riskcalc.spectral.precise.roots import floor_root

POWER = Problem(spectrum=PowerLaw(a="11/10", dimension=400), signal=PowerLawSignal(b=3), noise="1/10")
LISTED = Problem(spectrum=ExplicitSpectrum(0.97 ** np.arange(300.0)), signal=ExplicitSignal(np.ones(300)))
NARROW = Problem(spectrum=PowerLaw(a="1/4", dimension=2000), signal=PowerLawSignal(b=3))
EPS = float(np.finfo(np.float64).eps)


def short_of(problem, gap):
    """M, exactly."""
    return Fraction(problem.dimension) - Fraction(gap)


@pytest.mark.parametrize("problem", [POWER, LISTED])
@pytest.mark.parametrize("gap", ["1/10", "1/1000"])
def test_the_companion_keeps_its_digits(problem, gap):
    """Against 40 digits, round the floor; 1 - d1/M as it stands is worse by M/(v - M)."""
    size, sums = short_of(problem, gap), spectral_sums(problem)
    u = landmarks(sums, size).floor * np.array([0.5, 2.0, 1e2, -0.3 + 0.4j, 1 - 1j, -1 - 0.1j])
    d1, d2, _ = sums.at(u)
    found = companions(sums, size, u, d1, d2)
    with mpmath.workdps(40):
        eigenvalues = [mpmath.mpf(float(x)) for x in problem.eigenvalues()]
        if problem is POWER:
            eigenvalues = [mpmath.mpf(j) ** (-mpmath.mpf(11) / 10) for j in range(1, 401)]
        whole = mpmath.mpf(size.numerator) / size.denominator
        shares = [[x / (x + mpmath.mpc(complex(point))) for x in eigenvalues] for point in u]
        for power, values in enumerate(found, start=1):
            exact = np.array([complex(1 - mpmath.fsum(x**power for x in row) / whole) for row in shares])
            least = float((problem.dimension - size) / size)
            assert np.all(np.abs(values - exact) < 30 * EPS * np.maximum(np.abs(exact), least))
    plain = 1 - d1 / float(size)
    assert np.abs(plain / found[0] - 1).max() > 1000 * EPS


@pytest.mark.parametrize("problem", [POWER, LISTED])
@pytest.mark.parametrize("gap", ["1/2", "1/1000"])
def test_the_floor_is_known_to_what_it_states(problem, gap):
    size, field = short_of(problem, gap), Arb()
    marks = landmarks(spectral_sums(problem), size)
    found = floor_root(precise_sums(problem, field), size, 30)
    with field.working(40):
        exact = float(field.rational(found.u * found.values.sig))
    assert abs(marks.approximation / exact - 1) <= marks.approximation_error + EPS
    assert marks.approximation_error < 100 * EPS


CASES = [
    (POWER, short_of(POWER, "1/1000"), 7, 0.9999),
    (NARROW, Fraction(1), 5000, 0.3),
    (NARROW, Fraction(1), 5000, 0.9999),
]
MORE = [
    (problem, short_of(problem, gap), batch, share)
    for problem in (POWER, LISTED)
    for gap, batch in (("1/2", 1), ("1/1000", 7))
    for share in (0.3, 0.9999)
]


@pytest.mark.parametrize(
    ("problem", "size", "batch", "share"), CASES + [pytest.param(*case, marks=pytest.mark.slow) for case in MORE]
)
def test_answered_in_floats_within_what_is_stated(problem, size, batch, share):
    sums = spectral_sums(problem)
    largest = stability(sums, size, landmarks(sums, size), step_size=1e-9, batch_size=batch).largest_step_size
    step = Fraction(share * largest)
    run = Run(problem, model_size=size, batch_size=batch, schedule=Constant(step), steps=[10**3, 10**9])
    curve, digits = Equivalent(tolerance=1e-7).curve(run), Equivalent(digits=20).curve(run)
    assert "escalated" not in curve.method
    for name in ("excess", "bias", "variance"):
        assert np.all(np.abs(getattr(curve, name) - getattr(digits, name)) <= curve.error * digits.excess)


def test_what_rounding_leaves_of_a_narrow_spectrum_is_told():
    """The modes state it, and hold the measure of a wider contour to that."""
    sums = spectral_sums(NARROW)
    marks = landmarks(sums, 1)
    near = modes_in_z(sums, 1, marks, height=0.001, digits=15)
    wide = modes_in_z(sums, 1, marks, height=0.05, digits=15)
    assert near.unknown.max() > 100 * EPS
    step = 0.3 / marks.largest
    for weights in ("signal", "kernel"):
        ours, theirs = (getattr(it, weights) * it.factor(step, 3) ** 20 for it in (near, wide))
        known = near.total((near.uncertainty + near.unknown) * np.abs(ours))
        assert abs(near.total(ours) - wide.total(theirs)) < known


def test_stages_near_every_direction():
    """A schedule of stages, to 1e-10, late."""
    run = Run(POWER, model_size=short_of(POWER, "1/2"), schedule=Geometric("1/10"), steps=[10**10], horizon=2 * 10**10)
    curve = Equivalent(tolerance=1e-10).curve(run)
    assert "escalated" not in curve.method
