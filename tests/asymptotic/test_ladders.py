"""The equivalent road over the leading-order road tends to 1, phase by phase, at the rate of the next term."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.scaling import exponents


def _curves(a, b, *, size, steps, step_size="3/10", noise=0, batch=1, dimension=None):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b=b), noise=noise)
    run = rc.Run(problem, model_size=size, schedule=rc.Constant(step_size), steps=steps, batch_size=batch)
    return rc.Asymptotic().curve(run), rc.Equivalent().curve(run)


def _slopes(gaps, ladder):
    return np.diff(np.log(np.abs(gaps))) / np.diff(np.log(np.array(ladder, dtype=float)))


@pytest.mark.parametrize(
    "phase, a, b, batch, noise",
    [
        ("Ia", "2", "12/5", 1, 0),
        pytest.param("Ia", "2", "11/5", 4, 0, marks=pytest.mark.slow),
        ("II", "2", "7/2", 1, 0),
        pytest.param("II", "2", "16/5", 3, 0, marks=pytest.mark.slow),
        ("III", "3/2", "4", 1, 0),
        pytest.param("III", "7/4", "9/2", 2, 0, marks=pytest.mark.slow),
        ("III", "3/2", "4", 4, 1),  # with label noise, which then leads
    ],
)
def test_at_fixed_model_size_the_next_term_is_the_tail_of_the_kernel(phase, a, b, batch, noise):
    """M = 1e12: the gap falls at each rung like t^-(1 - 1/a), what the sum of the kernel still lacks."""
    ladder = [10**4, 10**5, 10**6, 10**7, 10**8]
    leading, equivalent = _curves(a, b, size="1e12", steps=ladder, batch=batch, noise=noise)
    gaps = equivalent.excess / leading.excess - 1
    assert np.all(np.diff(np.abs(gaps)) < 0)
    slopes = _slopes(gaps, ladder)
    # the term after it is smaller by another t^-(1 - 1/a), or in II by the distance between F_pp and K S
    assert slopes[-1] == pytest.approx(-(1 - 1 / float(Fraction(a))), abs=0.03)
    found = exponents(a=a, b=b)
    assert found.phase == phase


def test_all_three_components():
    """Label noise: variance, bias and approximation separately, along a ladder."""
    ladder = [10**5, 10**7, 10**9]
    leading, equivalent = _curves("3/2", "2", size="1e12", steps=ladder, noise="1/10", batch=2)
    for name in ("bias", "variance"):
        gaps = np.abs(getattr(equivalent, name) / getattr(leading, name) - 1)
        assert np.all(np.diff(gaps) < 0)
        assert gaps[-1] < 3e-3
    assert equivalent.approximation == pytest.approx(leading.approximation, rel=1e-5)


@pytest.mark.parametrize(
    "phase, a, b, power, rate",
    [
        # t = M^power, where the two terms of the optimum meet; the gap is of the order of the larger of
        # t^-(1 - 1/a) and x^(1/a), x = t/M^a
        ("II", "2", "7/2", Fraction(4, 3), Fraction(1, 3)),
        ("III", "2", "5", Fraction(1), Fraction(1, 2)),
    ],
)
def test_along_the_optimal_allocation(phase, a, b, power, rate):
    """F_ac matters here: at the balance of phases II and III the ratio tends to 1 as M grows."""
    sizes = [10**3, 10**6, 10**9] if power > 1 else [10**4, 10**8, 10**12]
    gaps = []
    for size in sizes:
        leading, equivalent = _curves(a, b, size=size, steps=[round(float(size) ** float(power))])
        gaps.append(float(equivalent.excess[0] / leading.excess[0] - 1))
    assert np.all(np.diff(np.abs(gaps)) < 0)
    assert _slopes(gaps, sizes)[-1] == pytest.approx(-float(rate), abs=0.03)
    assert exponents(a=a, b=b).phase == phase
    assert exponents(a=a, b=b).exponents["t"].low / exponents(a=a, b=b).exponents["M"].low == power


@pytest.mark.parametrize(
    "phase, a, b, theta, rate",
    [
        # step size gamma ~ M^(a-1), tau = 2 gamma t = M^(a theta): x = M^(-a (1 - theta)); the next terms are
        # x^((b-1)/a) and x^(1/a-1) in Ib (equal here), x^(1/a-2) and then x in Ic, x^(1/a-1) in IVa
        ("Ib", "3/5", "7/5", "1/2", (0.17, 0.23)),
        pytest.param("Ic", "2/5", "11/5", "1/2", (0.1, 0.2), marks=pytest.mark.slow),
        ("IVa", "4/5", "14/5", "7/20", (0.1, 0.16)),
    ],
)
def test_below_a_equal_1_with_a_finite_dimension(phase, a, b, theta, rate):
    """v = 4 M: prefactors 1 inside the window; slow, as every next term is a small power of x."""
    decay = float(Fraction(a))
    sizes = [10**8, 10**10, 10**12, 10**14, 10**16]
    gaps = []
    for size in sizes:
        step_size = 0.5 * (1 - decay) * (4.0 * size) ** (decay - 1)
        steps = [round(size ** (decay * float(Fraction(theta))) / (2 * step_size))]
        leading, equivalent = _curves(a, b, size=size, steps=steps, step_size=step_size, dimension=4 * size)
        gaps.append(float(equivalent.excess[0] / leading.excess[0] - 1))
    assert np.all(np.diff(np.abs(gaps)) < 0)
    assert abs(gaps[-1]) < 0.02
    low, high = rate
    assert low < -_slopes(gaps, sizes)[-1] < high
    assert exponents(a=a, b=b).phase == phase


@pytest.mark.parametrize(
    "a, b, step_range, exponent",
    [
        ("2", "12/5", (10**4, 10**10), Fraction(-7, 10)),  # F_pp, Ia
        ("2", "7/2", (10**4, 10**10), Fraction(-5, 4)),  # F_pp, II
        ("3/2", "4", (10**4, 10**9), Fraction(-4, 3)),  # K S, III
        ("3/2", "4", (10**14, 10**16), Fraction(-1, 3)),  # F_ac, III
    ],
)
def test_slopes_of_the_exact_curve_tend_to_the_derived_exponent(a, b, step_range, exponent):
    """The local slope comes within 0.02 of the exponent somewhere in the middle of the term's own range."""
    first, last = step_range
    steps = [round(s) for s in np.geomspace(first, last, 13)]
    _, equivalent = _curves(a, b, size="1e12", steps=steps)
    slopes = _slopes(equivalent.excess - equivalent.approximation, equivalent.steps)
    assert np.min(np.abs(slopes - float(exponent))) < 0.02
