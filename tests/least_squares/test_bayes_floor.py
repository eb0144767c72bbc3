"""The Bayes floor: golden values, the ridge it is, posteriors computed, its chain rule, the line under curves."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.least_squares import floor_under
from riskcalc.least_squares.bayes import prior_sums
from tests.conftest import golden

GOLDEN = golden("related")


def problem(b="2", noise="1/2", *, a="3/2", dimension=None):
    return rc.Problem(spectrum=rc.PowerLaw(a=a, dimension=dimension), signal=rc.PowerLawSignal(b=b), noise=noise)


def test_golden():
    for one in GOLDEN["bayes_floor"]:
        found = rc.bayes_risk(problem(one["b"], one["noise" if "noise" in one else "sigma2"]), samples=one["n"])
        assert found.excess == pytest.approx(one["excess"], rel=2e-12)
    information = GOLDEN["information"]
    for samples, nats in zip(information["n"], information["formula"], strict=True):
        found = rc.bayes_risk(problem(dimension=information["v"]), samples=samples)
        assert found.information == pytest.approx(nats, rel=1e-14)


@pytest.mark.parametrize(("b", "noise", "samples"), [("2", "1/2", 100), ("5/2", "1/10", 20), ("6/5", "3", 1000)])
def test_it_is_ridge_regression_on_all_features_at_the_ridge_of_the_noise(b, noise, samples):
    """Another equation, for a sketch so wide that it is none, on the spectrum of the signal."""
    found = rc.bayes_risk(problem(b, noise), samples=samples)
    whole = problem(b, noise, a=b)
    ridge = found.irreducible / samples
    fit = rc.ridge_risk(whole, model_size=10**24, samples=samples, ridge=ridge)
    assert found.excess == pytest.approx(fit.excess, rel=1e-12)
    assert found.risk == pytest.approx(samples * found.u, rel=1e-12)
    tuned = rc.tuned_ridge(whole, model_size=10**24, samples=samples)
    assert tuned.ridge == pytest.approx(ridge, rel=1e-10)
    assert tuned.excess == pytest.approx(found.excess, rel=1e-12)


def test_the_spectrum_of_the_data_plays_no_part():
    one, other = (rc.bayes_risk(problem(a=a), samples=50) for a in ("11/10", "4"))
    assert one.excess == other.excess


def drawn(dimension, b, noise, samples, runs, seed):
    """Posterior variance and mutual information of `runs` sets of samples, by linear algebra."""
    power, generator = np.arange(1, dimension + 1.0) ** -b, np.random.default_rng(seed)
    found = []
    for _ in range(runs):
        z = generator.standard_normal((samples, dimension)) * np.sqrt(power)
        gram = z @ z.T + noise * np.eye(samples)
        learnt = np.sum(np.linalg.solve(gram, z * np.sqrt(power)) * (z * np.sqrt(power)))
        found.append((power.sum() - learnt, (np.linalg.slogdet(gram)[1] - samples * math.log(noise)) / 2))
    return np.array(found)


@pytest.mark.parametrize(("b", "noise"), [(2.0, 0.5), (1.5, 0.1)])
def test_posterior_variances_and_information(b, noise, z_bound, mean_and_error):
    """What is left is O(1/n); the floor at 15 % more samples is rejected by the same draws."""
    for samples in (20, 80):
        means, errors = mean_and_error(drawn(150, b, noise, samples, 150, seed=3))
        asked = problem(b, noise, dimension=150)
        found = rc.bayes_risk(asked, samples=samples)
        allowed = z_bound(4) * errors + np.array([found.excess, found.information]) / samples
        assert np.all(np.abs(means - [found.excess, found.information]) < allowed)
        assert errors[0] < 0.02 * found.excess
        wrong = rc.bayes_risk(asked, samples=1.15 * samples + 2)
        assert abs(means[0] - wrong.excess) > z_bound(4) * errors[0] + found.excess / samples


def test_what_one_sample_more_tells():
    """dI/dn = log(risk/sigma2)/2, which the closed form of I does not use."""
    for samples in (3, 40, 1000):
        h = 1e-3 * samples
        more, less = (rc.bayes_risk(problem(), samples=samples + step).information for step in (h, -h))
        assert (more - less) / (2 * h) == pytest.approx(rc.bayes_risk(problem(), samples=samples).instant, rel=1e-5)


@pytest.mark.parametrize("b", [2, 2.5])
def test_a_bound_by_information_is_loose_by_b(b):
    """(I/n)/instant tends to b: the gap closes by a constant factor a decade."""
    found = [rc.bayes_risk(problem(b), samples=10.0**power) for power in (2, 4, 6, 8)]
    gaps = [b - one.information / float(one.samples) / one.instant for one in found]
    assert 0 < gaps[-1] < 0.02
    ratios = [later / gap for gap, later in itertools.pairwise(gaps)]
    assert max(ratios) < 0.3


def test_the_law():
    """excess ~ C_b (sigma2/n)^(1 - 1/b), C_b = (pi/b)/sin(pi/b)."""
    for b in (1.5, 2.5):
        constant = (math.pi / b) / math.sin(math.pi / b)
        gaps = [
            rc.bayes_risk(problem(b, 0.1), samples=n).excess / (constant * (0.1 / n) ** (1 - 1 / b)) - 1
            for n in (1e4, 1e6, 1e8)
        ]
        assert abs(gaps[0]) > abs(gaps[1]) > abs(gaps[2])
        assert abs(gaps[-1]) < 0.01


def test_no_noise():
    found = rc.bayes_risk(problem(noise=0), samples=30)
    assert found.excess == pytest.approx(30 * found.u, rel=1e-12)
    assert found.information == math.inf
    assert rc.bayes_risk(problem(noise=0, dimension=30), samples=30).excess == 0


def test_priors_of_every_kind():
    explicit = rc.Problem(
        spectrum=rc.ExplicitSpectrum([1.0, 0.5, 0.0]), signal=rc.ExplicitSignal([1.0, 2.0, 5.0]), noise=1
    )
    np.testing.assert_allclose(np.sort(prior_sums(explicit).eigenvalues), [1.0, 2.0])  # type: ignore[attr-defined]
    drawn_target = dataclasses.replace(problem(a=2), signal=rc.GaussianPrior())
    assert rc.bayes_risk(drawn_target, samples=9).excess == rc.bayes_risk(problem(), samples=9).excess
    slow = rc.Problem(spectrum=rc.LogarithmicPowerLaw(2), signal=rc.GaussianPrior(scale=3), noise=3)
    unit = rc.Problem(spectrum=rc.LogarithmicPowerLaw(2), signal=rc.GaussianPrior(), noise=1)
    assert rc.bayes_risk(slow, samples=9).excess == pytest.approx(3 * rc.bayes_risk(unit, samples=9).excess, rel=1e-12)
    for signal in (rc.PowerLawSignal(b=-1), rc.PowerLawSignal(b="1/2")):
        asked = rc.Problem(spectrum=rc.PowerLaw(a=1, dimension=40), signal=signal, noise=1)
        listed = rc.Problem(
            spectrum=rc.ExplicitSpectrum(asked.eigenvalues()), signal=rc.ExplicitSignal(asked.target()), noise=1
        )
        assert rc.bayes_risk(asked, samples=9).excess == pytest.approx(rc.bayes_risk(listed, samples=9).excess)


def test_under_a_curve():
    run = rc.Run(problem(), model_size=200, schedule=rc.Constant("1/10"), steps=[0, 1, 10, 1000], batch_size=3)
    curve = rc.risk(run)
    floor = floor_under(curve)
    assert floor[0] == pytest.approx(math.pi**2 / 6, rel=1e-14)
    assert floor[1:].tolist() == [rc.bayes_risk(problem(), samples=3 * t).excess for t in (1, 10, 1000)]
    assert (floor[1:] < curve.excess[1:]).all()
    for order, seen in (
        (rc.FullBatch(samples=50), [50, 50, 50]),
        (rc.WithReplacement(samples=50), [1, 10, 50]),
    ):
        reused = rc.risk(dataclasses.replace(run, batch_size=1, data=order))
        expected = [rc.bayes_risk(problem(), samples=n).excess for n in seen]
        assert floor_under(reused)[1:].tolist() == expected


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"samples": 0}, "samples must lie between"),
        ({"samples": "1e30"}, "samples must lie between"),
        ({"problem": "no problem"}, "problem must be"),
        (
            {"problem": rc.Problem(spectrum=rc.ExplicitSpectrum([1.0]), signal=rc.ExplicitSignal([0.0]))},
            "the target is zero",
        ),
    ],
)
def test_refusals(asked, message):
    with pytest.raises(InvalidInput, match=message):
        rc.bayes_risk(**{"problem": problem(), "samples": 5, **asked})


def test_members_with_samples_of_their_own_have_no_floor_of_one_run():
    """They have seen more, and may be below it."""
    run = rc.Run(problem(), model_size=50, schedule=rc.Constant("1/10"), steps=[10])
    with pytest.raises(InvalidInput, match="samples of their own"):
        floor_under(rc.ensemble_risk(run, members=8, data="own"))


def test_several_outputs_have_no_one_floor():
    several = rc.MultipleOutputs.total(problem(dimension=40), outputs=2, seed=1)
    run = rc.Run(several, model_size=10, schedule=rc.Constant("1/10"), steps=[5])
    with pytest.raises(InvalidInput, match="one output is meant"):
        floor_under(rc.risk(run))
