"""The noun for several outputs: what it adds up, what it refuses, and what it says of itself."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest

from riskcalc import ExplicitSignal, ExplicitSpectrum, MultipleOutputs, PowerLaw, PowerLawSignal, Problem
from riskcalc.errors import InvalidInput

LAW = PowerLaw(a=2, dimension=50)
SCALAR = Problem(spectrum=LAW, signal=PowerLawSignal(b=3), noise="1/10")


def test_totals():
    signals = [PowerLawSignal(b=2), PowerLawSignal(b=3)]
    problem = MultipleOutputs(spectrum=LAW, signals=signals, noises=[1, "1/2"], counts=[3, 2])
    assert problem.outputs == 5
    assert problem.noise == 4
    j = np.arange(1.0, 51)
    assert np.allclose(problem.signal_power(), 3 * j**-2 + 2 * j**-3)
    assert [(p.signal.b, p.signal.scale, p.noise) for p in problem.pooled()] == [(2, 3, 3), (3, 2, 1)]
    assert [p.signal.b for p in problem.written_out()] == [2, 2, 2, 3, 3]


def test_normalisations():
    every = MultipleOutputs.every_output(SCALAR, outputs=4)
    total = MultipleOutputs.total(SCALAR, outputs=4)
    assert np.allclose(every.signal_power(), 4 * SCALAR.signal_power())
    assert np.allclose(total.signal_power(), SCALAR.signal_power())
    assert every.noise == total.noise == Fraction(2, 5)
    assert total.pooled() == (Problem(spectrum=LAW, signal=PowerLawSignal(b=3), noise="2/5"),)
    explicit = Problem(spectrum=ExplicitSpectrum([1, 0.5]), signal=ExplicitSignal([1, -2]))
    assert np.allclose(MultipleOutputs.total(explicit, outputs=9).signal_power(), explicit.signal_power())


def test_signs_are_draws_of_their_own_and_leave_the_power():
    drawn = MultipleOutputs.every_output(SCALAR, outputs=3, seed=5)
    targets = [output.target() for output in drawn.problems]
    assert all(np.array_equal(np.abs(target), SCALAR.target()) for target in targets)
    assert len({target.tobytes() for target in targets}) == 3
    assert 10 < sum(target[1] < 0 for target in (
        Problem(spectrum=LAW, signal=PowerLawSignal(b=3, signs=seed)).target() for seed in range(60)
    )) < 50
    assert drawn == MultipleOutputs.every_output(SCALAR, outputs=3, seed=5)
    assert hash(drawn) == hash(MultipleOutputs.every_output(SCALAR, outputs=3, seed=5))
    assert drawn != MultipleOutputs.every_output(SCALAR, outputs=3, seed=6)


def test_noise_covariance_there_and_back():
    covariance = np.array([[2.0, 0.6, 0], [0.6, 0.5, 0], [0, 0, 0]])
    problem = MultipleOutputs.every_output(SCALAR, outputs=3).with_noise_covariance(covariance)
    assert np.allclose(problem.noise_covariance(), covariance)
    assert problem.noise == 2.5


def test_it_describes_itself():
    problem = MultipleOutputs.total(SCALAR, outputs=3, seed=1, noise_correlation="1/2")
    described = json.loads(json.dumps(problem.describe()))
    assert (described["outputs"], described["noise"], described["noise_correlation"]) == (3, "3/10", "1/2")
    assert described["each_output"][2] == {
        "count": 1, "noise": "1/10", "b": "3", "signal_scale": "1/3", "signal_signs": 3,
    }
    assert described["a"] == "2"


@pytest.mark.parametrize(
    "given, message",
    [
        ({"signals": []}, "signals is empty"),
        ({"noises": [0, 0, 0]}, "as many"),
        ({"noises": [0, -1]}, "cannot be negative"),
        ({"counts": [1, 0]}, "counts must be at least 1"),
        ({"counts": [1, 10**16]}, "at most 1e\\+15 outputs"),
        ({"noise_correlation": 2}, "from -1 to 1"),
        ({"noise_correlation": [[1, 2], [2, 1]]}, "eigenvalue -1"),
        ({"noise_correlation": [[1, 0.5], [0.4, 1]]}, "symmetric"),
        ({"noise_correlation": [[2, 0], [0, 1]]}, "ones on its diagonal"),
        ({"noise_correlation": [[1]]}, "shape \\(2, 2\\)"),
        ({"noise_correlation": [[1, float("nan")], [float("nan"), 1]]}, "finite"),
        ({"noise_correlation": [[1, 1j], [1j, 1]]}, "real matrix"),
        ({"signals": [PowerLawSignal(b=2), ExplicitSignal([1, 2])]}, "as many"),
    ],
)
def test_what_is_refused(given, message):
    settings = {"spectrum": LAW, "signals": [PowerLawSignal(b=2), PowerLawSignal(b=3)]}
    with pytest.raises(InvalidInput, match=message):
        MultipleOutputs(**{**settings, **given})


def test_correlation_below_the_least_possible():
    with pytest.raises(InvalidInput, match=r"from -0\.5 to 1"):
        MultipleOutputs.every_output(SCALAR, outputs=3, noise_correlation=-0.6)
    with pytest.raises(InvalidInput, match="seed out"):
        MultipleOutputs.every_output(SCALAR, outputs=10**6, seed=0)
