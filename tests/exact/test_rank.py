"""As many features as there are positive eigenvalues, and more: answered, as by second moments written out."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput, RoundedToZero
from riskcalc.simulation import MonteCarlo

EIGENVALUES = np.array([0.5, 0.0, 1.0, 0.25, 0.0, 0.1, 0.0])
TARGET = np.array([1.0, 3.0, -0.5, 2.0, 1.0, -1.0, 0.3])
PROBLEM = rc.Problem(
    spectrum=rc.ExplicitSpectrum(EIGENVALUES), signal=rc.ExplicitSignal(TARGET), noise="1/10"
)


def written_out(sketch, *, step_size, steps, noise=0.1):
    """The excess at every step, from all second moments of what is missed in the data's own coordinates.

    e' = e - gamma K z (z.e) + gamma noise K z, of Gaussian z, with K = Lambda^{1/2} S^T S Lambda^{1/2}.
    """
    root = np.sqrt(EIGENVALUES)
    kernel = (root[:, None] * sketch.T) @ (sketch * root)
    missed = root * TARGET
    moments, found = np.outer(missed, missed), []
    for _ in range(steps + 1):
        found.append(np.trace(moments))
        fourth = 2 * moments + np.trace(moments) * np.eye(len(root))
        moments = (
            moments
            - step_size * (kernel @ moments + moments @ kernel)
            + step_size**2 * kernel @ (fourth + noise * np.eye(len(root))) @ kernel
        )
    return np.array(found)


@pytest.mark.parametrize("size", [3, 4, 5, 7])
def test_the_risk_at_and_above_the_rank(size):
    sketch = np.random.default_rng(size).normal(size=(size, 7)) / np.sqrt(size)
    run = rc.Run(PROBLEM, model_size=size, schedule=rc.Constant("1/20"), steps=list(range(9)))
    found = rc.risk(run, method=rc.Exact(sketch=sketch))
    np.testing.assert_allclose(found.excess, written_out(sketch, step_size=0.05, steps=8), rtol=1e-12)
    assert (found.approximation == 0) == (size >= 4)  # four directions have data


def test_above_the_rank_given_the_data_too():
    run = rc.Run(
        PROBLEM, model_size=6, schedule=rc.Constant("1/20"), steps=[0, 4000], data=rc.FullBatch(samples=20)
    )
    found = rc.risk(run, method=rc.Exact(seed=1))
    assert found.approximation == 0
    assert found.excess[1] < 0.1 * 20 / (20 - 4 - 1)  # of least squares on four directions, about 0.1 * 4/15


def test_sketches_above_the_rank_agree_with_samples():
    run = rc.Run(PROBLEM, model_size=6, schedule=rc.Constant("1/20"), steps=[50])
    exact = rc.risk(run, method=rc.Exact(seed=3))
    sampled = rc.risk(run, method=MonteCarlo(runs=400, seed=3, sketch_seed=3))
    assert abs(exact.excess[0] - sampled.excess[0]) < 4 * sampled.standard_error[0]
    assert sampled.standard_error[0] < 0.1 * exact.excess[0]


def test_digits_above_the_rank_are_refused_with_the_remedy():
    run = rc.Run(PROBLEM, model_size=5, schedule=rc.Constant("1/20"), steps=[50])
    with pytest.raises(InvalidInput, match="leave digits out"):
        rc.risk(run, method=rc.Exact(digits=20))


def test_a_spectrum_of_few_rows_has_the_rank_of_the_rows():
    rows = np.random.default_rng(0).normal(size=(5, 12))
    with pytest.warns(RoundedToZero, match="above it count as zero"):
        spectrum = rc.ExplicitSpectrum(np.linalg.eigvalsh(rows.T @ rows / 5))
    assert np.count_nonzero(spectrum.values) == 5
