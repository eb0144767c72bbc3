"""Derived exponents of kernels and targets, against their coefficients and against the equivalent's curves."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from riskcalc.curve import Run
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.kernel import (
    ArcCosine,
    Brownian,
    BrownianBridge,
    GaussianLine,
    PeriodicMatern,
    PeriodicSobolev,
    PiecewisePolynomial,
    Zonal,
)
from riskcalc.problem import Problem
from riskcalc.schedule import Constant

LINE, STEP, TENT = PiecewisePolynomial.monomial(1), PiecewisePolynomial.step("1/3"), PiecewisePolynomial.tent("2/5")
HALF_PARABOLA = PiecewisePolynomial([0, 1], [[0, 1, "-1/2"]])  # 0 at 0, slope 0 at 1
SIGN = Zonal(PiecewisePolynomial([-1, 0, 1], [[-1], [1]]))
TENT_OF_HEIGHT = Zonal(PiecewisePolynomial([-1, 0, 1], [[0, -1], [0, 1]]))

DERIVED = [
    (Brownian(), LINE, 2, 4),
    (Brownian(), STEP, 2, 2),
    (Brownian(), PiecewisePolynomial([0, 1], [[1]]), 2, 2),
    (Brownian(), HALF_PARABOLA, 2, 6),
    (BrownianBridge(), LINE, 2, 2),
    (BrownianBridge(), TENT, 2, 4),
    (PeriodicSobolev(order=1), LINE, 2, 2),
    (PeriodicSobolev(order=1), TENT, 2, 4),
    (PeriodicSobolev(order=2), STEP, 4, 2),
    (PeriodicMatern(order=1, length="1/10"), PiecewisePolynomial([0, 1], [[0, 1, -1]]), 2, 4),
    (PeriodicMatern(order=1, length="1/10"), PiecewisePolynomial([0, 1], [[0, 1, -3, 2]]), 2, 6),
]
NAMES = [f"{kernel.describe()['name']}-{b}" for kernel, _, _, b in DERIVED]


@pytest.mark.parametrize("kernel, target, a, b", DERIVED, ids=NAMES)
def test_derived_exponents_and_constants_are_those_of_the_coefficients(kernel, target, a, b):
    """Over one period in j the mean of c_j^2/(scale j^-b) tends to 1, and so does lambda_j/(scale j^-a): as 1/j."""
    found = kernel.decay(target)
    assert (found.a, found.b) == (a, b)
    law = kernel.power_law(target)
    v, period = 30_030, 30
    power = kernel.expand(target, dimension=v).coefficients ** 2
    spectrum, j = kernel.eigenvalues(v), np.arange(1, v + 1)
    misses = []
    for start in (300, 3000, 30_000):
        part = slice(start, start + period)
        ratios = (
            np.mean(power[part] * j[part] ** float(b)) / float(law.signal.scale),
            np.mean(spectrum[part] * j[part] ** float(a)) / float(law.spectrum.scale),
        )
        misses.append([abs(ratio - 1) for ratio in ratios])
    assert max(misses[-1]) < 1e-2
    for first, second in pairwise(misses):
        assert all(after < 0.2 * before or after < 1e-6 for before, after in zip(first, second, strict=True))


@pytest.mark.parametrize(
    "kernel, target, a, b",
    [
        (ArcCosine(order=0), SIGN, Fraction(3, 2), Fraction(3, 2)),
        (ArcCosine(order=1), TENT_OF_HEIGHT, Fraction(5, 2), Fraction(5, 2)),
        (ArcCosine(order=1, d=5), TENT_OF_HEIGHT, Fraction(7, 4), Fraction(7, 4)),
        (
            ArcCosine(order=0, d=4),
            Zonal(PiecewisePolynomial([-1, "1/3", 1], [[0], [1]])),
            Fraction(4, 3),
            Fraction(4, 3),
        ),
    ],
    ids=["sign", "tent", "tent-5", "cap-4"],
)
def test_derived_exponents_on_the_sphere(kernel, target, a, b):
    """Signal power beyond the j-th feature falls as j^(1-b): measured over factors 2 in degree."""
    found = kernel.decay(target)
    assert (found.a, found.b) == (a, b)
    v = {3: 200_000, 4: 1_500_000, 5: 1_000_000}[kernel.d]
    power = kernel.expand(target, dimension=v).coefficients ** 2
    later = np.cumsum(power[::-1])[::-1]
    misses = []
    for j in (v // 1000, v // 20):
        near, far = later[j] - later[4 * j], later[4 * j] - later[16 * j]
        misses.append(abs(-math.log(far / near, 4) - float(b - 1)))
    assert misses[1] < 0.1
    assert misses[1] < misses[0] / 2


@pytest.mark.parametrize(
    "kernel, target",
    [
        (Brownian(), STEP),
        pytest.param(BrownianBridge(), LINE, marks=pytest.mark.slow),
        pytest.param(PeriodicSobolev(order=1), TENT, marks=pytest.mark.slow),
        (PeriodicMatern(order=1, length="1/20"), TENT),
        (ArcCosine(order=0), SIGN),
        pytest.param(ArcCosine(order=1), TENT_OF_HEIGHT, marks=pytest.mark.slow),
    ],
    ids=["brownian", "bridge", "sobolev", "matern", "arc-0", "arc-1"],
)
def test_derived_exponents_are_the_slopes_of_the_equivalent(kernel, target):
    """At t ~ M^a, v ~ M floor and bias both fall as M^-min(b-1, a): a wrong a or b would show in the slopes."""
    found = kernel.decay(target)
    a, expected = float(found.a), min(float(found.b) - 1, float(found.a))
    floors, biases = [], []
    sizes = (16, 32, 64, 128)
    for size in sizes:
        problem = kernel.problem(target, dimension=24 * size)
        step = 0.3 / problem.eigenvalues().sum()
        time = round((size / sizes[0]) ** a / (step * kernel.eigenvalues(sizes[0])[-1]))
        curve = Equivalent().curve(Run(problem, model_size=size, schedule=Constant(step), steps=[time]))
        floors.append(curve.approximation)
        biases.append(float(curve.bias[0]))
    for values in (floors, biases):
        miss = np.abs(-np.diff(np.log2(values)) - expected)
        assert miss[-1] < 0.12, miss
        assert miss[-1] < miss[0] or miss[0] < 0.05, miss


def test_the_power_law_twin_has_the_same_leading_floor():
    """Constants too: the ratio of the two equivalents tends to 1, the error falling with the model size."""
    misses = []
    for size in (10, 40, 160):
        listed = BrownianBridge().problem(LINE, dimension=20 * size)
        twin = BrownianBridge().power_law(LINE, dimension=20 * size)
        values = [
            Equivalent().curve(Run(problem, model_size=size, schedule=Constant(1), steps=[0])).approximation
            for problem in (listed, twin)
        ]
        misses.append(abs(values[0] / values[1] - 1))
    assert misses[-1] < 1e-9  # the bridge with f(x) = x is a power law


def test_a_power_law_problem_of_infinite_dimension():
    law = Brownian().power_law(STEP, noise="1/10")
    assert isinstance(law, Problem)
    assert (law.dimension, law.spectrum.a, law.signal.b, law.noise) == (None, 2, 2, Fraction(1, 10))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: GaussianLine().decay(LINE), "geometric"),
        (lambda: Brownian().decay(np.sin), "given as code"),
        (lambda: ArcCosine(order=0).decay(Zonal(np.exp)), "given as code"),
        (lambda: PeriodicSobolev(order=1).decay(PiecewisePolynomial([0, 1], [[1]])), "finitely many"),
        (lambda: ArcCosine(order=1).decay(SIGN), "polynomial on the sphere"),
        (lambda: ArcCosine(order=0).decay(TENT_OF_HEIGHT), "polynomial on the sphere"),
        (lambda: ArcCosine(order=0).power_law(SIGN), "sines and cosines only"),
        (lambda: Brownian().decay(PiecewisePolynomial.step("1/1000003")), "simpler fractions"),
    ],
)
def test_what_has_no_exponent_is_refused(make, message):
    with pytest.raises(InvalidInput, match=message):
        make()
