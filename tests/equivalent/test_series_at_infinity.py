"""Early steps against a derivation that needs no contour, no root and no integral.

The contour of F and K is blown up to infinity: with w = 1/u, d1 and sig are power series in w whose coefficients are
the power sums sum_j j^-s, z = -(1/w)(1 - d1/M), and F(t) and K(t) are coefficients of w. Every t up to 10 follows from
zeta values alone, for any M and any dimension.
"""

from fractions import Fraction

import mpmath
import pytest
from mpmath import mpf

import riskcalc as rc

STEPS = [0, 1, 2, 8]
CASES = {  # a, b, dimension, M, step size, batch size, noise
    "small real M": ("2", "17/5", None, "3/2", "1/10", 1, "0"),
    "batch and noise": ("3/2", "11/5", None, "1000", "1/5", 4, "1/10"),
    "large M": ("2", "3", None, "1e9", "3/10", 2, "1"),
    "nearly as many features as dimensions": ("5/2", "3/2", 5, "9/2", "1/5", 1, "2"),
    "slow spectrum": ("1/2", "1/2", 60, "20", "1/20", 1, "1/2"),
}


def _power_sum(s, dimension):
    return mpmath.zeta(s) if dimension is None else mpmath.fsum(mpf(j) ** (-s) for j in range(1, dimension + 1))


def _times(left, right, count):
    return [mpmath.fsum(left[i] * right[k - i] for i in range(k + 1)) for k in range(count)]


def _excess(a, b, dimension, model_size, gamma, batch, noise):
    a, b, size, gamma, noise = (
        mpf(f.numerator) / f.denominator for f in map(Fraction, (a, b, model_size, gamma, noise))
    )
    last, count = STEPS[-1], 2 * STEPS[-1] + 4
    d1 = [mpf(0)] + [(-1) ** k * _power_sum(a * (k + 1), dimension) for k in range(count - 1)]
    sig = [mpf(0)] + [(-1) ** k * _power_sum(b + a * k, dimension) for k in range(count - 1)]
    m = [(k == 0) - d1[k] / size for k in range(count)]
    inverse = [mpf(1)]
    for k in range(1, count):
        inverse.append(-mpmath.fsum(m[i] * inverse[k - i] for i in range(1, k + 1)))
    slope = [(k - 1) * m[k] for k in range(count)]  # dz/du
    signal = _times(_times(sig, inverse, count), slope, count)
    kernel = _times(d1, slope, count)

    power, f_moments, k_moments = [mpf(1)] + [mpf(0)] * (count - 1), [], []
    for k in range(count - 2):  # (1/2 pi i) of the integrals of z^k: the coefficient of w
        f_moments.append(mpmath.fsum(signal[i] * power[k + 1 - i] for i in range(k + 2)))
        k_moments.append(mpmath.fsum(kernel[i] * power[k + 1 - i] for i in range(k + 2)))
        power = _times(power, [-x for x in m], count)
    q, factor = [mpf(1)], [mpf(1), -2 * gamma, gamma**2 * (1 + mpf(1) / batch)]
    forcing, feedback = [], []
    for _ in range(last + 1):
        forcing.append(-mpmath.fsum(c * f_moments[i] for i, c in enumerate(q)))
        feedback.append(-(gamma**2) / batch * mpmath.fsum(c * k_moments[i + 1] for i, c in enumerate(q)))
        padded = [*q, mpf(0), mpf(0)]
        q = _times(padded, factor + [mpf(0)] * (len(padded) - 3), len(padded))
    excess = []
    for t in range(last + 1):
        excess.append(forcing[t] + mpmath.fsum(feedback[t - 1 - k] * (excess[k] + noise) for k in range(t)))
    return [excess[t] for t in STEPS]


def _run(a, b, dimension, model_size, gamma, batch, noise):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b=b), noise=noise)
    return rc.Run(
        problem, model_size=model_size, batch_size=batch, schedule=rc.Constant(gamma), steps=STEPS, horizon=STEPS[-1]
    )


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES.keys())
def case(request):
    with mpmath.workdps(120):
        return _run(*request.param), _excess(*request.param)


def _last_place(text):
    mantissa, _, exponent = text.partition("e")
    return mpf(10) ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


@pytest.mark.parametrize(("digits", "field"), [(1, rc.Arb()), (34, rc.Arb())])
def test_every_digit_but_the_last_is_correct(case, digits, field):
    run, known = case
    texts = rc.risk(run, method=rc.Equivalent(digits=digits, field=field)).decimals["excess"]
    assert mpmath.mp.dps == 15
    with mpmath.workdps(120):
        for text, value in zip(texts, known, strict=True):
            assert abs(mpf(text) - value) < _last_place(text)


@pytest.mark.parametrize("digits", [2, 30])
def test_balls_hold_the_value_and_are_as_narrow_as_asked(case, digits):
    run, known = case
    decimals = rc.risk(run, method=rc.Equivalent(digits=digits, certified=True)).decimals
    with mpmath.workdps(120):
        for text, wide, value in zip(decimals["excess"], decimals["radius"], known, strict=True):
            assert abs(mpf(text) - value) <= mpf(wide)
            # what was proved, and the rounding of the text; the radius itself is printed to three digits, upwards
            assert mpf(wide) <= mpf("1.01") * (value * mpf(10) ** -digits + _last_place(text) / 2)


def test_mpmath_gives_the_same_digits():
    run = _run(*CASES["nearly as many features as dimensions"])
    pair = [rc.risk(run, method=rc.Equivalent(digits=12, field=field)).decimals for field in (rc.Arb(), rc.Mpmath())]
    assert pair[0]["excess"] == pair[1]["excess"]


def test_float64(case):
    run, known = case
    for found, value in zip(rc.risk(run).excess, known, strict=True):
        assert abs(float(found) / value - 1) < 1e-9
