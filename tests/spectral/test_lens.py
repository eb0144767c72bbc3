"""The lens between 0 and z*: nothing grows on it however large a stable step is, and it holds the same measure.

By roads that do not take it: ellipses in log(u0 - u) and log z far from the largest step, many digits close to it.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from riskcalc import (
    Constant,
    Equivalent,
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
)
from riskcalc.equivalent.stability import stability
from riskcalc.spectral.contour_modes import modes_in_u, modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums

POWER = Problem(spectrum=PowerLaw(a="3/2"), signal=PowerLawSignal(b=2), noise="1/10")
LISTED = Problem(
    spectrum=ExplicitSpectrum([1, 0.7, 0.7, 0.3, 0.1, 0.01, 0.001]), signal=ExplicitSignal([1, 2, 0, 1, 1, 3, 1])
)
SIZE = 5
AT_THE_EDGE = 10**5  # batch for which the edge of the spectrum decides on the largest step


def of_share(problem, gap, batch):
    """Sums, landmarks, and the step size that is smaller than the largest by the share `gap`."""
    sums = spectral_sums(problem)
    marks = landmarks(sums, float(SIZE))
    found = stability(sums, float(SIZE), marks, step_size=1e-3, batch_size=batch)
    return sums, marks, (1 - gap) * found.largest_step_size


@pytest.mark.parametrize("height", [0.75, 0.3])
def test_nothing_grows_on_it(height):
    """Neither |q| nor, for averages, |1 - gamma z|; every three decades of the gap ask for as many more nodes."""
    sizes = []
    for gap in (1e-3, 1e-6, 1e-9):
        sums, marks, step = of_share(LISTED, gap, AT_THE_EDGE)
        limit = 2 / (step * (1 + 1 / AT_THE_EDGE))
        modes = modes_in_z(sums, float(SIZE), marks, height=height, digits=14, limit=limit)
        assert np.abs(modes.factor(step, AT_THE_EDGE)).max() < 1
        assert np.abs(1 - step * modes.position).max() < 1
        sizes.append(modes.position.size)
    assert abs(sizes[2] - 2 * sizes[1] + sizes[0]) <= 2


@pytest.mark.parametrize(("problem", "other"), [(POWER, modes_in_u), (LISTED, modes_in_z)])
def test_it_holds_the_measure_of_the_other_contour(problem, other):
    """F(t) and K(t) to the digits that the nodes are laid for, half-way to the largest step."""
    sums, marks, step = of_share(problem, 0.5, 3)
    there = other(sums, float(SIZE), marks, height=0.3, digits=20)
    here = modes_in_z(sums, float(SIZE), marks, height=0.5, digits=20, limit=2 / (step * (1 + 1 / 3)))
    for t in (0, 1, 10, 100):
        for weights in ("signal", "kernel"):
            ours, theirs = (it.total(getattr(it, weights) * it.factor(step, 3) ** t) for it in (here, there))
            assert abs(ours / theirs - 1) < 1e-12


@pytest.mark.parametrize("batch", [1, AT_THE_EDGE])
def test_against_many_digits_at_the_edge(batch):
    """Answered without them; 1 - kappa or the distance of the spectrum from z* is 1e-4."""
    step = Fraction(of_share(POWER, 1e-4, batch)[2])
    run = Run(POWER, model_size=SIZE, batch_size=batch, schedule=Constant(step), steps=[100, 10**4, 10**6])
    curve, digits = Equivalent().curve(run), Equivalent(digits=20).curve(run)
    assert "escalated" not in curve.method
    assert np.all(np.abs(curve.excess - digits.excess) <= curve.error * digits.excess)
