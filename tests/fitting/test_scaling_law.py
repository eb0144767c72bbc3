"""The surface R = sigma2 + c1 M^-a1 + c2 N^-a2: known answers, outliers, and a published figure."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import norm, t as student

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.fitting import Huber, SoftL1, Studentised
from riskcalc.fitting.resampled_rows import bias_corrected

M, N = (axis.ravel() for axis in np.meshgrid([10, 20, 40, 80, 160], [500, 1000, 2000, 4000, 8000, 16000]))
TRUTH = {"E": 1.0, "A": 2.0, "alpha": 1.0, "B": 3.0, "beta": 0.5}
RISK = 1 + 2 / M + 3 * N**-0.5


@pytest.mark.parametrize("irreducible", [None, 1])
def test_an_exact_surface_is_found(irreducible):
    law = rc.fit_scaling_law(M, N, RISK, irreducible=irreducible)
    for name, value in TRUTH.items():
        assert law.estimates[name] == pytest.approx(value, rel=1e-4)
    np.testing.assert_allclose(law(M, N), RISK, rtol=1e-6)
    assert law.intervals is None


def test_one_wild_point_is_shrugged_off():
    wild = RISK.copy()
    wild[7] *= 1.3
    robust = rc.fit_scaling_law(M, N, wild, irreducible=1)
    squares = rc.fit_scaling_law(M, N, wild, irreducible=1, loss=SoftL1(100))
    assert abs(robust.estimates["alpha"] - 1) < 0.1 * abs(squares.estimates["alpha"] - 1)
    assert robust.worst == pytest.approx(np.log(1.3), rel=0.01)


def test_intervals_hold_the_truth():
    draws = RISK * np.exp(0.01 * np.random.default_rng(1).standard_normal((40, len(RISK))))
    for interval, loss in ((None, None), (Studentised(resamples=300), SoftL1(0.1))):
        law = rc.fit_scaling_law(M, N, draws, irreducible=1, level="0.999", interval=interval, loss=loss)
        assert set(law.intervals) == {"A", "alpha", "B", "beta"}
        for name, (low, high) in law.intervals.items():
            assert low < TRUTH[name] < high
        low, high = law.intervals["beta"]
        assert high - low < 0.1
    text = str(law)
    assert "E:          1 (held)" in text
    assert "99.9 % interval" in text
    assert law.to_dict()["irreducible"] == "held"


@pytest.mark.parametrize("irreducible", [None, "1/2", 1])
@pytest.mark.parametrize("risk, letter", [(1 + 2 / M, "D"), (1 + 3 * N**-0.5, "N"), (np.full(len(M), 2.0), "N")])
def test_a_letter_that_does_not_matter_is_named(risk, letter, irreducible):
    """1 + 2/M came out as sigma2 = 0.97297 with c2 = 0.02703 and a2 = -2.5e-16: the constant was split."""
    with pytest.raises(InvalidInput, match=f"do not depend on {letter}"):
        rc.fit_scaling_law(M, N, risk, irreducible=irreducible)


@pytest.mark.parametrize("noise", [3e-4, 1e-3])
def test_a_letter_that_does_not_matter_is_noticed_through_noise(noise):
    draws = noise * np.random.default_rng(0).standard_normal((2, len(M)))
    with pytest.raises(InvalidInput, match=r"depend on D|determine .* of D|rise with D"):
        rc.fit_scaling_law(M, N, (1 + 2 / M) * np.exp(draws[0]))
    law = rc.fit_scaling_law(M, N, RISK * np.exp(draws[1]), irreducible=1)  # both matter: both are fitted
    assert law.estimates["beta"] == pytest.approx(0.5, abs=20 * noise)


def test_letters_that_vary_only_together_are_refused():
    sizes = np.array([10.0, 20, 40, 80, 160, 320])
    for samples in (20 * sizes, sizes**2):
        with pytest.raises(InvalidInput, match="one line in logarithms"):
            rc.fit_scaling_law(sizes, samples, 1 + 2 / sizes + 3 / samples)


def test_faint_terms_and_a_floor_at_zero_are_still_fitted():
    faint = rc.fit_scaling_law(M, N, 1 + 2 / M + 1e-3 * N**-0.3)
    assert faint.estimates["beta"] == pytest.approx(0.3, rel=1e-3)
    bare = rc.fit_scaling_law(M, N, 2 / M + 3 * N**-0.5)
    assert bare.estimates["E"] < 1e-6
    assert bare.estimates["beta"] == pytest.approx(0.5, rel=1e-4)


@pytest.mark.parametrize(
    "asked, says",
    [
        ((M, N[:-1], RISK), "shape"),
        ((M, N, -RISK), "risks must be positive"),
        ((M[:5], N[:5], RISK[:5]), "at least 6 points"),
        ((M, N, np.array([RISK, RISK])), "2 replicates are too few"),
        (("x", N, RISK), "leave samples and risks out"),
        ((["x"], N, RISK), "array of real numbers"),
    ],
)
def test_what_is_refused(asked, says):
    with pytest.raises(InvalidInput, match=says):
        rc.fit_scaling_law(*asked)


def test_an_irreducible_risk_above_the_data_is_refused():
    with pytest.raises(InvalidInput, match="smallest risk"):
        rc.fit_scaling_law(M, N, RISK, irreducible=2)


@pytest.mark.slow
def test_the_data_exponent_of_lin_et_al_figure_1():
    """a = b = 2, d = 2000, trace 1, sigma = 1, gamma = 0.1, geometric schedule; published exponents (1.07, 0.49).

    The law is in N_eff = N / log2 N. The exponent of N is theirs within 0.03; that of M depends on the grid, which
    they do not state.
    """
    scale = float(1 / (1 / np.arange(1, 2001) ** 2.0).sum())
    problem = rc.Problem(
        spectrum=rc.PowerLaw(a=2, dimension=2000, scale=scale), signal=rc.PowerLawSignal(b=2, scale=scale), noise=1
    )
    risks = []
    for size, samples in zip(M, N, strict=True):
        run = rc.Run(problem, model_size=int(size), schedule=rc.Geometric("1/10"), steps=[int(samples)])
        risks.append(rc.risk(run).risk[0])
    law = rc.fit_scaling_law(M, N / np.log2(N), risks, irreducible=1)
    assert law.estimates["beta"] == pytest.approx(0.49, abs=0.03)


def _noisy(seed, spread=0.005):
    return RISK * np.exp(spread * np.random.default_rng(seed).standard_normal(RISK.size))


def test_rows_that_are_there_twice_say_nothing_new():
    """Copies made the intervals 1/sqrt 2 as wide."""
    risk = _noisy(0)
    once = rc.fit_scaling_law(M, N, risk, holdout=0)
    twice = rc.fit_scaling_law(np.tile(M, 2), np.tile(N, 2), np.tile(risk, 2), holdout=0)
    for name, (low, high) in once.intervals.items():
        assert twice.intervals[name] == pytest.approx((low, high), rel=1e-4)
    assert "the 30 points; 30 more repeat them and say nothing new" in twice.uncertainty
    with pytest.raises(InvalidInput, match="replicate 1 and replicate 2 hold the same numbers"):
        rc.fit_scaling_law(M, N, np.tile(risk, (5, 1)))


@pytest.mark.parametrize("unit", [1e-250, 1e-60, 1e250])
def test_a_loss_in_any_unit_has_the_same_exponents(unit):
    """A traceback of NumPy, or no convergence."""
    law, other = (rc.fit_scaling_law(M, N, _noisy(0) * one, holdout=0) for one in (1.0, unit))
    for name, value in law.estimates.items():
        scaled = value * (unit if name in ("E", "A", "B") else 1.0)
        assert other.estimates[name] == pytest.approx(scaled, rel=1e-5)


@pytest.mark.parametrize("seed", [1, 2, 6])
@pytest.mark.every_case
def test_a_huber_loss_of_tiny_scale_is_at_its_minimum(seed):
    """By the conditions of a least sum of absolute values, which no descent is part of.

    As many points as parameters are met; weights of size at most 1 at these balance the signs at all others. Steps that
    were short for logarithms, and long for the loss, ended a millionth above it.
    """
    some = np.sort(np.random.default_rng(seed).choice(M.size, 11, replace=False))
    risk = _noisy(seed)[some]
    law = rc.fit_scaling_law(M[some], N[some], risk, loss=Huber("1e-8"), holdout=0)
    values, jacobian = law.law.evaluate(law.parameters[None])
    left, slopes = np.log(risk) - values[0], jacobian[0]
    met = np.argsort(abs(left))[:5]
    assert abs(left[met]).max() < 1e-8 < 1e-5 < np.delete(abs(left), met).min()
    signs = np.sign(np.delete(left, met)) @ np.delete(slopes, met, axis=0)
    weights = np.linalg.solve(slopes[met].T, -signs)
    assert abs(weights).max() <= 1 + 1e-5
    np.testing.assert_allclose(left[met] / 1e-8, weights, atol=1e-4)


def test_a_loss_that_is_no_number_is_named():
    with pytest.raises(InvalidInput, match="risks must be positive and finite, but nan stands at point 4"):
        rc.fit_scaling_law(M, N, np.where(np.arange(30) == 4, np.nan, RISK))


def test_bias_corrected_limits_of_gaussian_resamples():
    """About a median that is off by d they move by 2 d the other way, in any unit of the quantity."""
    draws = norm.ppf((np.arange(40_000) + 0.5) / 40_000)[:, None] * np.array([1.0, 0.5]) + np.array([0.3, 0.0])
    many = 10**9
    found = bias_corrected(draws, np.array([0.0, 0.0]), 0.95, units=many)
    np.testing.assert_allclose(found, [[-0.3 - 1.96, -0.98], [-0.3 + 1.96, 0.98]], atol=1e-3)
    np.testing.assert_allclose(bias_corrected(np.exp(draws), np.ones(2), 0.95, units=many), np.exp(found), rtol=1e-12)
    ties = np.where(draws[:, :1] > 0.3, draws[:, :1], -np.inf)  # a floor that every other resample sees
    low, high = bias_corrected(ties, np.array([-np.inf]), 0.95, units=many)
    few = bias_corrected(draws[:, 1:], np.zeros(1), 0.95, units=8)
    np.testing.assert_allclose(few[1], 0.5 * student.ppf(0.975, 7) * np.sqrt(8 / 7), atol=1e-2)
    assert low[0] == -np.inf
    assert high[0] == pytest.approx(0.3 + norm.ppf(ndtr(2 * norm.ppf(0.25) + norm.ppf(0.975))), abs=1e-3)
