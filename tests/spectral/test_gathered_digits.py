"""Eigenvalues of laws gathered in a numeric field, against all of them one by one; and the answers that come of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from riskcalc import (
    Constant,
    ExplicitSignal,
    ExplicitSpectrum,
    GaussianPrior,
    LogarithmicPowerLaw,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
)
from riskcalc.errors import ToleranceNotMet
from riskcalc.exact.precise import curve
from riskcalc.exact.precise.curve import precise_curve
from riskcalc.numeric.arb_field import Arb
from riskcalc.numeric.mpmath_field import Mpmath
from riskcalc.spectral.blocks import smooth_law
from riskcalc.spectral.precise import gathered_elements as gathering
from riskcalc.spectral.precise.gathered_elements import gathered_elements

FIELD, DIGITS = Arb(), 30
LAWS = {
    "power": Problem(spectrum=PowerLaw(a="3/2", dimension=4000, scale=3), signal=PowerLawSignal(b="6/5", scale=2)),
    "steep": Problem(spectrum=PowerLaw(a=6, dimension=1000), signal=PowerLawSignal(b=9)),
    "flat": Problem(spectrum=PowerLaw(a="1/5", dimension=2000), signal=PowerLawSignal(b="-1/2")),
    "logarithm": Problem(spectrum=LogarithmicPowerLaw(a=3, dimension=2500), signal=GaussianPrior(scale=2)),
    "steep logarithm": Problem(spectrum=LogarithmicPowerLaw(a=25, dimension=1500), signal=GaussianPrior(b=3)),
}


def faded(rows, reach):
    """sum f exp(-2 T lambda) and sum k exp(-2 T lambda)."""
    rates = [FIELD.exp(-2 * FIELD.real(Fraction(reach)) * row[0]) for row in rows]
    return [sum((row[k] * rate for row, rate in zip(rows, rates, strict=True)), FIELD.real(0)) for k in (1, 2)]


def largest_gap(problem, reach, digits=DIGITS):
    """Of the two sums at steps up to the last, relative; and the number of modes."""
    with FIELD.working(2 * DIGITS):
        law = smooth_law(problem)
        found = gathered_elements(problem, law, FIELD, digits=digits, reach=reach)
        listed = gathered_elements(problem, law, FIELD, digits=20_000, reach=reach)  # rules that would shorten nothing
        assert len(listed) == problem.dimension
        worst = 0.0
        for time in (0.0, 1.0, reach / 1000, reach / 10, reach):
            pairs = zip(faded(found, time), faded(listed, time), strict=True)
            worst = max(worst, *(abs(float(one / all_ - 1)) for one, all_ in pairs))
    return worst, len(found)


@pytest.mark.parametrize("name", LAWS)
def test_gathered_sums_are_the_plain_ones(name):
    """Until long after only the smallest eigenvalues count: exp(-1000) is left."""
    problem = LAWS[name]
    gap, count = largest_gap(problem, 500 / float(problem.eigenvalues()[-1]))
    assert gap < 10.0 ** -(DIGITS - 3)
    assert count < 0.6 * problem.dimension


def test_too_few_points_are_seen(monkeypatch):
    """What the two resolutions of the road rest on: a rule with fewer points is a different number."""
    exact, _ = largest_gap(LAWS["power"], 1e4)
    fewer, _ = largest_gap(LAWS["power"], 1e4, digits=DIGITS - 8)
    assert fewer > 1e3 * exact
    monkeypatch.setattr(gathering, "_DIGITS_A_POINT", 8.0)
    monkeypatch.setattr(curve, "_LADDER", replace(curve._LADDER, attempts=1))
    run = Run(LAWS["steep"], model_size=1000, schedule=Constant("1/5"), steps=[400], batch_size=4)
    with pytest.raises(ToleranceNotMet, match="two precisions"):
        precise_curve(run, None, digits=20, field=None, described={})


@pytest.mark.parametrize("reach", [1.0, 1e12, 1e26])
def test_any_dimension_takes_some_hundred_modes(reach):
    problem = Problem(spectrum=PowerLaw(a="3/2", dimension=10**18), signal=PowerLawSignal(b=2))
    with FIELD.working(40):
        rows = gathered_elements(problem, smooth_law(problem), FIELD, digits=25, reach=reach)
    assert len(rows) < 1900
    assert all(row[1] > 0 and row[2] > 0 for row in rows)  # the secular equation needs it


def test_both_fields_gather_alike():
    found = []
    for field in (FIELD, Mpmath()):
        with field.working(40):
            rows = gathered_elements(LAWS["steep"], smooth_law(LAWS["steep"]), field, digits=20, reach=10.0)
            found.append([[field.rational(x) for x in row] for row in rows])
    for ours, theirs in zip(*found, strict=True):
        assert all(abs(one / two - 1) < Fraction(1, 10**36) for one, two in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("spectrum", [PowerLaw(a=2, dimension=3000), LogarithmicPowerLaw(a=2, dimension=60)], ids=str)
def test_more_digits_say_what_floats_say(spectrum):
    problem = Problem(spectrum=spectrum, signal=GaussianPrior(), noise="1/7")
    size = spectrum.dimension
    run = Run(problem, model_size=size, schedule=Constant("1/10"), steps=[0, 3, 200], batch_size=2)
    floats = Unsketched(tolerance=1e-9).curve(run)
    digits = precise_curve(run, None, digits=17, field=None, described={})
    assert digits.excess == pytest.approx(floats.excess, rel=1e-9)
    assert digits.bias == pytest.approx(floats.bias, rel=1e-9)


def test_the_last_eigenvalues_count_one_by_one_when_only_they_are_left():
    """In float64: a rule on the last block was 3e-5 off at 1e-224, and 3e-12 was stated."""
    law = Problem(spectrum=PowerLaw(a=1, dimension=20_000), signal=PowerLawSignal(b=2))
    listed = Problem(spectrum=ExplicitSpectrum(law.eigenvalues()), signal=ExplicitSignal(law.target()))
    found, expected = (
        Unsketched().curve(
            Run(problem, model_size=20_000, schedule=Constant("1/20"), steps=[10**6, 10**8])
        )
        for problem in (law, listed)
    )
    assert found.excess == pytest.approx(expected.excess, rel=2e-11, abs=0)
