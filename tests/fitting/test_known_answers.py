"""Fits whose answer is known: power laws made by hand, and exact curves whose exponents are derived."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.curve.floor import known_floor
from riskcalc.errors import InvalidInput
from riskcalc.fitting import BCa, Huber, Percentile, SoftL1, Studentised
from riskcalc.fitting.estimate import curve_fit
from riskcalc.fitting.interval import worst_case_limits

STEPS = np.geomspace(1, 1e4, 80)


def noisy(mean, *, runs=32, spread=0.05, seed=0):
    return mean * np.exp(spread * np.random.default_rng(seed).standard_normal((runs, len(mean))))


def test_a_straight_line_misses_the_exponent_and_a_floor_finds_it():
    runs = noisy(0.01 + STEPS**-0.7)
    straight = -np.polyfit(np.log(STEPS), np.log(runs.mean(axis=0)), 1)[0]
    assert abs(straight - 0.7) > 0.15
    for floor in (0.01, "fitted"):
        fit = rc.fit_exponents((STEPS, runs), floor=floor, expected="7/10", level="0.99")
        assert fit.interval[1] - fit.interval[0] < 0.01
        assert fit.terms[0].inside
        low, high = fit.terms[0].drift_interval
        assert low < 0 < high
    assert fit.floor_interval[0] < 0.01 < fit.floor_interval[1]


@pytest.mark.parametrize("floor", [0.02, "fitted"])
def test_an_exact_power_law_is_found_to_the_digits_of_its_numbers(floor):
    fit = rc.fit_exponents((STEPS, 0.02 + 3 * STEPS**-0.7), floor=floor)
    assert fit.exponent == pytest.approx(0.7, abs=1e-6)
    assert fit.terms[0].coefficient == pytest.approx(3, rel=1e-6)
    assert fit.floor == pytest.approx(0.02, rel=1e-6)
    assert fit.terms[0].drift == pytest.approx(0, abs=1e-5)
    assert fit.interval is None
    np.testing.assert_allclose(fit.values(), fit.data.excess, rtol=1e-6)


@pytest.mark.parametrize("floor", [0, 0.003, "fitted"])
def test_two_terms_are_told_apart(floor):
    level = 0.003 if floor == "fitted" else floor
    fit = rc.fit_exponents((STEPS, level + 0.5 * STEPS**-0.3 + 2 * STEPS**-1.1), terms=2, floor=floor)
    assert [term.exponent for term in fit.terms] == pytest.approx([0.3, 1.1], abs=1e-3)
    assert [term.coefficient for term in fit.terms] == pytest.approx([0.5, 2], rel=1e-2)


def test_two_noisy_terms_have_intervals_that_hold_them():
    runs = noisy(0.5 * STEPS**-0.3 + 2 * STEPS**-1.1, spread=0.02, seed=3)
    fit = rc.fit_exponents((STEPS, runs), terms=2, floor=0, expected=["3/10", "11/10"], level="0.99")
    assert [term.inside for term in fit.terms] == [True, True]
    assert fit.terms[0].interval[1] - fit.terms[0].interval[0] < 0.1


def test_the_drift_is_the_change_of_the_local_exponent():
    x = np.log(STEPS / 100)
    width = np.log(1e4)
    fit = rc.fit_exponents((STEPS, np.exp(-0.6 * x - 0.3 * x**2 / (2 * width))), floor=0, loss=SoftL1(10))
    assert fit.terms[0].drift == pytest.approx(0.3, abs=1e-4)
    local = rc.local_exponents((STEPS, fit.data.excess), floor=0, decades="1/5")
    np.testing.assert_allclose(local.exponents, 0.6 + 0.3 * np.log(local.steps / 100) / width, atol=1e-6)


@pytest.mark.parametrize("rate", [0.2, 1, 5])
def test_what_a_correction_does_to_estimate_and_drift(rate):
    """A correction 1 + k t^-p shifts the estimate by D A(p W), and shows as a drift if p W is 1 or more."""
    width, size = np.log(1e4), 1e-4
    power = rate / width
    steps = np.geomspace(1, 1e4, 400)
    fit = rc.fit_exponents((steps, steps**-0.7 * (1 + size * steps**-power)), floor=0)
    y = (np.arange(1000) + 0.5) / 1000
    shift = size * power * np.mean(6 * y * (1 - y) * np.exp(-rate * y))
    assert fit.exponent - 0.7 == pytest.approx(shift, rel=0.01)
    assert (abs(fit.terms[0].drift) > 0.98 * abs(shift)) == (rate >= 1)


def derived(alpha, beta):
    """The exponent of t of the learnt modes, from the term table."""
    (term,) = [term for term in rc.exponents(alpha=alpha, beta=beta).terms if term.name == "F_pp"]
    return -term.exponents["t"]


@pytest.mark.parametrize(
    "beta, last", [("1/5", 1e11), pytest.param("2/5", 1e9, marks=pytest.mark.slow), ("-1/4", 1e11)]
)
def test_exact_curves_give_the_derived_exponent_within_the_drift(beta, last):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b=2 + 2 * Fraction(beta)))
    steps = [int(step) for step in np.geomspace(1e3, last, 40)]
    curve = rc.risk(rc.Run(problem, model_size="1e12", schedule=rc.Constant("3/10"), steps=steps))
    fit = rc.fit_exponents(curve, expected=derived(1, beta))
    assert fit.terms[0].inside is None
    assert fit.terms[0].inside_with_drift
    assert fit.terms[0].resolution < 0.01  # so that the line above says something
    assert not rc.fit_exponents(curve, expected=derived(1, beta) + Fraction("1/20")).terms[0].inside_with_drift


def test_the_known_floor_is_what_the_curve_reaches():
    problem = rc.Problem(
        spectrum=rc.PowerLaw(a=2, dimension=200), signal=rc.PowerLawSignal(b="12/5"), noise="1/100"
    )
    curve = rc.risk(rc.Run(problem, model_size=20, schedule=rc.Constant("3/10"), steps=[10**12]), method=rc.Exact())
    level, words = known_floor(curve)
    assert level == pytest.approx(curve.excess[0], rel=1e-9)
    assert "kappa" in words
    decaying = rc.risk(rc.Run(problem, model_size=20, schedule=rc.Geometric("3/10"), steps=[1000]), method=rc.Exact())
    assert known_floor(decaying)[0] == decaying.approximation


def test_local_exponents_and_their_errors():
    runs = noisy(STEPS**-0.7, runs=40)
    found = rc.local_exponents((STEPS, runs), floor=0, decades=1)
    z = (found.exponents - 0.7) / found.standard_error
    assert np.abs(z).max() < 5
    near = np.abs(np.log10(STEPS / found.steps[10])) <= 0.5 + 1e-9
    slopes = [-np.polyfit(np.log(STEPS[near]), np.log(run[near]), 1)[0] for run in runs]
    assert found.standard_error[10] == pytest.approx(np.std(slopes, ddof=1) / np.sqrt(40), rel=0.05)


def test_the_automatic_window_leaves_the_bend_out():
    early = STEPS**-0.3
    bent = np.where(STEPS < 30, early, 30**-0.3 * (STEPS / 30) ** -0.9)
    fit = rc.fit_exponents((STEPS, bent), floor=0, window="auto", resolution="0.02")
    assert fit.window.first >= 20
    assert fit.window.last == STEPS[-1]
    assert fit.exponent == pytest.approx(0.9, abs=0.02)
    assert "automatically" in fit.window.chosen
    assert abs(rc.fit_exponents((STEPS, bent), floor=0).exponent - 0.9) > 0.04
    sampled = rc.fit_exponents((STEPS, noisy(bent)), floor=0, window="auto")
    assert sampled.exponent == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("terms, floor", [(1, 0.02), (1, None), (2, 0.0), (2, None)])
def test_influence_is_the_derivative_of_the_fit(terms, floor):
    mean = (0 if floor == 0 else 0.02) + STEPS**-0.3 + (3 * STEPS**-1 if terms == 2 else 0)
    mean = noisy(mean, runs=1, spread=0.002)[0]
    fit = curve_fit(STEPS, mean, terms=terms, floor=floor, loss=SoftL1(0.1))
    _, slopes = fit.influence(mean[None])
    shifted = np.array([mean, mean])
    shifted[0, 30], shifted[1, 30] = mean[30] * (1 + 1e-4), mean[30] * (1 - 1e-4)
    up, down = fit.statistics(shifted)
    difference = (up - down) / (2e-4 * mean[30])
    np.testing.assert_allclose(slopes[0, :, 30], difference, rtol=0.02, atol=0.005 * np.abs(difference).max())


def test_the_three_bootstraps_agree_where_all_is_well():
    runs = noisy(0.02 + STEPS**-0.7, runs=60)
    found = [
        rc.fit_exponents((STEPS, runs), floor=0.02, interval=way(seed=1)).interval
        for way in (Studentised, Percentile, BCa)
    ]
    width = found[0][1] - found[0][0]
    assert np.abs(np.array(found) - found[0]).max() < 0.25 * width
    again = rc.fit_exponents((STEPS, runs), floor=0.02, interval=Studentised(seed=1)).interval
    assert again == found[0]


def test_standard_errors_alone_give_the_widest_interval():
    mean, error = 0.02 + STEPS**-0.7, 0.01 * STEPS**-0.7
    fit = curve_fit(STEPS, mean, terms=1, floor=0.02, loss=SoftL1(0.1))
    widest = np.diff(worst_case_limits(fit, mean, error, level=0.95, runs=None), axis=0)[0, 0] / (2 * 1.959964)
    _, slopes = fit.influence(mean[None])
    weights = slopes[0, 0] * error
    draw = np.random.default_rng(0)
    for _ in range(20):
        factors = draw.standard_normal((len(STEPS), 3))
        correlation = factors @ factors.T
        scale = np.sqrt(np.diag(correlation))
        assert np.sqrt(weights @ (correlation / np.outer(scale, scale)) @ weights) < widest
    signs = np.outer(np.sign(weights), np.sign(weights))
    assert np.sqrt(weights @ signs @ weights) == pytest.approx(widest, rel=1e-6)  # and it is reached


def test_samples_are_the_replicates_of_the_curve():
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=30), signal=rc.PowerLawSignal(b=2))
    run = rc.Run(problem, model_size=5, schedule=rc.Constant("1/5"), steps=[1, 2, 5, 10, 20, 50])
    for road in (rc.MonteCarlo(runs=20), rc.MonteCarlo(runs=5, sketches=6)):
        curve, samples = rc.risk(run, method=road), road.samples(run)
        assert samples.shape == ((20, 6) if road.sketches == 1 else (6, 6))
        np.testing.assert_allclose(samples.mean(axis=0), curve.excess, rtol=1e-13)
        fit = rc.fit_exponents(curve, replicates=samples)
        assert f"({len(samples)} replicates)" in fit.uncertainty
        alone = rc.fit_exponents(curve)
        assert "standard errors alone" in alone.uncertainty
        if len(samples) == 20:  # with very few replicates the bootstrap is wider than Student's quantile
            assert alone.interval[1] - alone.interval[0] > fit.interval[1] - fit.interval[0]


@pytest.mark.parametrize("loss", [SoftL1(0.01), Huber(0.01)])
def test_a_wild_point_does_not_move_a_robust_fit(loss):
    curve = STEPS**-0.7
    curve[-1] *= 3
    robust = rc.fit_exponents((STEPS, curve), floor=0, loss=loss).exponent
    squares = rc.fit_exponents((STEPS, curve), floor=0, loss=SoftL1(100)).exponent
    assert abs(robust - 0.7) < 0.1 * abs(squares - 0.7)


def test_the_robust_fit_is_that_of_scipy():
    from scipy.optimize import least_squares

    mean = noisy(0.02 + STEPS**-0.7, runs=1, spread=0.2)[0]
    fit = rc.fit_exponents((STEPS, mean), floor=0.02)

    def residuals(p):
        return np.log(0.02 + np.exp(p[0]) * STEPS ** -p[1]) - np.log(mean)

    theirs = least_squares(residuals, [0, 1], loss="soft_l1", f_scale=0.1, xtol=1e-12, ftol=1e-12, gtol=1e-12)
    assert fit.exponent == pytest.approx(theirs.x[1], abs=1e-6)


def test_what_a_report_says():
    fit = rc.fit_exponents((STEPS, noisy(0.02 + STEPS**-0.7)), floor="0.02", window=(2, 1e3), expected="4/5")
    text = str(fit)
    for words in ("t = 2", "asked for", "held: as asked", "95 % interval", "drift across", "expected 4/5: outside"):
        assert words in text
    read = fit.to_dict()
    assert read["terms"][0]["inside"] is False
    assert read["replicates"] == 32
    assert read["window"]["points"] == len(fit.data.steps) < 80


@pytest.mark.parametrize(
    "asked, says",
    [
        ({"terms": 3}, "terms must be 1 or 2"),
        ({"floor": "known"}, "does not say its floor"),
        ({"floor": -1}, "floor cannot be negative"),
        ({"window": (10, 1)}, "0 < low < high"),
        ({"window": (10, 11)}, "recorded steps lie in the window"),
        ({"window": "wide"}, "window must be"),
        ({"level": 1}, "level must be"),
        ({"expected": ["1", "2"]}, "2 expected exponents for 1 terms"),
        ({"replicates": np.ones((2, 80))}, "2 replicates are too few"),
        ({"replicates": np.ones((9, 7))}, "excess of shape"),
    ],
)
def test_what_is_refused(asked, says):
    with pytest.raises(InvalidInput, match=says):
        rc.fit_exponents((STEPS, STEPS**-0.7), **asked)


def test_terms_that_are_not_there_are_refused():
    with pytest.raises(InvalidInput, match="nothing decays above the floor"):
        rc.fit_exponents((STEPS, STEPS**-0.7), floor=2)
    with pytest.raises(InvalidInput, match="no decay is visible"):
        rc.fit_exponents((STEPS, np.ones(80)), floor=0, terms=2)


def test_a_floor_that_is_not_there_is_said_to_be_none():
    fit = rc.fit_exponents((STEPS, noisy(STEPS**-0.7, runs=20)), floor="fitted", level="0.999")
    assert fit.floor == 0
    assert fit.floor_interval is None
    assert "none is visible" in str(fit)
    assert fit.interval[0] < 0.7 < fit.interval[1]


def test_copies_of_a_run_are_refused():
    """Copies counted as runs made 95 % intervals hold the truth in 70 %."""
    runs = noisy(STEPS**-0.7, runs=6)
    with pytest.raises(InvalidInput, match=r"replicate \d+ and replicate \d+ hold the same numbers"):
        rc.fit_exponents((STEPS, np.vstack([runs, runs[:2]])), floor=0)
    for wrong, says in ((np.ones(80), "replicate 7 is constant"), (STEPS**0.1, "replicate 7 never falls")):
        with pytest.raises(InvalidInput, match=says):
            rc.fit_exponents((STEPS, np.vstack([runs, wrong])), floor=0)


def test_what_is_no_power_law_is_refused():
    with pytest.raises(InvalidInput, match="the excess is -1 at step 1"):
        rc.fit_exponents((STEPS, -STEPS))
    with pytest.raises(InvalidInput, match="cannot read the curve file no-such-curve"):
        rc.fit_exponents("no-such-curve.json")
    with pytest.raises(InvalidInput, match="not finite at step"):
        rc.fit_exponents((STEPS, np.where(STEPS > 100, np.inf, 1)))
