"""Slopes, prefactors and gaps computed elsewhere, by public names alone; each is told from what a near formula has."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import riskcalc as rc
from tests.conftest import golden

GOLDEN = golden("related")


def problem(a, b, *, dimension=None, noise=0):
    return rc.Problem(
        spectrum=rc.PowerLaw(Fraction(str(a)), dimension=dimension), signal=rc.PowerLawSignal(str(b)), noise=noise
    )


def flow(asked, times, *, size, samples, step_size="1/1000"):
    """Gradient flow on a data set, by so small steps: times in units of gamma t."""
    steps = [round(time / Fraction(step_size)) for time in times]
    data = rc.FullBatch(samples=samples)
    return rc.Run(asked, model_size=size, schedule=rc.Constant(step_size), steps=steps, data=data)


@pytest.mark.every_case
@pytest.mark.parametrize("law", [(1.5, 3.2), (1.5, 4), (1.5, 5), (2, 5)])
def test_what_scatters_between_features_limits_wide_models(law):
    """P samples, P^q features, no ridge: P^-min(b-1, 2a) + P^(1-a-q); to the digits in print, between 1e5 and 1e6."""
    a, b = law
    table = GOLDEN["overparameterised_slopes_P_1e5_to_1e6"]
    for q, expected in zip(table["q"], table[f"a={a},b={b}"], strict=True):
        few, many = (rc.ridge_risk(problem(a, b), model_size=n**q, samples=n).excess for n in (1e5, 1e6))
        assert math.log10(few / many) == pytest.approx(expected, abs=6e-5)
        limit = min(a - 1 + q, b - 1, 2 * a)
        # far from where both meet, and from b = 2 a + 1, which has a logarithm: the features' own exponent
        if limit < min(b - 1, 2 * a) - 0.4 and b != 2 * a + 1:
            assert math.log10(few / many) == pytest.approx(limit, abs=0.02)


def test_prefactor_of_a_re_implementation():
    """6000 latent coordinates, 400 features and outputs: a line that was drawn by eye, without any fit."""
    table = GOLDEN["reimplementation_prefactor"]
    asked, size = problem(2, 2, dimension=table["v"]), table["N"]
    for samples, expected in zip(table["T"], table["times_1e5"], strict=True):
        best = rc.tuned_ridge(asked, model_size=size, samples=samples).excess
        found = size / table["v"] ** 2 * best / (1 / samples + 1 / size)
        assert 1e5 * found == pytest.approx(expected, abs=6e-5)
    endless = rc.tuned_ridge(problem(2, 2), model_size=size, samples=size).excess
    assert 1e5 * size / 6000**2 * endless / (2 / size) > 2.72  # infinite dimension has another


@pytest.mark.slow
def test_the_best_shape_of_a_fixed_product_with_the_best_ridge():
    table = GOLDEN["equiparameterisation_tuned_NT_1e6"]
    for alpha in (".5", "1", "2"):
        asked = problem(1 + float(alpha), 1 + float(alpha))
        for ratio, expected in zip(table["N_over_T"], table[f"alpha={alpha}"], strict=True):
            size, samples = 1000 * math.sqrt(ratio), 1000 / math.sqrt(ratio)
            found = rc.tuned_ridge(asked, model_size=size, samples=samples).excess
            assert found == pytest.approx(expected, rel=1e-7), (alpha, ratio)


def test_features_and_samples_exchanged_along_a_curve():
    """Equivalents to 1e-13 of each other and of values made elsewhere; simulated ones up to their errors and O(1/N)."""
    table = GOLDEN["duality_curve"]
    asked = problem(table["a"], table["b"], dimension=table["v"])
    one, other = (
        rc.risk(
            rc.Run(
                asked,
                model_size=size,
                schedule=rc.Constant("3/10"),
                steps=table["steps"],
                data=rc.FullBatch(samples=samples),
            )
        ).excess
        for size, samples in table["sizes"]
    )
    assert one == pytest.approx(other, rel=1e-13)
    assert one == pytest.approx(table["excess_DE"], rel=1e-12)
    for values, errors in (("simulated_40_100", "se"), ("simulated_100_40", "se2")):
        gap = np.abs(np.array(table[values]) - one[:4])
        assert np.all(gap < 4 * np.array(table[errors]) + one[:4] / 40)


@pytest.mark.slow
def test_the_gap_between_training_and_test_loss_early():
    """N (R - L) of flow, of order 1, at N = 1e4; without end in width by two widths, whose first order goes."""
    table = GOLDEN["one_over_M_coefficient"]
    asked, n = problem(table["a"], table["b"], dimension=table["v"]), 10**4
    narrow, wide = (rc.risk(flow(asked, table["gamma_t"][:3], size=size, samples=n)) for size in (1500, 3000))
    found = 2 * (wide.risk - wide.training) - (narrow.risk - narrow.training)
    assert n * found == pytest.approx(table["gap_N_times_R_minus_L_at_N_1e4"][:3], rel=0.005)
    assert n * (wide.risk - wide.training)[2] > 1.01 * n * found[2]


@pytest.mark.slow
def test_one_wide_model_or_several_narrow_ones():
    """240 features in all: the wide one, but for late descent on few noisy samples, where the order is reversed."""
    table = GOLDEN["ensemble_against_width"]
    clean, noisy = (problem(table["a"], table["b"], dimension=table["v"], noise=noise) for noise in (0, "1/10"))
    late, endless = [], []
    for members, size in table["members_times_M"]:
        run = flow(noisy, [3000], size=size, samples=100, step_size="1/100")
        late.append(rc.ensemble_risk(run, members=members).excess[0])
        run = flow(clean, [300], size=size, samples=10**15, step_size="1/100")
        endless.append(rc.ensemble_risk(run, members=members).excess[0])
    assert late == pytest.approx(table["N_100_sigma2_01_gamma_t_3000"], abs=6e-6)
    assert endless == pytest.approx(table["N_infinite_gamma_t_300"], abs=6e-6)
    assert late[-1] == min(late)
    assert endless[0] == min(endless)
