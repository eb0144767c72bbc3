"""Floats longer than float64 tell what float64 cannot, as more digits do by ways of their own."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics import extended
from riskcalc.equivalent.extended import curve_in_longer_floats
from riskcalc.equivalent.stability import largest_step_size
from riskcalc.errors import ToleranceNotMet
from riskcalc.spectral import spectral_sums
from riskcalc.spectral.landmarks import landmarks

pytestmark = pytest.mark.skipif(not extended.SERVES, reason="this machine has no longer floats")

POWER = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=30), signal=rc.PowerLawSignal(b="5/2"), noise="1/10")
UNDRIVEN = rc.Problem(spectrum=rc.PowerLaw(a=1, dimension=6), signal=rc.PowerLawSignal(b=3))
EQUIVALENT, EXACT, UNSKETCHED = (
    rc.Equivalent(tolerance=1e-14),
    rc.Exact(seed=3, tolerance=1e-14),
    rc.Unsketched(tolerance=1e-14),
)


CASES = {
    "stages": (POWER, EQUIVALENT, rc.Geometric("3/10"), [1, 70, 1000], rc.LastIterate()),
    "one stage, near the edge": (POWER, EQUIVALENT, 0.999, [100, 10**5], rc.LastIterate()),
    "an average over stages": (POWER, EQUIVALENT, rc.Geometric("3/10"), [10, 600], rc.TailAverage("1/2")),
    "single steps": (POWER, EQUIVALENT, rc.Cosine("3/10"), [5, 60], rc.IterateAverage()),
    "a sketch": (POWER, EXACT, rc.Geometric("1/10"), [1, 70, 10**9], rc.LastIterate()),
    "a sketch, averaged": (POWER, EXACT, rc.Constant("1/10"), [7, 10**7], rc.TailAverage("1/3")),
    "no sketch": (POWER, UNSKETCHED, rc.Warmup(rc.Constant("1/10"), steps=20), [15, 10**6], rc.LastIterate()),
    "nothing drives": (UNDRIVEN, UNSKETCHED, rc.Constant("1/2"), [100, 2000], rc.LastIterate()),
}


def run_of(name):
    problem, road, schedule, steps, averaging = CASES[name]
    size = problem.dimension if road is UNSKETCHED else 6
    if isinstance(schedule, float):
        sums = spectral_sums(problem)
        most = largest_step_size(sums, size, landmarks(sums, size), batch_size=1)
        schedule = rc.Constant(Fraction(most) * Fraction(schedule))
    return rc.Run(problem, model_size=size, schedule=schedule, steps=steps, averaging=averaging), road


@pytest.mark.parametrize("name", CASES)
def test_what_is_stated_bounds_the_distance_to_more_digits(name, monkeypatch):
    run, road = run_of(name)
    found = rc.risk(run, method=road)
    assert found.method["floats"] == "18 digits"
    assert found.method["escalated"].startswith("float64 knows")
    monkeypatch.setattr(extended, "SERVES", False)
    digits = rc.risk(run, method=road)
    assert "floats" not in digits.method
    assert digits.method["digits"] >= 17
    gaps = [np.abs(getattr(found, part) - getattr(digits, part)) for part in ("excess", "bias", "variance")]
    assert (np.max(gaps, axis=0) <= (found.error + digits.error) * digits.excess).all()
    assert found.error < 1e-14


def test_modes_of_too_few_digits_are_seen(monkeypatch):
    """The control: near the edge of stability the last digits of the modes are amplified, and two contours differ.

    What float64 holds of them happens to pass there: the error that is stated is larger, and the answer within it.
    """

    def to_bits(value, real):
        mantissa, exponent = np.frexp(float(value))
        return real(np.ldexp(np.round(mantissa * 2.0**47), exponent - 47))

    run, _ = run_of("one stage, near the edge")
    monkeypatch.setattr(extended, "floated", to_bits)
    with pytest.raises(ToleranceNotMet, match="a float of 18 digits knows"):
        curve_in_longer_floats(run, tolerance=1e-14)


def test_what_longer_floats_would_not_tell_better_is_left_to_digits():
    long = rc.Run(POWER, model_size=6, schedule=rc.Cosine("1/10"), steps=[5000])
    with pytest.raises(ToleranceNotMet):
        extended.check_extended(long)


def test_numbers_are_rounded_once():
    third = Fraction(1, 3)
    near = extended.floated(third, np.longdouble)
    assert abs(Fraction(float(near)) + Fraction(float(near - np.longdouble(float(near)))) - third) < Fraction(1, 10**20)
    assert extended.floated(0.5, np.float64) == 0.5
    assert np.isinf(extended.floated(float("inf"), np.longdouble))
