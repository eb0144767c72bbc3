"""Lin et al. (arXiv 2406.08466): every term of theorems 4.1, 4.2, F.6 and 4.3 derived, then seen in the equivalent."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from scipy.integrate import quad
from scipy.optimize import brentq
from sympy import Integer, Lambda, Rational, exp

import riskcalc as rc
from riskcalc.asymptotic import expand, term_table
from riskcalc.asymptotic.shape import geometric
from riskcalc.formula import SpectralSum
from riskcalc.spectral.contour_modes import modes_in_u
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums


def _rational(text):
    value = Fraction(text)
    return Rational(value.numerator, value.denominator)


def _geometric(a, b, *, size, horizon, step_size="1/10"):
    """Approximation, bias, and variance per unit of noise, at the end of the geometric schedule."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b), noise=1)
    run = rc.Run(problem, model_size=size, schedule=rc.Geometric(step_size), steps=[horizon])
    curve = rc.Equivalent().curve(run)
    return curve.approximation, float(curve.bias[0]), float(curve.variance[0]) / (1 + curve.approximation)


def _slope(values, places):
    return math.log(values[-1] / values[-2]) / math.log(places[-1] / places[-2])


@pytest.mark.parametrize(
    "a, b",
    [  # theorem 4.1 twice; 4.2 below a and above a
        ("2", "2"),
        pytest.param("3/2", "3/2", marks=pytest.mark.slow),
        pytest.param("2", "3/2", marks=pytest.mark.slow),
        ("2", "5/2"),
    ],
)
def test_source_condition(a, b):
    """sigma2 + M^(1-b) + (N_eff gamma)^(-(b-1)/a) + min{M, (N_eff gamma)^(1/a)}/N_eff."""
    table = {term.name: term for term in term_table(_rational(a), _rational(b), shape=geometric())}
    decay, source = float(Fraction(a)), float(Fraction(b))

    # derived: the theorem's exponents (t stands for N_eff)
    assert dict(table["F_0"].exponents) == {"M": 1 - _rational(b)}
    bias = -(_rational(b) - 1) / _rational(a)
    assert dict(table["F_pp"].exponents) == {"t": bias, "gamma": bias}
    noise = {"t": 1 / _rational(a) - 1, "gamma": 1 / _rational(a), "B": -1, "sigma2": 1}
    assert dict(table["noise"].exponents) == noise

    # confirmed: approximation in M, bias and variance in N_eff, variance in gamma
    floors = [_geometric(a, b, size=size, horizon=2**10)[0] for size in (10**6, 10**9)]
    assert _slope(floors, (1e6, 1e9)) == pytest.approx(1 - source, abs=1e-3)
    horizons = [2**30, 2**40]
    effective = [n / math.log2(n) for n in horizons]
    # a small step size: the feedback of the first stages, kappa, moves the exponent of gamma itself
    found = [_geometric(a, b, size="1e12", horizon=n, step_size="1/100") for n in horizons]
    assert _slope([f[1] for f in found], effective) == pytest.approx(float(bias), abs=2e-3)
    assert _slope([f[2] for f in found], effective) == pytest.approx(1 / decay - 1, abs=2e-3)
    smaller = _geometric(a, b, size="1e12", horizon=2**40, step_size="1/1000")
    assert _slope([smaller[2], found[1][2]], (0.001, 0.01)) == pytest.approx(1 / decay, abs=0.01)
    assert _slope([smaller[1], found[1][1]], (0.001, 0.01)) == pytest.approx(float(bias), abs=0.01)


def test_variance_of_a_small_model_is_its_size_over_the_effective_samples():
    """M^a << N_eff gamma, beyond the window of the term table: variance ~ M/N_eff. Seen, not derived."""
    sizes, horizon = (100, 1000), 2**40
    values = [_geometric("2", "2", size=size, horizon=horizon)[2] for size in sizes]
    assert _slope(values, sizes) == pytest.approx(1, abs=0.02)
    later = _geometric("2", "2", size=1000, horizon=2**50)[2]
    effective = [n / math.log2(n) for n in (2**40, 2**50)]
    assert _slope([values[1], later], effective) == pytest.approx(-1, abs=0.02)


