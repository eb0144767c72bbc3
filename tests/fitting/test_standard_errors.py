"""Standard errors and limits from replicates, where they are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from riskcalc.fitting.interval import BCa, Percentile, Studentised, standard_errors, worst_case_limits

REPLICATES = np.random.default_rng(5).standard_normal((5, 3)) + 10


class Means:
    """The mean at each step: linear, so that its influence is exact."""

    def statistics(self, means):
        return means

    def influence(self, means):
        return means, np.repeat(np.eye(means.shape[1])[None], len(means), axis=0)


def test_the_standard_error_of_a_mean_has_n_minus_one_degrees_of_freedom():
    slopes = Means().influence(REPLICATES.mean(axis=0)[None])[1]
    expected = REPLICATES.std(axis=0, ddof=1) / np.sqrt(5)
    np.testing.assert_allclose(standard_errors(slopes, REPLICATES)[0], expected, rtol=1e-13)


@pytest.mark.parametrize("runs, quantile", [(4, t.ppf(0.975, 3)), (None, norm.ppf(0.975)), (1, norm.ppf(0.975))])
def test_the_worst_case_adds_standard_errors_times_the_student_quantile(runs, quantile):
    class Difference:
        def influence(self, means):
            return means[:, :1] - means[:, 1:], np.array([[[1.0, -1.0]]])

    low, high = worst_case_limits(
        Difference(), np.array([3.0, 1.0]), np.array([0.1, 0.2]), level=0.95, runs=runs
    )
    assert (low[0] + high[0]) / 2 == pytest.approx(2.0, rel=1e-14)
    assert (high[0] - low[0]) / 2 == pytest.approx(0.3 * quantile, rel=1e-12)


def test_the_studentised_interval_of_a_mean_is_that_of_student():
    """For Gaussian replicates the pivot has the t distribution, which the resamples estimate: 30 replicates."""
    replicates = np.random.default_rng(6).standard_normal((30, 1)) + 10
    low, high = Studentised(resamples=20_000).limits(Means(), replicates, level=0.9)
    half = t.ppf(0.95, 29) * replicates.std(ddof=1) / np.sqrt(30)
    assert (high[0] - low[0]) / 2 == pytest.approx(half, rel=0.05)
    widths = [
        np.ptp(way(resamples=5000).limits(Means(), replicates, level=0.9)[:, 0]) for way in (Percentile, BCa)
    ]
    np.testing.assert_allclose(widths, 2 * norm.ppf(0.95) * replicates.std() / np.sqrt(30), rtol=0.1)
