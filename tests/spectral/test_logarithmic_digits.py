"""Sums of the logarithmic spectrum in infinite dimension with many digits: against plain sums and other integrals."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest

from riskcalc import Constant, Equivalent, GaussianPrior, LogarithmicPowerLaw, PowerLawSignal, Problem, Run
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.arb_field import Arb
from riskcalc.numeric.mpmath_field import Mpmath
from riskcalc.spectral.precise import logarithmic_sums as logarithmic
from riskcalc.spectral.precise.logarithmic_sums import LogarithmicSums
from riskcalc.spectral.precise.of_problem import precise_sums
from riskcalc.spectral.precise.term_by_term import TermByTerm

FIELD = Arb()
NAMES = ("d1", "d2", "sig", "sig2")
SLOW = Problem(spectrum=LogarithmicPowerLaw(a="63/50", scale="1/3"), signal=GaussianPrior(scale="13/1000"))
STEEP = Problem(spectrum=LogarithmicPowerLaw(a=30), signal=PowerLawSignal(b="3/2", scale=2))
POINTS = [(100, 0), (-50, 1), (0.3, 0), (-1e-2, 1e-3), (-1e-2, -1e-4), (1e-5, -1e-5), (-1e-6, 1e-7), (1e-12, 0)]


def at(problem, point, digits, field=FIELD, sums=None):
    with field.working(digits + 20):
        real, imag = (field.real(Fraction(part)) for part in point)
        found = (sums or precise_sums(problem, field)).at(field.pair(real, imag) if point[1] else real, digits)
        return [field.middle(getattr(found, name)) for name in NAMES]


def gap(found, expected):
    """Largest relative difference of the four sums, as a power of ten."""
    pairs = zip(found, expected, strict=True)
    return max(FIELD.polar(one - two)[0] - FIELD.polar(two)[0] for one, two in pairs) / 2.302585


def summed(problem, point):
    """Plain sums to j = 4000, and Abel and Plana's formula with mpmath's own quadrature for the rest."""
    spectrum, signal, first = problem.spectrum, problem.signal, 4000
    with mpmath.workdps(50):
        mp = mpmath.mp
        u, a = mp.mpc(*point), mp.mpf(spectrum.a.numerator) / spectrum.a.denominator
        scale, height = (
            mp.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in (spectrum.scale, signal.scale)
        )

        def terms(x):
            """The four summands at j = e^x."""
            value = scale * mp.exp(-x) / mp.log(1 + mp.exp(x)) ** a
            power = height * (value if signal.b is None else mp.exp(-x * signal.b.numerator / signal.b.denominator))
            inverse = 1 / (value + u)
            return mp.matrix([value * inverse, (value * inverse) ** 2, power * inverse, power * inverse**2])

        total = sum((terms(mp.log(j)) for j in range(1, first)), mp.matrix(4, 1)) + terms(mp.log(first)) / 2
        # log j = log(first) + e^y on the real axis, whose far end is slow for int dj/(j log^a j): there log j is large
        low = mp.log(first)
        for k in range(4):
            total[k] += mp.quad(
                lambda y, k=k: terms(low + mp.exp(y))[k] * mp.exp(low + mp.exp(y) + y), [-120, -8, -3, 0, 1.5, 3, 4, 5]
            )
            total[k] += mp.quad(
                lambda y, k=k: (
                    1j * (terms(mp.log(first + 1j * y))[k] - terms(mp.log(first - 1j * y))[k]) / mp.expm1(2 * mp.pi * y)
                ),
                [0, 1, 4, 12, 25],
            )
        rest = low + mp.exp(5)  # lambda/u is below 1e-50 there
        trace = scale * rest ** (1 - a) / (a - 1)
        total[0] += trace / u
        slope = 0 if signal.b is None else mp.mpf(signal.b.numerator) / signal.b.denominator - 1
        power = height * (mp.exp(-slope * rest) / slope if slope else trace)
        total[2] += power / u
        total[3] += power / u**2
        return list(total)


def test_which_sums_are_taken():
    assert isinstance(precise_sums(SLOW, FIELD), LogarithmicSums)
    finite = Problem(spectrum=LogarithmicPowerLaw(a=2, dimension=50), signal=GaussianPrior())
    assert isinstance(precise_sums(finite, FIELD), TermByTerm)


@pytest.mark.slow
@pytest.mark.parametrize(("problem", "point"), [(SLOW, (0.3, 0)), (STEEP, (-1e-2, 1e-2))], ids=["slow", "steep"])
def test_against_plain_sums_and_another_quadrature(problem, point):
    expected = summed(problem, point)
    with mpmath.workdps(50):
        field = Mpmath()
        found = at(problem, point, 40, field)
        gaps = [abs(mpmath.mpmathify(one) - two) / abs(two) for one, two in zip(found, expected, strict=True)]
        assert max(gaps) < 1e-40


@pytest.mark.parametrize("problem", [SLOW, STEEP], ids=["slow", "steep"])
def test_a_longer_head_says_the_same(problem, monkeypatch):
    """Another J, circle and path."""
    with FIELD.working(50):
        sums = precise_sums(problem, FIELD)
        found = [at(problem, point, 20, sums=sums) for point in POINTS]
        place = logarithmic._Poles.place
        monkeypatch.setattr(logarithmic._Poles, "place", lambda *asked: 2 * place(*asked))
        longer = [at(problem, point, 20, sums=sums) for point in POINTS]
        assert max(gap(*pair) for pair in zip(found, longer, strict=True)) < -20


def test_both_fields_say_the_same():
    with FIELD.working(50):
        with Mpmath().working(40):
            theirs = [Mpmath().parts(x) for x in at(SLOW, (-1e-3, 1e-3), 12, Mpmath())]
            exact = [[Mpmath().rational(part) for part in parts] for parts in theirs]
        expected = [FIELD.pair(*(FIELD.real(part) for part in parts)) for parts in exact]
        assert gap(at(SLOW, (-1e-3, 1e-3), 12), expected) < -12


def test_a_fast_signal_ends_early():
    """sig and sig2 of b = 9 are those of 3000 terms, but for what is below 3e-28/u."""
    fast = PowerLawSignal(b=9)
    infinite = Problem(spectrum=LogarithmicPowerLaw(a=2), signal=fast)
    finite = Problem(spectrum=LogarithmicPowerLaw(a=2, dimension=3000), signal=fast)
    with FIELD.working(50):
        sums = precise_sums(infinite, FIELD), precise_sums(finite, FIELD)
        for point in ((0.3, 0), (-1e-2, 1e-2), (-3, 0)):
            found, listed = (at(None, point, 20, sums=one)[2:] for one in sums)
            assert gap(found, listed) < -20


@pytest.mark.parametrize(
    ("name", "wrong"),
    [("_DIGITS_A_NODE", 4.0), ("_LEG", 15.0), ("_radius", lambda digits: 1)],
    ids=["nodes", "legs", "circle"],
)
def test_rules_that_are_too_coarse_are_seen(name, wrong, monkeypatch):
    with FIELD.working(50):
        right = at(SLOW, (1e-2, -1e-2), 20)
        monkeypatch.setattr(logarithmic, name, wrong)
        assert gap(at(SLOW, (1e-2, -1e-2), 20), right) > -19


def test_no_sum_is_asked_on_the_spectrum():
    with pytest.raises(ToleranceNotMet, match="too close to the spectrum"):
        at(SLOW, (-1e-9, 0), 20)


@pytest.mark.parametrize("steps", [[2], pytest.param([0, 5, 10**7], marks=pytest.mark.slow)], ids=str)
def test_more_digits_say_what_floats_say(steps):
    run = Run(SLOW, model_size=9, schedule=Constant("1/10"), steps=steps)
    floats, digits = Equivalent().curve(run), Equivalent(digits=11).curve(run)
    assert digits.excess == pytest.approx(floats.excess, rel=2e-10)
    assert digits.approximation == pytest.approx(floats.approximation, rel=2e-10)
    with pytest.raises(InvalidInput, match="no proved remainder"):
        Equivalent(digits=15, certified=True).curve(run)
