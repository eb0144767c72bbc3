"""The best model size of a budget with a memory, on the exact equivalent, tends to the derived exponents (D42).

M ~ C^x, excess ~ C^-y between a budget and ten times it. Momentum of constant coefficients keeps those of SGD, 1/3 and
7/15 at a = 2, b = 12/5; decaying DANA has 3/7 and 3/5.
"""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc

LAW = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="12/5"))
DECAYING = rc.Dana(delta="1/10", decay="1/2", memory=8)


def local(budget, optimiser, **more):
    """x and y between a budget and ten times it."""
    found = rc.compute_optimal(LAW, compute=budget, step_size="3/10", optimiser=optimiser, **more).local
    return np.array([float(found.model_size_exponent), float(found.loss_exponent)])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("optimiser", "derived"), [(rc.SGD(), (1 / 3, 7 / 15)), (rc.TwoBuffer(delta="1/100", mu="9/10"), (1 / 3, 7 / 15))]
)
def test_constant_coefficients_keep_the_exponents_of_sgd(optimiser, derived):
    """At 1e14 within a few percent, and at every second decade nearer."""
    gaps = np.abs([local(f"1e{power}", optimiser) - derived for power in (10, 12, 14)])
    assert np.all(np.diff(gaps, axis=0) < 1e-4)
    assert np.all(gaps[-1] < (0.012, 0.002))


@pytest.mark.slow
def test_decaying_dana_has_exponents_of_its_own():
    """Towards 3/7 and 3/5, away from SGD's 1/3 and 7/15."""
    derived = np.array([3 / 7, 3 / 5])
    assert rc.exponents(a=2, b="12/5", optimiser=DECAYING).loss_exponent == pytest.approx(0.6)
    road = rc.Equivalent(tolerance=1e-6)
    gaps = np.abs([local(budget, DECAYING, method=road) - derived for budget in ("1e6", "1e7")])
    assert np.all(gaps[-1] < gaps[0])
    assert gaps[-1][1] < 0.2 * (3 / 5 - 7 / 15)