def _averaged(a, b, *, size, horizon, step_size=0.1):
    """Bias and variance (noise 1) of the average of the iterates 0..N-1 at constant step size, batch 1.

    N^-2 sum_t sum_i l_i s_i(t) (1 + 2 p_i (1 - p_i^(N-1-t))/(1 - p_i)), p = 1 - gamma l: exact given the sketch, and
    analytic in l_i, so that the modes of the equivalent may stand for it.
    """
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b))
    sums = spectral_sums(problem)
    modes = modes_in_u(sums, float(size), landmarks(sums, float(size)), height=0.9, digits=13)
    z, q = modes.position, modes.factor(step_size, 1)
    p, gain = 1 - step_size * z, step_size**2 * modes.kernel
    state = np.stack([modes.signal, np.zeros_like(modes.signal)])
    # p^(N-1-t) from the last step to the first would underflow; log p does not
    log_p, total = np.log(p), np.zeros(2)
    for t in range(horizon):
        weight = 1 + 2 * p * -np.expm1(log_p * (horizon - 1 - t)) / (step_size * z)
        total += 2 * (state * weight).sum(axis=1).real
        drive = 2 * state.sum(axis=1).real + np.array([0.0, 1.0])
        state = state * q + drive[:, None] * gain
    return total / horizon**2


def test_average_of_the_iterates():
    """Theorem F.6: bias (N gamma)^(1/a - 1) at b = a, variance (N gamma)^(1/a)/N, by residues and by the equivalent."""
    a = Integer(2)
    x, tau = sympy.symbols("x tau", positive=True)

    def leading(pieces, p):
        """Sums of c x^r (1 - exp(-k x)), expanded one by one: between them they converge."""
        powers: dict[sympy.Expr, sympy.Expr] = {}
        for factor, r, k in pieces:
            total = SpectralSum(Lambda(x, x**r * (1 - exp(-k * x))), p, -a, tau)
            for term in expand(total, towards="oo", terms=2, regularized=True).terms:
                if term.origin == "zeta":
                    powers[term.power] = powers.get(term.power, Integer(0)) + factor * term.constants[0]
        ((power, constant),) = powers.items()
        return power, float(constant)

    # ((1 - e^-y)/y)^2 and 1 - 2 (1 - e^-y)/y + (1 - e^-2y)/(2 y), y = N gamma l
    bias_power, bias_constant = leading(((2, -2, 1), (-1, -2, 2)), a)
    noise_power, noise_constant = leading(((-2, -1, 1), (Rational(1, 2), -1, 2)), Integer(0))
    assert (bias_power, noise_power) == (1 / a - 1, 1 / a)

    horizons, gamma = (1000, 8000), 0.01
    found = np.array([_averaged("2", "2", size=10**6, horizon=n, step_size=gamma) for n in horizons])
    scale = np.array(horizons) * gamma
    bias = found[:, 0] / (bias_constant * scale ** float(bias_power))
    noise = found[:, 1] / (noise_constant * scale ** float(noise_power) / np.array(horizons))
    assert abs(bias[1] - 1) < abs(bias[0] - 1)
    assert bias[1] == pytest.approx(1, abs=0.02)
    # sum_j 1 = zeta(0) = -1/2 is the next residue of the effective dimension, (N gamma)^(-1/a) relative
    kappa = gamma / 2 * math.pi**2 / 6
    gaps = noise * (1 - kappa) - 1
    assert math.log(gaps[1] / gaps[0]) / math.log(8) == pytest.approx(-0.5, abs=0.03)


