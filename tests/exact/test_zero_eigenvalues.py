"""Directions of no variance carry no signal, whatever the law of the signal says of their places."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc

SPECTRUM = [0, 1.0, 0.5, 0, 0.25]
PLACES = np.flatnonzero(SPECTRUM)
SIGNALS = {
    "power law": rc.PowerLawSignal(b=2),
    "prior": rc.GaussianPrior(b=2),
    "isotropic prior": rc.GaussianPrior(),
    "listed": rc.ExplicitSignal([5, 1, -1, 5, 2]),
}


@pytest.mark.parametrize("signal", SIGNALS.values(), ids=SIGNALS)
@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_sketch_of_them_gives_what_one_of_the_others_gives(signal, size):
    full = rc.Problem(spectrum=rc.ExplicitSpectrum(SPECTRUM), signal=signal, noise="1/10")
    power = full.signal_power()
    assert power[[0, 3]].tolist() == [0, 0]
    eigenvalues = np.array(SPECTRUM)[PLACES]
    weights = np.sqrt(power[PLACES] / eigenvalues)
    if signal is SIGNALS["listed"]:
        weights = signal.values[PLACES]
    left = rc.ExplicitSignal(weights) if not full.random_target else None
    sketch = np.random.default_rng(size).normal(size=(size, 5)) / np.sqrt(size)
    curve = rc.risk(
        rc.Run(full, model_size=size, schedule=rc.Constant("1/100"), steps=[0, 10]), method=rc.Exact(sketch=sketch)
    )
    assert curve.excess[0] == pytest.approx(power.sum(), rel=1e-12)
    if left is not None and size <= 3:
        alone = rc.Problem(spectrum=rc.ExplicitSpectrum(eigenvalues), signal=left, noise="1/10")
        run = rc.Run(alone, model_size=size, schedule=rc.Constant("1/100"), steps=[0, 10])
        other = rc.risk(run, method=rc.Exact(sketch=sketch[:, PLACES]))
        assert curve.excess == pytest.approx(other.excess, rel=1e-12)


def test_an_eigenvalue_of_a_law_that_floats_hold_as_zero_keeps_its_signal():
    """2000^-100 is no zero: what cannot be told of such a direction is refused, and not left out of the risk."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a=100, dimension=3000), signal=rc.PowerLawSignal(b="3/2"))
    assert problem.eigenvalues()[-1] == 0
    assert problem.signal_power().sum() == pytest.approx((np.arange(1.0, 3001) ** -1.5).sum(), rel=1e-14)
    run = rc.Run(problem, model_size=5, schedule=rc.Constant("1/10"), steps=[0])
    with pytest.raises(rc.errors.ConsistencyError, match="sum of the signal power"):
        rc.risk(run, method=rc.Exact(seed=1))
