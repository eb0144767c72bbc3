"""More features than positive eigenvalues: nothing is left out, and the equivalent has no floor.

Moments of K and of the target come here from series of the dispersion at infinity, in rationals, and steps from them:
no contour, no landmark, no root. Sketches are drawn, and the limit of many features is the model without a sketch.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.equivalent.precise.certified import certified_landmarks
from riskcalc.errors import InvalidInput, RiskcalcError

RANK, DIMENSION = 6, 40
STEP, NOISE = Fraction(1, 8), Fraction(1, 50)


def problem(rank=RANK, dimension=DIMENSION, noise=NOISE):
    places = np.arange(1.0, rank + 1)
    return rc.Problem(
        spectrum=rc.ExplicitSpectrum([*(2.0 ** -places), *np.zeros(dimension - rank)]),
        signal=rc.ExplicitSignal([*(places % 3 + 0.5), *np.zeros(dimension - rank)]),
        noise=noise,
    )


def run(size, *, steps=(0, 1, 2, 3), schedule=None, **more):
    return rc.Run(problem(), model_size=size, schedule=schedule or rc.Constant(STEP), steps=steps, **more)


def product(first, second):
    return [sum(first[i] * second[k - i] for i in range(k + 1)) for k in range(len(first))]


def reciprocal(series):
    found = [1 / series[0]]
    for k in range(1, len(series)):
        found.append(-sum(series[i] * found[k - i] for i in range(1, k + 1)) / series[0])
    return found


def in_powers_of_position(series, size, power_sums):
    """Coefficients over 1/z of what has these over 1/x, z = x (1 + sum_k p_k x^-k/M)."""
    ratio = [Fraction(1), *(p / size for p in power_sums[1:])]  # z/x in 1/x
    inverse = reciprocal(ratio)
    found, left, one = [], list(series), [Fraction(1), *[Fraction(0)] * (len(series) - 1)]  # one: (x/z)^k
    for k in range(len(series)):
        found.append(left[k])
        shifted = ([Fraction(0)] * k + one)[: len(series)]
        left = [before - found[k] * own for before, own in zip(left, shifted, strict=True)]
        one = product(one, inverse)
    return found


def by_moments(size, last, batch_size=1):
    """Bias and variance before each step up to the last one, as rationals."""
    asked = problem()
    eigenvalues = [Fraction(float(x)) for x in asked.eigenvalues() if x > 0]
    power = [Fraction(float(h)) for h in asked.signal_power()[: len(eigenvalues)]]
    count = 2 * last + 4
    sums = [sum(x**k for x in eigenvalues) for k in range(count)]
    signal = [sum(h * x**k for h, x in zip(power, eigenvalues, strict=True)) for k in range(count)]
    size = Fraction(size)
    traces = in_powers_of_position([Fraction(0), *sums[1:]], size, sums)  # sum l^k of K
    # sum f/(z_n - z) = sig(u)/(1 - d1/M), u = -x: sig = -sum_k s_k x^(-k-1)
    shape = product([Fraction(0), *signal[:-1]], reciprocal([Fraction(1), *(p / size for p in sums[1:])]))
    target = in_powers_of_position(shape, size, sums)[1:]
    state = {"bias": target[: 2 * last + 1], "variance": [Fraction(0)] * (2 * last + 1)}
    noise = {"bias": Fraction(0), "variance": NOISE}
    found = {name: [moments[0]] for name, moments in state.items()}
    for _ in range(last):
        for name, x in state.items():
            drive = STEP**2 / batch_size * (x[0] + noise[name])
            square = STEP**2 * (1 + Fraction(1, batch_size))
            state[name] = [
                x[j] - 2 * STEP * x[j + 1] + square * x[j + 2] + drive * traces[j + 2] for j in range(len(x) - 2)
            ]
            found[name].append(state[name][0])
    return found


@pytest.mark.parametrize("size", [7, 8, 12, 39])
def test_the_first_steps_are_those_of_the_moments(size):
    expected, found = by_moments(size, 3), rc.risk(run(size))
    for part in ("bias", "variance"):
        right = np.array([float(value) for value in expected[part]])
        np.testing.assert_allclose(getattr(found, part), right, rtol=1e-12, atol=1e-15)
    assert found.approximation == 0


def test_the_moments_know_the_floor_too():
    """Below the rank the same series give the sum of what is learnt and of what is not: the reference by itself."""
    expected, found = by_moments(4, 3), rc.risk(run(4))
    total = np.array([float(value) for value in expected["bias"]])
    # a floor of the equivalent drives the variance, and is left of the signal: total of step 0 alone is free of it
    np.testing.assert_allclose(found.excess[0], total[0], rtol=1e-12)
    assert found.approximation > 0


SCHEDULES = {
    "constant": {"schedule": rc.Constant(STEP)},
    "geometric": {"schedule": rc.Geometric(STEP)},
    "cosine": {"schedule": rc.Cosine(STEP)},
    "average": {"averaging": rc.IterateAverage()},
    "heavy ball": {"optimiser": rc.HeavyBall("1/2")},
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_more_digits_and_floats_agree(name):
    asked = run(9, steps=(20, 60), **SCHEDULES[name])
    floats, digits = rc.risk(asked), rc.risk(asked, method=rc.Equivalent(digits=17))
    np.testing.assert_allclose(floats.excess, digits.excess, rtol=floats.error + 1e-16)


@pytest.mark.parametrize("name", SCHEDULES)
def test_many_features_are_a_model_without_a_sketch(name):
    """The distance is of order 1/M: ten times the features, a tenth of it."""
    wide = problem(dimension=10**6)
    gaps = []
    limit = rc.risk(
        rc.Run(problem(), model_size=DIMENSION, steps=(30,), **{"schedule": rc.Constant(STEP), **SCHEDULES[name]}),
        method=rc.Unsketched(),
    ).excess[0]
    for size in (10**3, 10**4, 10**5):
        asked = rc.Run(wide, model_size=size, steps=(30,), **{"schedule": rc.Constant(STEP), **SCHEDULES[name]})
        gaps.append(rc.risk(asked).excess[0] / limit - 1)
    falls = np.array(gaps[:-1]) / np.array(gaps[1:])
    assert abs(falls[1] - 10) < abs(falls[0] - 10) < 1


@pytest.mark.slow
def test_drawn_sketches():
    """Their mean is the equivalent with its shift, and is not the equivalent alone."""
    asked = run(39, steps=(10, 100))
    curve = rc.risk(asked, method=rc.Equivalent(finite_size=True))
    drawn = rc.risk(asked, method=rc.Exact(sketches=6000, seed=3))
    seen = (drawn.excess - curve.excess) / drawn.standard_error
    left = (drawn.excess - curve.excess - curve.shift) / drawn.standard_error
    print(seen, left)
    assert np.abs(seen).max() > 4
    assert np.abs(left).max() < 4


@pytest.mark.parametrize("size", [RANK, Fraction(RANK)])
def test_as_many_features_as_eigenvalues_are_refused(size):
    with pytest.raises(InvalidInput, match="hard edge at zero"):
        rc.risk(run(size))


@pytest.mark.parametrize(
    "ask, words",
    [
        (lambda: rc.risk(run(9, data=rc.FullBatch(samples=20))), "seen many times needs a smaller model"),
        (lambda: rc.risk(run(9), method=rc.Equivalent(digits=9, certified=True)), "a proved radius needs a smaller"),
        (lambda: certified_landmarks(run(9), digits=9), "a proved radius needs a smaller model"),
    ],
)
def test_what_needs_a_floor_says_so(ask, words):
    with pytest.raises(RiskcalcError, match=words):
        ask()


def test_the_largest_stable_step_size_is_the_limit_of_runs():
    largest = []
    for size in (7, 9, 12, 39):
        with pytest.raises(rc.errors.UnstableRun) as refused:
            rc.risk(run(size, schedule=rc.Constant(100)))
        largest.append(refused.value.largest)
        inside = rc.risk(run(size, steps=(10**6,), schedule=rc.Constant(0.99 * largest[-1])))
        assert np.isfinite(inside.excess).all()
    assert sorted(largest) == largest
