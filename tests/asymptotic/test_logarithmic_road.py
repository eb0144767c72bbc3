"""Theorem 4.3 of Lin et al. in the equivalent road itself: spectrum j^-1 log^-a(j+1), isotropic prior, v = oo.

The road's own sum rules hold its spectral sums to account.
"""

import numpy as np
import pytest

from riskcalc import Constant, GaussianPrior, LogarithmicPowerLaw, Problem
from riskcalc.dynamics import respond
from riskcalc.spectral.contour_modes import modes_in_u
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums

STEP_SIZE = 0.01


@pytest.mark.parametrize("a", [2, 3])
def test_approximation_and_bias(a):
    """Approximation ~ log^(1-a) M/(a-1) and, at M >> T, excess ~ log^(1-a) T/(a-1). The variance is tested on sums.

    Corrections are of order log log/log: each ratio comes nearer to 1 at every rung, and no faster than that.
    """
    sums = spectral_sums(Problem(spectrum=LogarithmicPowerLaw(a=a), signal=GaussianPrior()))
    sizes = [1e3, 1e6, 1e12, 1e18, 1e24]
    marks = [landmarks(sums, size) for size in sizes]
    log_sizes = np.log(sizes)
    gaps = np.array([mark.approximation for mark in marks]) * (a - 1) * log_sizes ** (a - 1) - 1
    assert np.all(gaps > 0)
    assert np.all(np.diff(gaps) < 0)
    scaled = gaps * log_sizes / np.log(log_sizes)
    assert np.all(np.diff(scaled) < 0)  # levels off: the corrections are log log M/log M and smaller
    assert np.all(scaled > (a - 1) * 0.9)

    modes = modes_in_u(sums, sizes[-1], marks[-1], height=0.4, digits=15)
    steps = [10**9, 10**12, 10**15, 10**18]
    response = respond(modes, Constant(STEP_SIZE), steps=tuple(steps), horizon=steps[-1], batch_size=10**6, noise=0.0)
    times = 2 * STEP_SIZE * np.array(steps, dtype=float)
    excess = marks[-1].approximation + response.bias
    gaps = excess * (a - 1) * np.log(times) ** (a - 1) - 1
    assert np.all(gaps > 0)
    assert np.all(np.diff(gaps) < 0)
