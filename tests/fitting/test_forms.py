"""Forms of a scaling law: known answers, refusals that say which data would do, hold-out, predictions, allocation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

import riskcalc as rc
from riskcalc.errors import InvalidInput, RiskcalcError
from riskcalc.fitting.crossover import crossover
from riskcalc.fitting.forms import Additive, Coupled
from riskcalc.fitting.theory_form import Theory

N, D = (axis.ravel() for axis in np.meshgrid(np.geomspace(5e7, 1e10, 7), np.geomspace(1e9, 3e11, 8)))
FIRST, SECOND = 480 * N**-0.35, 2100 * D**-0.37
COUPLED = 1.8 + (FIRST**1.5 + SECOND**1.5) ** (1 / 1.5)
ADDITIVE = 1.8 + FIRST + SECOND


def noisy(losses, *, size=0.005, seed=0):
    return losses * np.exp(size * np.random.default_rng(seed).standard_normal(losses.shape))


@pytest.mark.slow
def test_coupled_terms_are_told_from_added_ones():
    law = rc.fit_scaling_law(N, D, COUPLED, form="coupled")
    assert law.estimates["g"] == pytest.approx(1.5, rel=1e-6)
    assert law.estimates["E"] == pytest.approx(1.8, rel=1e-6)
    assert rc.fit_scaling_law(N, D, ADDITIVE, form="coupled").estimates["g"] == pytest.approx(1, rel=1e-6)
    assert "the theory with these exponents (a = 1.89, b = 1.7" in str(law)


@pytest.mark.parametrize(
    "form, parameters",
    [
        (Additive(sizes=N, samples=D), [0.6, 6.2, 0.35, 7.6, 0.37]),
        (Coupled(sizes=N, samples=D), [0.6, 6.2, 0.35, 7.6, 0.37, 0.4]),
        pytest.param(Theory(sizes=N, samples=D), [0.6, 6.7, -4.5, 2.0, 1.85], marks=pytest.mark.slow),
    ],
)
def test_derivatives_of_a_form_are_those_of_its_values(form, parameters):
    row = np.array([parameters])
    found = form.evaluate(row)[1][0]
    for place in range(len(form.names)):
        up, down = row.copy(), row.copy()
        up[0, place] += 1e-5
        down[0, place] -= 1e-5
        difference = (form.values(up) - form.values(down))[0] / 2e-5
        np.testing.assert_allclose(found[:, place], difference, rtol=2e-4, atol=2e-5 * np.abs(difference).max())


@pytest.mark.slow
def test_the_surface_of_the_theory_is_that_of_the_equivalent():
    """At sizes and steps that the lattice does not hold, with the step size taken out by hand."""
    a, b, size = 1.7, 1.6, 3000
    phi = crossover(a, b)
    problem = rc.Problem(spectrum=rc.PowerLaw(a=a), signal=rc.PowerLawSignal(b=b))
    steps = [int(10.0**power) for power in np.linspace(9, 15, 7)]
    curve = rc.risk(rc.Run(problem, model_size=size, schedule=rc.Constant("1/1000000"), steps=steps))
    times = np.log(2e-6 * np.array(steps, dtype=float)) - a * np.log(size)
    found = phi(times) + (1 - b) * np.log(size)
    np.testing.assert_allclose(found, np.log(np.asarray(curve.approximation + curve.bias)), atol=3e-3)
    assert phi.coupling == pytest.approx(2.2, abs=0.5)


@pytest.mark.slow
def test_the_theory_is_found_in_its_own_losses():
    row = np.array([[np.log(1.9), 6.7, -4.5, 2.0, 1.85]])
    losses = np.exp(Theory(sizes=N, samples=D).values(row)[0])
    law = rc.fit_scaling_law(N, D, losses, form="theory", holdout=0)
    assert law.estimates["a"] == pytest.approx(2.0, abs=1e-4)
    assert law.estimates["b"] == pytest.approx(1.85, abs=1e-4)
    assert law.estimates["E"] == pytest.approx(1.9, abs=1e-4)


def line(jitter, seed=0, points=40):
    sizes = np.geomspace(1e7, 1e10, points)
    samples = 20 * sizes * np.exp(jitter * np.random.default_rng(seed).standard_normal(points))
    return sizes, samples, 1.8 + 480 * sizes**-0.35 + 2100 * samples**-0.37


@pytest.mark.parametrize("jitter, noise", [(0.0, 0.0), (0.0, 0.01), (1e-7, 0.01), (0.02, 0.01), (0.05, 0.02)])
@pytest.mark.parametrize("irreducible", [None, "9/5"])
def test_one_ratio_of_samples_to_sizes_is_refused(jitter, noise, irreducible):
    """Exact data of D = 20 N came back with the exponents swapped; within 2 % of it, c1 was 2.8e22."""
    sizes, samples, losses = line(jitter)
    with pytest.raises(RiskcalcError, match=r"of D = (19|20|21)[.0-9]* N: add runs of the same N with D several times"):
        rc.fit_scaling_law(sizes, samples, noisy(losses, size=noise), irreducible=irreducible)


def test_rounded_samples_on_one_line_are_refused():
    sizes = np.round(np.geomspace(1e6, 1e9, 30))
    with pytest.raises(InvalidInput, match="add runs of the same N"):
        rc.fit_scaling_law(sizes, np.round(sizes * 20 / 1000) * 1000, 1.8 + 480 * sizes**-0.35)


def test_what_two_ratios_determine_is_fitted():
    """The cure of the refusal works: the same runs at a second ratio."""
    sizes, samples, _ = line(0.0)
    sizes, samples = np.tile(sizes, 2), np.concatenate([samples, 20 * samples])
    losses = 1.8 + 480 * sizes**-0.35 + 2100 * samples**-0.37
    law = rc.fit_scaling_law(sizes, samples, noisy(losses, size=1e-3))
    assert law.intervals["alpha"][0] < 0.35 < law.intervals["alpha"][1]


@pytest.mark.slow
def test_a_law_without_a_floor_converges_and_is_flagged():
    losses = 8 * N**-0.076 + 20 * D**-0.095
    law = rc.fit_scaling_law(N, D, losses)
    assert law.estimates["alpha"] == pytest.approx(0.076, rel=1e-6)
    assert law.estimates["beta"] == pytest.approx(0.095, rel=1e-6)
    assert "no floor is visible" in str(law)
    assert "no floor is visible" not in str(rc.fit_scaling_law(N, D, losses, irreducible=0))


def test_the_hold_out_is_a_fit_of_the_smaller_budgets():
    losses = noisy(ADDITIVE)
    law = rc.fit_scaling_law(N, D, losses)
    order = np.argsort(N * D, kind="stable")
    low, high = order[:34], order[34:]
    again = rc.fit_scaling_law(N[low], D[low], losses[low], holdout=0)
    missed = np.log(losses[high]) - np.log(again(N[high], D[high]))
    assert law.holdout.error == pytest.approx(np.abs(missed).mean(), rel=1e-6)
    assert law.holdout.asked == 22
    assert "hold-out:" in str(law)
    assert "none asked for" in str(again)


def test_an_allocation_is_that_of_the_closed_form():
    """G = (alpha A/(beta B))^(1/(alpha + beta)); N = G (C/6)^(beta/(alpha + beta))."""
    law = rc.fit_scaling_law(N, D, noisy(ADDITIVE))
    best, of = law.allocation("1e21"), law.estimates
    total = of["alpha"] + of["beta"]
    ratio = (of["alpha"] * of["A"] / (of["beta"] * of["B"])) ** (1 / total)
    assert best.size == pytest.approx(ratio * (1e21 / 6) ** (of["beta"] / total), rel=1e-4)
    assert best.size * best.samples * 6 == pytest.approx(1e21)
    assert best.size_interval[0] < best.size < best.size_interval[1]
    predicted = law.predict(best.size, best.samples)
    assert predicted.loss == pytest.approx(best.loss, rel=1e-6)
    assert predicted.low < predicted.loss < predicted.high
    with pytest.raises(InvalidInput, match="no least value"):
        law.allocation("1e60")


@pytest.mark.slow
@pytest.mark.parametrize("form", ["additive", "coupled"])
def test_coverage_of_resampled_rows(form):
    sets, hits = 200, {}
    losses = ADDITIVE if form == "additive" else COUPLED
    truth = {"E": 1.8, "A": 480, "alpha": 0.35, "B": 2100, "beta": 0.37}
    truth |= {} if form == "additive" else {"g": 1.5}
    at, loss_there = (2e10, 1e12), None
    size, sample = 480 * at[0] ** -0.35, 2100 * at[1] ** -0.37
    loss_there = 1.8 + (size + sample if form == "additive" else (size**1.5 + sample**1.5) ** (1 / 1.5))
    for seed in range(sets):
        law = rc.fit_scaling_law(N, D, noisy(losses, seed=seed), form=form, holdout=0)
        for name, value in truth.items():
            hits[name] = hits.get(name, 0) + (law.intervals[name][0] <= value <= law.intervals[name][1])
        there = law.predict(*at)
        hits["loss"] = hits.get("loss", 0) + bool(there.low <= loss_there <= there.high)
    print(form, {name: count / sets for name, count in hits.items()})
    for count in hits.values():
        assert binom.cdf(count, sets, 0.95) > 1e-3
        assert binom.sf(count - 1, sets, 0.95) > 1e-4


@pytest.mark.slow
def test_groups_are_resampled_whole():
    """Points of one run share their noise; taken one by one they would seem to say more than they do."""
    shared = np.repeat(np.random.default_rng(1).standard_normal(8), 7)
    losses = ADDITIVE * np.exp(0.01 * shared)
    single = rc.fit_scaling_law(N, D, losses, holdout=0)
    whole = rc.fit_scaling_law(N, D, losses, groups=np.repeat(np.arange(8), 7), holdout=0)
    assert "8 groups of points" in whole.uncertainty
    widths = [np.ptp(law.intervals["beta"]) for law in (single, whole)]
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.parametrize(
    "asked, says",
    [
        ({"form": "sum"}, "form must be additive, coupled or theory"),
        ({"holdout": 1}, "holdout is a share"),
        ({"groups": [1, 2]}, "their shape is"),
        ({"groups": np.zeros(56)}, "1 groups are too few"),
    ],
)
def test_what_is_refused(asked, says):
    with pytest.raises(InvalidInput, match=says):
        rc.fit_scaling_law(N, D, ADDITIVE, **asked)


@pytest.mark.slow
def test_few_points_have_no_interval_and_say_so():
    law = rc.fit_scaling_law(N[::6], D[::6], noisy(ADDITIVE)[::6])
    assert law.intervals is None
    assert "unknown: 10 points are too few" in str(law)


def test_one_experiment_of_a_collection_is_fitted(tmp_path):
    """Rows of two surfaces in one table: taken together they are none, and the report says so."""
    path = tmp_path / "isoflops.csv"
    rows = [
        f"{name},{tokens:.17g},{params:.17g},{6 * tokens * params:.17g},{loss:.17g}"
        for name, losses in (("first", ADDITIVE), ("second", 2 * ADDITIVE))
        for params, tokens, loss in zip(N, D, losses, strict=True)
    ]
    path.write_text("\n".join(["experiment,tokens,params,budget,loss", *rows]))
    one = rc.load_points(path, where="experiment=second")
    np.testing.assert_array_equal(one.losses, 2 * ADDITIVE)
    assert "rows with experiment=second" in one.columns
    both = rc.load_points(path)
    assert both.losses.size == 2 * N.size
    assert "rows of several experiments together (first, second): experiment=first takes one" in both.columns
    refused = (("experiment=third", "there are first, second"), ("first", "COLUMN=VALUE"), ("x=1", "no column"))
    for wrong, says in refused:
        with pytest.raises(InvalidInput, match=says):
            rc.load_points(path, where=wrong)
