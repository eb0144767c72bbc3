"""What the logarithms of the terms are of, by ladders of the exact equivalent: equal steps for equal factors."""

from __future__ import annotations

import math

import numpy as np
import pytest

import riskcalc as rc


def curve(a, b, *, size, schedule, steps, noise=0, ratio=None):
    spectrum = rc.PowerLaw(a=a, dimension=None if ratio is None else ratio * size)
    problem = rc.Problem(spectrum=spectrum, signal=rc.PowerLawSignal(b=b), noise=noise)
    return rc.risk(rc.Run(problem, model_size=size, schedule=schedule, steps=[steps]), method=rc.Equivalent())


def label_noise(*asked, **words):
    """Of noise variance 1, without what the approximation adds to it."""
    found = curve(*asked, noise=1, **words)
    return float(found.variance[-1]) / (1 + float(found.approximation))


@pytest.mark.slow
def test_beyond_the_window_at_a_equal_p_plus_one_the_noise_grows_like_log_m():
    """a = 3 and a cosine, p = 2: gamma^(1/3) t^(-2/3) (c + c' log M)."""
    values = [label_noise(3, 5, size=size, schedule=rc.Cosine("1/10"), steps=10**14) for size in (64, 256, 1024)]
    first, second = np.diff(values)
    assert second == pytest.approx(first, rel=0.03)
    assert first > 0.1 * values[0]  # nothing that settles


def test_in_the_window_at_a_equal_p_plus_one_the_noise_carries_log_t():
    """a = 2 and linear decay, p = 1: (gamma t)^(1/2)/t (c + c' log(gamma t))."""
    steps = [10**5, 10**6, 10**7]
    values = [
        label_noise(2, 3, size=10**6, schedule=rc.Polynomial("1/10", power=1), steps=t) * t / math.sqrt(t / 10)
        for t in steps
    ]
    first, second = np.diff(values)
    assert second == pytest.approx(first, rel=0.03)
    assert first > 0.1 * values[0]


def test_at_a_half_the_noise_carries_log_of_what_is_left_of_the_window():
    """2 gamma^2 t log(M^(1/2)/(gamma t)): a factor of 16 in M adds what a factor of 1/4 in gamma t adds."""
    gamma, t, size = 1e-8, 10**10, 10**10  # gamma t = 100, far below M^(1/2) over the mean eigenvalue's constant

    def per_step(size, steps):
        found = label_noise("1/2", 2, size=size, schedule=rc.Constant(gamma), steps=steps, ratio=2)
        return found / (gamma**2 * steps)

    start = per_step(size, t)
    assert per_step(16 * size, t) - start == pytest.approx(2 * math.log(4), rel=0.05)
    assert per_step(size, t // 4) - start == pytest.approx(2 * math.log(4), rel=0.05)


def test_at_a_equal_one_f_ac_carries_log_of_what_is_left_of_the_window():
    """zeta(b - 1) log(M/(gamma t))/M, b = 3: while modes are learnt their share of the trace falls."""
    gamma = 1e-7

    def scaled(size, steps):
        found = curve(1, 3, size=size, schedule=rc.Constant(gamma), steps=steps, ratio=4)
        resolved = (2 * gamma * steps) ** -2.0  # F_pp
        return (float(found.bias[-1]) + float(found.approximation) - resolved) * size

    size, t = 10**8, 5 * 10**11
    expected = math.pi**2 / 6 * math.log(4)
    start = scaled(size, t)
    assert scaled(4 * size, t) - start == pytest.approx(expected, rel=0.05)
    assert scaled(size, t // 4) - start == pytest.approx(expected, rel=0.05)
