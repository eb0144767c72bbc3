"""Features and samples exchanged: without label noise and with an isotropic prior nothing changes.

Draw by draw for every spectral fit, and in the equivalents to the last digits; noise, another prior and the training
loss are the negative controls.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import riskcalc as rc
from riskcalc.least_squares import two_ridges
from riskcalc.least_squares.simulation import fitted

DIMENSION, SHAPE = 60, (9, 14)


def problem(b="3/2", noise=0, dimension=None):
    return rc.Problem(spectrum=rc.PowerLaw("3/2", dimension=dimension), signal=rc.PowerLawSignal(b), noise=noise)


def draw(seed=4):
    """Sketch (features x coordinates) and normals (samples x coordinates), before any scale."""
    generator = np.random.default_rng(seed)
    return tuple(generator.standard_normal((count, DIMENSION)) for count in SHAPE)


def descent(features, labels, sizes):
    """Updates as they are written, all columns of labels at once."""
    theta = np.zeros((features.shape[1], labels.shape[1]))
    for size in sizes:
        theta += size / len(features) * features.T @ (labels - features @ theta)
    return theta


def ridge(features, labels, penalty):
    return np.stack([fitted(features, column, penalty) for column in labels.T], axis=1)


FITS = {
    "ridge 1e-2": (ridge, 1e-2),
    "ridge 1e-5": (ridge, 1e-5),
    "one step": (descent, [0.3]),
    "many steps": (descent, [0.3] * 200),
    "a schedule": (descent, [0.5, 0.1, 0.3, 0.02]),
}


def mean_risk(first, second, fit, *, of_training=False, exponent=-1.5):
    """Over w ~ N(0, diag(h/lambda)), exactly: every coordinate's own labels are one column.

    first are the features, second the samples.
    """
    root = np.arange(1, DIMENSION + 1.0) ** -0.75
    prior = np.arange(1, DIMENSION + 1.0) ** ((1.5 + exponent) / 2)
    sketch, x = first / np.sqrt(len(first)), second * root
    how, setting = fit
    found = how(x @ sketch.T, x * prior, setting)
    if of_training:
        return np.sum((x * prior - x @ sketch.T @ found) ** 2) / len(x)
    return np.sum((root[:, None] * (np.diag(prior) - sketch.T @ found)) ** 2)


@pytest.mark.every_case
@pytest.mark.parametrize("fit", FITS.values(), ids=FITS)
def test_draw_by_draw(fit):
    first, second = draw()
    risk = mean_risk(first, second, fit)
    assert risk == pytest.approx(mean_risk(second, first, fit), rel=1e-12)
    for broken in ({"exponent": -2.5}, {"of_training": True}):
        one, other = (mean_risk(*pair, fit, **broken) for pair in ((first, second), (second, first)))
        assert abs(one / other - 1) > 1e-5


SIZES = st.floats(2, 1e6).map(lambda size: float(f"{size:.4g}"))
RIDGES = st.integers(-9, 1).map(lambda power: 10.0**power)


@settings(max_examples=5)
@given(SIZES, SIZES, RIDGES)
def test_ridges(size, samples, ridge):
    one, two = (
        rc.ridge_risk(problem(), model_size=m, samples=n, ridge=ridge).excess
        for m, n in ((size, samples), (samples, size))
    )
    assert one == pytest.approx(two, rel=1e-14)


def test_two_ridges():
    one, two = (
        two_ridges(problem(), model_size=m, samples=n, ridges=["1e-3", "1e-6"]).excess for m, n in ((50, 90), (90, 50))
    )
    assert one == pytest.approx(two, rel=1e-13)


@pytest.mark.parametrize(("size", "samples"), [(50, 200), (300, 80), (40, 1e7)])
def test_one_formula_for_both(size, samples):
    """R = u M N (d1 - d2)/(M N - (M + N) d2 + 2 d1 d2 - d1^2), which is symmetric as it is written."""
    j = np.arange(1, 2001.0)
    for penalty in ("1e-3", "1e-6"):
        found = rc.ridge_risk(problem(dimension=2000), model_size=size, samples=samples, ridge=penalty)
        share = j**-1.5 / (j**-1.5 + found.method["u"])
        d1, d2 = share.sum(), (share**2).sum()
        below = size * samples - (size + samples) * d2 + 2 * d1 * d2 - d1**2
        assert found.excess == pytest.approx(found.method["u"] * size * samples * (d1 - d2) / below, rel=1e-12)


def exchanged(asked, schedule, *, method, sizes=(40, 100), last=300):
    return [
        rc.risk(
            rc.Run(asked, model_size=m, schedule=schedule, steps=[1, 7, 60, last], data=rc.FullBatch(samples=n)),
            method=method,
        )
        for m, n in (sizes, sizes[::-1])
    ]


@pytest.mark.parametrize(
    "schedule",
    [rc.Constant("3/10"), pytest.param(rc.Geometric("3/10"), marks=pytest.mark.slow)],
    ids=["constant", "geometric"],
)
def test_descent(schedule):
    one, other = exchanged(problem(dimension=600), schedule, method=rc.Equivalent(), last=10_000)
    np.testing.assert_allclose(one.excess, other.excess, rtol=1e-12)
    assert np.all(np.abs(one.training / other.training - 1) > 1e-3)


@pytest.mark.slow
def test_descent_to_many_digits():
    one, other = exchanged(problem(), rc.Constant("1/5"), method=rc.Equivalent(digits=30), sizes=(7, 11), last=80)
    assert one.decimals.text["excess"] == other.decimals.text["excess"]


@pytest.mark.parametrize("broken", [{"noise": "1/10"}, {"b": 2}])
def test_noise_and_other_priors_break_it(broken):
    for verb in (rc.ridge_risk, rc.tuned_ridge):
        asked = {"ridge": "1e-3"} if verb is rc.ridge_risk else {}
        one, other = (
            verb(problem(**broken), model_size=m, samples=n, **asked).excess for m, n in ((50, 200), (200, 50))
        )
        assert abs(one / other - 1) > 0.01


@pytest.mark.slow
@pytest.mark.parametrize("broken", [{"noise": "1/10"}, {"b": 2}])
def test_they_break_it_for_descent(broken):
    first, second = exchanged(problem(**broken), rc.Constant("3/10"), method=rc.Equivalent())
    assert np.abs(first.excess / second.excess - 1).max() > 0.01
