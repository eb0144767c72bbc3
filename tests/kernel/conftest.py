"""The rule by which samples are compared with numbers, and with other samples."""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import pytest

FAMILY_WISE_LEVEL = 1e-3


@pytest.fixture
def z_bound() -> Callable[[int], float]:
    """The largest |z| that so many comparisons may show together at the family-wise level (Bonferroni)."""

    def bound(comparisons: int) -> float:
        return NormalDist().inv_cdf(1 - FAMILY_WISE_LEVEL / (2 * comparisons))

    return bound


@pytest.fixture
def mean_and_error() -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Mean over the rows and its standard error."""

    def estimate(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return samples.mean(axis=0), samples.std(axis=0, ddof=1) / np.sqrt(len(samples))

    return estimate
