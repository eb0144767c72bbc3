"""Terms of the leading order that a constant step size at b other than a + 1 never shows, along ladders of decades."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from sympy import Rational

import riskcalc as rc
from riskcalc.asymptotic.laurent import zeta_series
from riskcalc.formula import evaluate


def _gap(a, b, *, size, step, schedule):
    """Bias of the equivalent over that of the leading order, less 1."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b))
    run = rc.Run(problem, model_size=size, schedule=schedule, steps=[step])
    equivalent, leading = rc.Equivalent(tolerance=1e-6).curve(run), rc.Asymptotic().curve(run)
    return float(equivalent.bias[0] / leading.bias[0] - 1)


def _assert_vanishes(gaps, *, each):
    """Every rung closes what is left by at least the factor `each`."""
    assert np.all(np.abs(gaps[1:]) < each * np.abs(gaps[:-1])), gaps


@pytest.mark.parametrize("a, b", [("3/2", "4"), ("2", "4")])
def test_the_early_bias_fed_back_under_a_decaying_schedule(a, b):
    """At b > a + 1 it carries 1/(1 - kappa): without it the gap stays, 37 % of the whole at a = 3/2."""
    schedule = rc.Cosine("1/5")
    gaps = [_gap(a, b, size="1e12", step=step, schedule=schedule) for step in (10**3, 10**4, 10**5)]
    _assert_vanishes(np.array(gaps), each=0.5)


def test_the_distortion_by_the_sketch_exactly_where_it_sets_in():
    """At b = a + 1 F_ac carries a logarithm; at t = M^(3/2) it is 46, 12 and 8 % of the bias at these sizes."""
    sizes = (10**6, 10**9, 10**10)
    gaps = [_gap("2", "3", size=M, step=round(M**1.5), schedule=rc.Constant("3/10")) for M in sizes]
    assert np.all(np.diff(np.abs(gaps)) < 0)
    # what follows F_pp and F_ac is smaller by t^-(1 - 1/a) or M^-(1/4) log M; F_ac alone would be ten times as much
    assert np.all(np.abs(gaps) < np.array([float(M) ** -0.25 for M in sizes]))


@pytest.mark.parametrize("at, slope", [(Rational(1), Rational(2)), (Rational(3, 2), Rational(-1, 3))])
def test_every_coefficient_of_zeta_next_to_a_point(at, slope):
    """The series against zeta itself: the error of seven coefficients is that of the eighth."""
    series = zeta_series(at, slope, 7)
    values = [evaluate(coefficient, {}, 40) for coefficient in series.coefficients]
    with mpmath.workdps(40):
        step = mpmath.mpf(10) ** -4
        found = mpmath.fsum(value * step ** (series.lowest + n) for n, value in enumerate(values))
        shift = mpmath.mpf(slope.p) / slope.q * step
        exact = mpmath.zeta(mpmath.mpf(at.p) / at.q + shift)
        to_pole = float(abs(at - 1)) or 1.0
        assert abs(found - exact) < 10 * abs(shift / to_pole) ** (series.lowest + 7)
