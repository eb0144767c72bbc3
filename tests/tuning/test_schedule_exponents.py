"""How fast tuned runs learn under four schedules: local exponents in the horizon, without a sketch, d = 20000.

The published figures (a = 2, label noise 1) are reproduced with a decay over the last fifth as a cube, and, for
b = 3/2, with peaks up to 0.4 over the trace. Constant and power decay agree in every printed digit; the other two
within 0.011, as a scan over a coarse grid of peaks leaves it.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Geometric,
    Polynomial,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
    WarmupStableDecay,
    tuned_step_size,
)

DIMENSION = 20_000
SCHEDULES = {
    "constant": Constant(1),
    "power": Polynomial(1, power=3),
    "geometric": Geometric(1),
    "wsd": WarmupStableDecay(1, power=3),
}
PUBLISHED = {"constant": (0.431, 0.429), "power": (0.594, 0.592), "geometric": (0.546, 0.538), "wsd": (0.574, 0.577)}
EXACT = ("constant", "power")


def problem(b):
    return Problem(spectrum=PowerLaw(a=2, dimension=DIMENSION), signal=PowerLawSignal(b=b), noise=1)


@functools.cache
def tuned(name, steps, *, b="5/2", largest=None):
    run = Run(problem(b), model_size=DIMENSION, schedule=SCHEDULES[name], steps=[steps])
    return tuned_step_size(run, method=Unsketched(), largest=largest).excess


def local_exponent(name, first, last, **settings):
    return -np.log(tuned(name, last, **settings) / tuned(name, first, **settings)) / np.log(last / first)


def test_the_first_published_exponents_of_constant_and_power_decay():
    for name in EXACT:
        assert local_exponent(name, 2**10, 2**12) == pytest.approx(PUBLISHED[name][0], abs=6e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCHEDULES)
def test_the_published_local_exponents(name):
    found = [local_exponent(name, 2**10, 2**12), local_exponent(name, 2**12, 2**14)]
    assert found == pytest.approx(PUBLISHED[name], abs=6e-4 if name in EXACT else 0.011)


@pytest.mark.slow
def test_the_published_risks_of_the_hard_problem():
    largest = 0.4 / float(problem("3/2").eigenvalues().sum())
    found = {name: tuned(name, 2**14, b="3/2", largest=largest) for name in SCHEDULES}
    assert found["wsd"] == pytest.approx(0.204, abs=1e-3)
    assert found["power"] == pytest.approx(0.263, abs=1e-3)
    assert found["geometric"] == pytest.approx(0.305, abs=1e-3)
    # a peak off the optimum by a grid's half stride costs a little
    assert found["constant"] < 0.328 < 1.01 * found["constant"]
    # tuned up to the edge of stability the order is the same
    free = {name: tuned(name, 2**14, b="3/2") for name in SCHEDULES}
    assert free["wsd"] < free["power"] < free["geometric"] < free["constant"]