class _LogarithmicSpectrum:
    """lambda_j = 1/(j log(j+1)^a), v = oo: sums as head plus integral in s = log j (plus half the first term)."""

    def __init__(self, a, head=2000):
        self.a, self.head = a, head
        j = np.arange(1, head, dtype=float)
        self.first = 1 / (j * np.log(j + 1) ** a)

    def total(self, function, scale):
        """sum_j function(lambda_j); the tail in s from log(head) on, cut where lambda is about `scale`."""
        low = math.log(self.head)
        a = self.a

        def integrand(s):
            value = math.exp(-s) * s**-a
            return function(value) * math.exp(s)

        bend = max(low + 1, -math.log(scale) - a * math.log(max(-math.log(scale), 1)))
        pieces = sorted({low, max(low, bend - 40), max(low, bend - 8), bend, bend + 8, bend + 40})
        tail = sum(quad(integrand, x, y, limit=400, epsabs=0, epsrel=1e-10)[0] for x, y in pairwise(pieces))
        end = pieces[-1]  # function(l) ~ function'(0) l beyond: int s^-a ds
        small = math.exp(-end) * end**-a
        tail += function(small) / small * end ** (1 - a) / (a - 1)
        return float(np.sum(function(self.first))) + tail + function(math.exp(-low) * low**-a) / 2

    def floor(self, size):
        """u0 with d1(u0) = M."""

        def surplus(log_u):
            u = math.exp(log_u)
            return math.log(self.total(lambda x: x / (x + u), u) / size)

        guess = -math.log(size) + (1 - self.a) * math.log(math.log(size))
        return math.exp(brentq(surplus, guess - 8, guess + 8, xtol=1e-12))


@pytest.mark.parametrize("a", [1.5, 2.0, 3.0])
def test_logarithmic_spectrum(a):
    """Theorem 4.3 (derivation D19): approximation log^(1-a) M, bias log^(1-a)(T), effective dimension T/log^a T.

    Confirmed on the equations of the equivalent at v = oo, up to M = 1e250. The corrections are log log M/log M, so the
    local exponents approach slowly: within 10 % at the last rung, nearer at each of the last three.
    """
    spectrum = _LogarithmicSpectrum(a)
    logs = [math.log(10) * power for power in (8, 16, 32, 64, 128, 250)]
    floors, biases, dimensions = [], [], []
    for log in logs:
        scale = math.exp(log)

        def decayed(value, scale=scale):
            return value * np.exp(-2 * scale * value)

        def counted(value, scale=scale):
            return (scale * value * np.exp(-scale * value)) ** 2

        floors.append(scale * spectrum.floor(scale))  # isotropic prior: b = a, M u0
        biases.append(spectrum.total(decayed, 1 / scale))
        dimensions.append(spectrum.total(counted, 1 / scale) / scale)
    for values, exponent in ((floors, 1 - a), (biases, 1 - a), (dimensions, -a)):
        gaps = np.abs(np.diff(np.log(values)) / np.diff(np.log(logs)) - exponent)
        assert np.all(np.diff(gaps)[-3:] < 0)
        assert gaps[-1] < 0.1 * abs(exponent)
    # and the constants: log^(1-a)/(a-1) for both
    for values in (floors, biases):
        ratios = np.array(values) * (a - 1) * np.array(logs) ** (a - 1)
        assert np.all(np.diff(np.abs(ratios - 1)) < 0)


def test_logarithmic_spectrum_in_the_equivalent_road():
    """A finite dimension, through the front door, is the same equations: floor and bias against the sums."""
    j = np.arange(1, 20_001, dtype=float)
    eigenvalues = 1 / (j * np.log(j + 1) ** 2)
    problem = rc.Problem(spectrum=rc.ExplicitSpectrum(eigenvalues), signal=rc.ExplicitSignal(np.ones_like(eigenvalues)))
    run = rc.Run(problem, model_size=500, schedule=rc.Constant("1/100"), steps=[1000], batch_size=10**6)
    curve = rc.Equivalent(tolerance=1e-7).curve(run)
    floor = brentq(lambda u: np.sum(eigenvalues / (eigenvalues + u)) - 500, 1e-9, 1e-2, xtol=1e-16)
    assert curve.approximation == pytest.approx(500 * floor, rel=1e-8)
    unsketched = np.sum(eigenvalues * (1 - 0.01 * eigenvalues) ** 2000)
    assert curve.excess[0] == pytest.approx(unsketched, rel=0.02)  # gamma t = 10 << M: the sketch hardly matters
