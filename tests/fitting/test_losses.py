"""Weight and curvature of a loss are its first and second derivative."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.agreement.digits import agreeing_digits
from riskcalc.fitting.loss import Huber, SoftL1

# on both sides of the scales, and away from the kink at 0.1 and at 1/2
RESIDUALS = np.array([-3.0, -0.7, -0.3, -0.04, 0.01, 0.2, 0.9, 5.0])


@pytest.mark.parametrize("loss", [SoftL1(0.1), SoftL1(2), Huber(0.1), Huber("1/2")], ids=str)
def test_weight_and_curvature(loss):
    h = 1e-5
    below, here, above = (loss.value(RESIDUALS + shift) for shift in (-h, 0.0, h))
    assert agreeing_digits(loss.weight(RESIDUALS), (above - below) / (4 * h * RESIDUALS)).min() > 7
    second = (above - 2 * here + below) / (2 * h**2)
    assert np.abs(loss.curvature(RESIDUALS) - second).max() < 1e-4
