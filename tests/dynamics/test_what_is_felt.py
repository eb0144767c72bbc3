"""What time and feedback may make of the last digits of modes is stated, where the answer is not made a second time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics.verification import _found
from riskcalc.exact.given_modes import _resolutions
from riskcalc.exact.stability import largest_step_size, stability

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(2, dimension=40), signal=rc.PowerLawSignal(3), noise="1/10")


@pytest.mark.parametrize("share", ["1/2", "99/100", "9999/10000"])
def test_the_feedback_amplifies_an_error_of_the_kernel(share):
    (modes,) = rc.Unsketched().modes(rc.Run(PROBLEM, model_size=40, schedule=rc.Constant(1), steps=[10]))
    size = Fraction(largest_step_size(modes, batch_size=1)) * Fraction(share)
    run = rc.Run(PROBLEM, model_size=40, schedule=rc.Constant(size), steps=[10**4, 10**7])
    kappa = stability(modes, step_size=float(size), batch_size=1).kappa
    check = next(iter(_resolutions(run, modes, stepwise=False)))
    found = _found(run, modes, check, 1e-6, stepwise=False)
    excess = modes.floor + found.response.bias + found.response.variance
    least = float(np.max(modes.uncertainty)) * kappa / (1 - kappa)
    assert (found.moved >= 0.999 * least * excess).all()
