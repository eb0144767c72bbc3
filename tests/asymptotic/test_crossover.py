"""The crossover functions: the equivalent of ever larger models tends to them, at the rate of the next term."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import Constant, Equivalent, PowerLaw, PowerLawSignal, Problem, Run
from riskcalc.asymptotic import crossover
from riskcalc.errors import InvalidInput
from riskcalc.spectral.contour_modes import modes_in_u
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums

X = np.array([1e-2, 0.1, 0.3, 1.0])
SIZES = (10**6, 10**9, 10**12)


def _equivalent(a, b, ratio, size):
    """F M^min(b-1, a) and K M^(2a-1) B/gamma^2 at t = X M^a/gamma, small gamma."""
    problem = Problem(
        spectrum=PowerLaw(a=a, dimension=None if ratio is None else ratio * size), signal=PowerLawSignal(b=b)
    )
    decay, source, size = float(problem.spectrum.a), float(problem.signal.b), float(size)
    sums = spectral_sums(problem)
    modes = modes_in_u(sums, size, landmarks(sums, size), height=0.6, digits=15)
    decayed = np.exp(-2 * X[:, None] * modes.position * size**decay)
    forcing = modes.total(modes.signal * decayed) + modes.floor
    return forcing * size ** min(source - 1, decay), modes.total(modes.kernel * decayed) * size ** (2 * decay - 1)


@pytest.mark.parametrize(
    "a, b, ratio",
    [("2", "12/5", None), ("3/2", "2", None), ("2", "7/2", None), ("3/5", "7/5", 4), ("4/5", "14/5", 4)],
)
def test_large_models_tend_to_the_crossover(a, b, ratio):
    """The distance falls at each rung; its exponent is that of the term left out, 1/M for the kernel."""
    limit = crossover(a=a, b=b, x=X, ratio=ratio)
    gaps = []
    for size in SIZES:
        forcing, kernel = _equivalent(a, b, ratio, size)
        gaps.append((np.abs(forcing / limit.forcing - 1), np.abs(kernel / limit.kernel - 1)))
    (first_f, first_k), (second_f, second_k), (third_f, third_k) = gaps
    assert np.all(third_f < second_f)
    assert np.all(second_f < first_f)
    assert np.all(first_k < 2e-6)
    assert np.all(second_k < 4e-9)  # 1/M, or what the modes know of a kernel that has decayed
    assert np.all(third_k < 4e-9)
    # away from x = 1, where the kernel of the modes is down to rounding
    assert np.log(second_k / first_k)[:3] / np.log(1e3) == pytest.approx(-1, abs=0.01)
    # what is left out of the signal: the other one of the two powers M^(1-b) and M^-a
    rate = abs(float(Fraction(b) - Fraction(a) - 1))
    if rate < 1:
        assert np.log(third_f / second_f)[1:] / np.log(1e3) == pytest.approx(-rate, abs=0.01)


def test_the_road_itself_tends_to_it():
    """Through the front door, with a batch so large that nothing feeds back: M = 1e12, t up to 1e18."""
    x = np.array([0.01, 0.1, 0.25])
    steps = [round(value * 1e18 / 0.25) for value in x]
    problem = Problem(spectrum=PowerLaw(a="3/2"), signal=PowerLawSignal(b=4))
    run = Run(problem, model_size="1e12", schedule=Constant("1/4"), steps=steps, batch_size=10**9)
    limit = crossover(a="3/2", b=4, x=x)
    assert Equivalent().curve(run).excess * 1e18 == pytest.approx(limit.forcing, rel=3e-9)


@pytest.mark.parametrize(
    "a, b, ratio", [("2", "12/5", None), ("2", "7/2", None), ("3/2", "4", None), ("3/5", "7/5", 4)]
)
def test_early_it_is_the_power_law(a, b, ratio):
    limit = crossover(a=a, b=b, x=[1e-11, 1e-9, 1e-7], ratio=ratio)
    for found in (limit.forcing_ratio, limit.kernel_ratio):
        gaps = np.abs(found - 1)
        assert np.all(np.diff(gaps) > 0)
        assert gaps[0] < 1e-3


def test_late_it_is_the_floor():
    limit = crossover(a=2, b="12/5", x=[100, 1000])
    assert limit.forcing == pytest.approx(limit.approximation, rel=1e-12)
    assert limit.kernel == pytest.approx(0, abs=1e-40)


def test_far_end_below_one_half():
    """a < 1/2, b > a + 1: the forcing starts at zeta(b - a) r^(1-a)/(1-a) and the kernel at the constant of D13."""
    limit = crossover(a="2/5", b="11/5", x=[1e-8, 1e-6], ratio=4)
    assert limit.forcing_ratio == pytest.approx(1, abs=1e-5)
    assert limit.kernel_ratio == pytest.approx(1, abs=1e-3)


def test_a_long_finite_spectrum_is_an_infinite_one():
    short, long = (crossover(a=2, b="12/5", x=X, ratio=ratio) for ratio in (None, 10**6))
    assert long.forcing == pytest.approx(short.forcing, rel=1e-5)


@pytest.mark.parametrize(
    "question, reason",
    [
        ({"a": "4/5", "b": "2"}, "finite ratio"),
        ({"a": 2, "b": 3}, "logarithms"),
        ({"a": "1/2", "b": 3, "ratio": 4}, "logarithms"),
        ({"a": 2, "b": 2.5}, "write b='5/2'"),
        ({"a": 2, "b": "1/2"}, "b above 1"),
        ({"a": 2, "b": "5/2", "ratio": 1}, "must exceed 1"),
        ({"a": 2, "b": "5/2", "x": [1e4]}, "must lie between"),
    ],
)
def test_refusals(question, reason):
    with pytest.raises(InvalidInput, match=reason):
        crossover(**{"x": X, **question})
