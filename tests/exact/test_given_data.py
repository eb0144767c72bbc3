"""Full batch given sketch and data: updates written out, limits, what rounding leaves, refusals."""

from dataclasses import replace

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput, ToleranceNotMet, UnstableRun
from riskcalc.exact.given_data import given_data

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a="3/2", dimension=40), signal=rc.PowerLawSignal(b=2), noise="1/10")
SKETCH = np.random.default_rng(1).standard_normal((6, 40)) / np.sqrt(6)


def run_with(steps, samples=15, schedule=None, size=6):
    return rc.Run(
        PROBLEM,
        model_size=size,
        schedule=schedule or rc.Constant("3/10"),
        steps=steps,
        data=rc.FullBatch(samples=samples),
    )


@pytest.mark.parametrize("samples", [15, 4])
@pytest.mark.parametrize("schedule", [rc.Constant("3/10"), rc.Geometric("3/10")], ids=["constant", "geometric"])
def test_updates_as_they_are_written(samples, schedule):
    """theta is affine in the labels: its mean and its response to their noise, step by step, on the drawn features."""
    run = run_with([0, 1, 2, 7, 40], samples, schedule)
    seed = np.random.SeedSequence(5)
    found = given_data(run, SKETCH, seed, tolerance=1e-9, force=False)
    root, target = np.sqrt(PROBLEM.eigenvalues()), PROBLEM.target()
    _, sizes, right = np.linalg.svd(SKETCH * root, full_matrices=False)
    features = np.random.default_rng(seed).standard_normal((samples, 6)) * sizes
    best = right @ (root * target) / sizes
    noise = 0.1 + found.floor
    mean, response = np.zeros(6), np.zeros((6, samples))
    rows = []
    for step, size in enumerate([*schedule.step_sizes(0, 40, horizon=40).tolist(), 0.0]):
        if step in run.steps:
            missed = features @ (best - mean)
            left = np.eye(samples) - features @ response
            rows.append(
                (
                    np.sum(sizes**2 * (mean - best) ** 2),
                    noise * np.sum((sizes[:, None] * response) ** 2),
                    (missed @ missed + noise * np.sum(left**2)) / samples,
                )
            )
        mean = mean + size / samples * features.T @ (features @ (best - mean))
        response = response + size / samples * features.T @ (np.eye(samples) - features @ response)
    for part, expected in zip((found.bias, found.variance, found.training), np.array(rows).T, strict=True):
        assert part == pytest.approx(expected, rel=1e-10, abs=1e-14)


def test_what_is_claimed_and_that_seeds_draw_the_data():
    one, same, other = (rc.risk(run_with([10]), method=rc.Exact(sketch=SKETCH, seed=seed)) for seed in (1, 1, 2))
    assert one.claim is rc.Claim.GIVEN_SKETCH_AND_DATA
    assert one == same
    assert one.excess[0] != other.excess[0]
    assert rc.RiskCurve.from_json(one.to_json()) == one
    several = rc.risk(run_with([10]), method=rc.Exact(sketches=5))
    assert several.claim is rc.Claim.AVERAGED_OVER_SKETCHES
    assert several.standard_error is not None
    assert several.training is not None


def test_without_end_all_samples_are_fitted():
    found = rc.risk(run_with([10**9], samples=4), method=rc.Exact(sketch=SKETCH))
    assert found.training[0] == pytest.approx(0, abs=1e-12)


def test_refusals():
    road = rc.Exact(sketch=SKETCH)
    with pytest.raises(UnstableRun, match=r"largest stable"):
        rc.risk(run_with([3], schedule=rc.Constant(9)), method=road)
    assert rc.Exact(sketch=SKETCH).curve(run_with([3], schedule=rc.Constant(9)), force=True).excess[0] > 1
    with pytest.raises(ToleranceNotMet, match="rounding leaves"):
        rc.risk(run_with([3]), method=replace(road, tolerance=1e-15))
    prior = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=40), signal=rc.GaussianPrior())
    with pytest.raises(InvalidInput, match="fixed target"):
        rc.risk(replace(run_with([3]), problem=prior), method=road)
    with pytest.raises(InvalidInput, match="no order of the data but the full batch"):
        rc.risk(replace(run_with([3]), data=rc.Reshuffled(samples=5)), method=road)
    with pytest.raises(InvalidInput, match="float64"):
        rc.risk(run_with([3]), method=replace(road, digits=20))
