"""Means of several fits: golden kernels, what they must be where another road knows it, pairs of fits made."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput, UnstableRun
from tests.conftest import golden

WORDS = [("shared", "shared"), ("own", "shared"), ("shared", "own"), ("own", "own")]
GOLDEN = golden("related")["ensembles"]
PARTS = ("bias", "sketch", "data", "interaction", "noise")


def problem(dimension=300, noise="1/10"):
    return rc.Problem(spectrum=rc.PowerLaw("3/2", dimension=dimension), signal=rc.PowerLawSignal(2), noise=noise)


def descent(asked, *, size=40, samples=60, steps=(1, 10, 100, 1000), step_size="2/5", order=rc.FullBatch):
    data = None if order is None else order(samples=samples)
    return rc.Run(asked, model_size=size, schedule=rc.Constant(step_size), steps=list(steps), data=data)


@pytest.mark.parametrize("row", range(4), ids=[" ".join(words) for words in WORDS])
@pytest.mark.parametrize(
    "one",
    [GOLDEN[0], *(pytest.param(one, marks=pytest.mark.slow) for one in GOLDEN[1:])],
    ids=[f"{one['M']}-{one['N']}" for one in GOLDEN],
)
def test_golden(one, row):
    asked, (sketch, data) = problem(one["v"]), WORDS[row]
    fits = {"model_size": one["M"], "samples": one["N"], "ridge": "1/100"}
    ridge = rc.ensemble_ridge(asked, members=None, sketch=sketch, data=data, **fits).risk
    run = descent(asked, size=one["M"], samples=one["N"])
    curve = rc.ensemble_risk(run, members=None, sketch=sketch, data=data)
    assert [ridge, *curve.risk] == pytest.approx(one["equivalent"][row], rel=1e-13)
    if row == 0:
        losses = [rc.ridge_risk(asked, **fits).training, *rc.risk(run).training]
        assert losses == pytest.approx(one["equivalent"][4], rel=1e-13)


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("sketch", "data", "samples", "ridge"),
    [*((*words, 30, "1/1000") for words in WORDS), ("own", "shared", 60, 0), ("shared", "own", 40, "1e-25")],
)
def test_members_merge(sketch, data, samples, ridge):
    asked, fits = problem(), {"model_size": 40, "samples": samples, "ridge": ridge}
    words = {"sketch": sketch, "data": data}
    one, four, many = (rc.ensemble_ridge(asked, members=members, **fits, **words) for members in (1, 4, None))
    single = rc.ridge_risk(asked, **fits)
    assert one.excess == pytest.approx(single.excess, rel=1e-14)
    assert four.excess == pytest.approx(many.excess + (one.excess - many.excess) / 4, rel=1e-13)
    for found in (one, four, many):
        assert found.excess == pytest.approx(found.approximation + found.bias + found.variance, rel=1e-14)
        assert found.approximation == (single.approximation if sketch == "shared" else 0)
        assert found.bias >= 0
    assert (four.excess < one.excess) == (words != {"sketch": "shared", "data": "shared"})


def test_runs_averaged_on_one_sketch_are_descent_on_the_population():
    """By the dynamics of one pass with batches so large that they have no noise, which knows no double integral."""
    run = descent(problem(), order=None, step_size="1/5")
    many = rc.ensemble_risk(run, members=None, sketch="shared", data="own")
    assert many.excess == pytest.approx(rc.risk(dataclasses.replace(run, batch_size=10**15)).excess, rel=1e-11)
    assert many.variance == pytest.approx(0, abs=1e-14)
    one, two = (rc.ensemble_risk(run, members=members, sketch="shared", data="own") for members in (1, 2))
    assert one.excess == pytest.approx(rc.risk(run).excess, rel=1e-13)
    assert two.variance == pytest.approx(one.variance / 2, rel=1e-12)


def test_own_sketches_without_end_of_data_are_no_sketch_at_the_ridge_u():
    """second at d1-free u: with N = oo a ridge of the kernel alone, u (1 - d1/M) = ridge."""
    found = rc.ensemble_ridge(problem(), model_size=40, samples=10**20, ridge="1/50", members=None)
    fit = rc.ridge_risk(problem(), model_size=40, samples=10**20, ridge="1/50")
    u = fit.method["u"]
    wide = rc.ridge_risk(problem(), model_size=10**20, samples=10**20, ridge=u)
    assert found.excess == pytest.approx(wide.excess, rel=1e-12)


@pytest.mark.slow
def test_members_that_draw_their_own_batches():
    """With replacement: one data set and sketch, and still two runs; what they share is full-batch descent."""
    run = descent(problem(), order=rc.WithReplacement, step_size="1/5", steps=(10, 200))
    many = rc.ensemble_risk(run, members=None, sketch="shared", data="shared")
    full = rc.risk(dataclasses.replace(run, data=rc.FullBatch(samples=60)))
    assert many.excess == pytest.approx(full.excess, rel=1e-12)
    assert (many.excess < rc.risk(run).excess).all()


def test_parts_of_the_variance():
    run = descent(problem())
    parts, curve = rc.descent_variances(run), rc.risk(run)
    total = sum(getattr(parts, name) for name in PARTS)
    assert total == pytest.approx(curve.excess, rel=1e-12)
    assert all((getattr(parts, name) > parts.error).all() for name in PARTS)
    clean = rc.risk(descent(problem(noise=0))).excess
    assert parts.noise == pytest.approx(curve.excess - clean, rel=1e-9)
    ridge = rc.ridge_variances(problem(), model_size=40, samples=60, ridge="1/100")
    assert ridge.error is None
    assert sum(getattr(ridge, name) for name in PARTS) == pytest.approx(
        rc.ridge_risk(problem(), model_size=40, samples=60, ridge="1/100").excess, rel=1e-13
    )
    # with neither noise nor a floor of samples, all that scatters is the sketch
    alone = rc.ridge_variances(problem(noise=0), model_size=40, samples=10**18, ridge="1/100")
    assert alone.data == pytest.approx(0, abs=1e-12) == alone.noise
    assert alone.sketch > 0.01


@pytest.mark.parametrize(
    ("asked", "size", "samples"),
    [(problem(), 40, 60), pytest.param(problem(dimension=None), 10**5, 3 * 10**5, marks=pytest.mark.slow)],
)
def test_late_descent_has_the_parts_of_a_ridgeless_fit(asked, size, samples):
    """Within the stated error, where the interaction is 1e-5 of the excess too; and that error says something."""
    parts = rc.descent_variances(descent(asked, size=size, samples=samples, steps=[10**16]))
    ridgeless = rc.ridge_variances(asked, model_size=size, samples=samples)
    total = sum(getattr(ridgeless, name) for name in PARTS)
    for name in PARTS:
        assert abs(getattr(parts, name)[0] - getattr(ridgeless, name)) <= parts.error[0], name
    assert 0 < parts.error[0] < 1e-10 * total


def test_an_unstable_run_has_no_parts():
    with pytest.raises(UnstableRun, match=r"largest stable constant step size is 1\.29"):
        rc.descent_variances(descent(problem(), step_size=3))


def test_features_and_samples_exchanged():
    """Transposed, an ensemble over sketches is bagging over data: isotropic prior, no noise."""
    asked = rc.Problem(spectrum=rc.PowerLaw("3/2"), signal=rc.PowerLawSignal("3/2"))
    one = rc.ensemble_ridge(asked, model_size=30, samples=70, ridge="1/100", members=None)
    other = rc.ensemble_ridge(
        asked, model_size=70, samples=30, ridge="1/100", members=None, sketch="shared", data="own"
    )
    assert one.excess == pytest.approx(other.excess, rel=1e-12)


def pairs_of_fits(asked, *, size, samples, ridge, steps, step_size, runs, seed):
    """Products of errors of fits that have both, one or nothing in common, and training losses: (runs, 5, fits)."""
    root, target = np.sqrt(asked.eigenvalues()), asked.target()
    generator, rows = np.random.default_rng(seed), []
    for _ in range(runs):
        sketches = [generator.standard_normal((size, len(root))) / np.sqrt(size) for _ in range(2)]
        sets = []
        for _ in range(2):
            x = generator.standard_normal((samples, len(root))) * root
            sets.append((x, x @ target + np.sqrt(0.1) * generator.standard_normal(samples)))
        missed, losses = {}, []
        for s, sketch in enumerate(sketches):
            for d, (x, y) in enumerate(sets):
                left, singular, right = np.linalg.svd(x @ sketch.T / np.sqrt(samples), full_matrices=False)
                z = singular**2
                kept = np.stack([ridge / (z + ridge), *((1 - step_size * z) ** step for step in steps)])
                learnt = ((1 - kept) / singular * (left.T @ y / np.sqrt(samples))) @ right
                missed[s, d] = root * (learnt @ sketch - target)
                if (s, d) == (0, 0):
                    residual = y - learnt @ sketch @ x.T
                    losses = np.mean(residual**2, axis=1)
        products = [np.sum(missed[0, 0] * missed[other], axis=1) + 0.1 for other in ((0, 0), (1, 0), (0, 1), (1, 1))]
        rows.append([*products, losses])
    return np.array(rows)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "samples"), [(40, 60), (120, 60)])
def test_four_kernels_and_the_training_loss_against_fits(size, samples, z_bound, mean_and_error):
    """1500 draws, ridge and descent; O(1/N) is left; each kernel is told from the three others."""
    asked, steps = problem(), (1, 10, 100, 1000)
    drawn = pairs_of_fits(
        asked, size=size, samples=samples, ridge=0.01, steps=steps, step_size=0.4, runs=1500, seed=7
    )
    means, errors = mean_and_error(drawn)
    run = descent(asked, size=size, samples=samples, steps=steps)
    fits = {"model_size": size, "samples": samples, "ridge": "1/100"}
    theory = [
        [
            rc.ensemble_ridge(asked, members=None, sketch=sketch, data=data, **fits).risk,
            *rc.ensemble_risk(run, members=None, sketch=sketch, data=data).risk,
        ]
        for sketch, data in WORDS
    ]
    theory.append([rc.ridge_risk(asked, **fits).training, *rc.risk(run).training])
    found = np.array(theory)
    allowed = z_bound(found.size) * errors + 1.5 * found / samples
    assert np.all(errors < 0.02 * found)
    assert np.all(np.abs(means - found) < allowed)
    late = [0, 3, 4]  # ridge, and descent once it has learnt something
    for row in range(4):
        for other in range(4):
            if row != other:
                gap = np.abs(means[row] - found[other])[late]
                assert np.any(gap > allowed[row][late]), (WORDS[row], WORDS[other])


@pytest.mark.parametrize(
    ("asked", "words", "message"),
    [
        (descent(problem(), order=None), {"data": "shared"}, "one pass over samples that members share"),
        (descent(problem()), {"members": 0}, "members must be at least 1"),
        (descent(problem()), {"sketch": "mine"}, "sketch must be own or shared"),
        (
            dataclasses.replace(descent(problem(), order=None), averaging=rc.IterateAverage()),
            {"data": "own"},
            "last iterates",
        ),
        (
            dataclasses.replace(descent(problem(), order=None), optimiser=rc.HeavyBall("1/2")),
            {"data": "own"},
            "is for SGD",
        ),
    ],
)
def test_refusals(asked, words, message):
    with pytest.raises(InvalidInput, match=message):
        rc.ensemble_risk(asked, **{"members": 2, **words})


def test_drawn_batches_have_no_such_parts():
    with pytest.raises(InvalidInput, match=r"use FullBatch\(samples=N\)"):
        rc.descent_variances(descent(problem(), order=rc.WithReplacement, step_size="1/5"))
