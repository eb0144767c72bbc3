"""Excesses below the floats of full precision: there single modes stand still, or have lost their digits."""

from __future__ import annotations

import math

import numpy as np
import pytest

import riskcalc as rc

PROBLEM = rc.Problem(spectrum=rc.ExplicitSpectrum([1.0, 0.5]), signal=rc.ExplicitSignal([1.0, 1.0]))
SMALLEST = np.finfo(float).smallest_normal


@pytest.mark.parametrize("steps", [20_000, 40_000])
def test_a_list_that_ends_below_them_ends_at_zero(steps):
    """In blocks and, where it is installed, in machine code: 1e-322 was told as known to 1e-11, forever."""
    sizes = 0.05 * (1 + 0.1 * np.sin(np.arange(steps)))
    curve = rc.risk(
        rc.Run(PROBLEM, model_size=2, schedule=rc.Custom(sizes), steps=range(0, steps + 1, 100)),
        method=rc.Unsketched(),
    )
    z = np.array([1.0, 0.5])
    x, scale, truth = z.copy(), 0.0, {0: math.log(z.sum())}
    for step, size in enumerate(sizes):  # with the scale taken out at every step
        x = (1 - 2 * size * z + 2 * (size * z) ** 2) * x + size**2 * z**2 * x.sum()
        total = x.sum()
        x, scale = x / total, scale + math.log(total)
        if (step + 1) % 100 == 0:
            truth[step + 1] = scale
    assert curve.excess[-1] == 0
    for step, excess in zip(curve.steps, curve.excess, strict=True):
        if truth[step] > math.log(SMALLEST) + 1:
            assert excess > 0
        if truth[step] < math.log(SMALLEST) - 1:
            assert excess == 0
    assert not ((curve.excess > 0) & (curve.excess < SMALLEST)).any()


@pytest.mark.parametrize("schedule", [rc.Constant("1/10"), rc.Custom([0.1] * 4000)])
def test_more_digits_do_not_bring_them_back(schedule):
    """One mode falls as .83^t: roads that go on with more digits told 8.4e-323 for 8.53e-323, "to 2.8e-15"."""
    problem = rc.Problem(spectrum=rc.ExplicitSpectrum([1.0]), signal=rc.ExplicitSignal([1.0]))
    steps = [3700, 3800, 3810, 3867, 3980]
    curve = rc.risk(rc.Run(problem, model_size=1, schedule=schedule, steps=steps), method=rc.Unsketched())
    truth = [0.83**step for step in steps]
    assert [excess > 0 for excess in curve.excess] == [value >= SMALLEST for value in truth]
    np.testing.assert_allclose(curve.excess[:2], truth[:2], rtol=1e-12)
