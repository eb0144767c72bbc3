"""SGD on v and its mean-field chain: one step by quadrature, each other, gathered places, lost runs, refusals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.quadratic.coordinates import coordinates_of
from tests.conftest import golden

GOLDEN = golden("related")


def problem(a="3/2", b="5/2", noise="1/10"):
    return rc.Problem(spectrum=rc.PowerLaw(a), signal=rc.PowerLawSignal(b), noise=noise)


def run_of(asked, *, size=50, schedule=None, steps=(1, 10, 100), batch_size=1):
    chosen = schedule or rc.Constant("1/20")
    return rc.Run(asked, model_size=size, schedule=chosen, steps=list(steps), batch_size=batch_size)


def excess_after_one_step(places, *, start, size, correlated=True):
    """Mean over x_j = sqrt(lambda) g and the rest of the residual, s h, by Hermite's rule: exact for a polynomial."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(12)
    weights = weights / weights.sum()
    g, h = np.meshgrid(nodes, nodes, indexing="ij")
    both = np.outer(weights, weights)
    error = places.target - start
    risk = places.noise + places.beyond + np.sum(places.eigenvalue * error**2)
    found = places.beyond
    for eigenvalue, missed, target in zip(places.eigenvalue, error, places.target, strict=True):
        spread = np.sqrt(risk - eigenvalue * missed**2 if correlated else risk)
        x = np.sqrt(eigenvalue) * g
        w = start * (1 + 2 * size * x * (x * missed + spread * h)) ** 2
        found += eigenvalue * np.sum(both * (target - w) ** 2)
    return found


@pytest.mark.parametrize("method", [rc.QuadraticSGD(runs=20_000, seed=3), rc.MeanField(particles=400, replicas=50)])
def test_one_step_by_quadrature(method, z_bound):
    """The residual seen by one coordinate is exact for SGD; the chain must not count that coordinate twice."""
    asked, start, size = problem(noise="1/10"), 0.3, 0.1
    found = rc.quadratic_risk(
        run_of(asked, size=5, schedule=rc.Constant(size), steps=[1]), start=start, method=method
    )
    places = coordinates_of(asked, 5)
    right, wrong = (
        excess_after_one_step(places, start=start, size=size, correlated=correlated) for correlated in (True, False)
    )
    assert found.standard_error[0] < 0.01 * right
    assert abs(found.mean[0] - right) < z_bound(2) * found.standard_error[0]
    assert abs(found.mean[0] - wrong) > z_bound(2) * found.standard_error[0]


def without_noise(places, *, start, size, steps):
    """Gradient flow: w/w* = 1/(1 + (w*/w0 - 1) exp(-4 lambda w* tau))."""
    grown = np.exp(-4 * size * np.outer(steps, places.eigenvalue * places.target))
    w = places.target / (1 + (places.target / start - 1) * grown)
    return ((places.target - w) ** 2) @ places.eigenvalue + places.beyond


def test_the_chain_is_the_mean_of_runs(z_bound):
    run = run_of(problem(), steps=(1, 10, 40, 150))
    runs = rc.quadratic_risk(run, start="1/10", method=rc.QuadraticSGD(runs=1500, seed=1))
    chain = rc.quadratic_risk(run, start="1/10", method=rc.MeanField(particles=150, replicas=8, places=60, seed=2))
    joint = np.hypot(runs.standard_error, chain.standard_error)
    assert np.all(joint < 0.05 * chain.mean)
    assert np.all(np.abs(runs.mean - chain.mean) < z_bound(4) * joint)
    flow = without_noise(coordinates_of(problem(), 50), start=0.1, size=0.05, steps=run.steps)
    assert np.any(np.abs(runs.mean - flow) > z_bound(4) * joint)


@pytest.mark.slow
def test_batches(z_bound):
    """B samples a step: less noise, the same in runs and chain."""
    run = run_of(problem(), batch_size=4, steps=(60,))
    runs = rc.quadratic_risk(run, start="1/10", method=rc.QuadraticSGD(runs=800, seed=1))
    chain = rc.quadratic_risk(run, start="1/10", method=rc.MeanField(particles=100, places=50, seed=2))
    joint = np.hypot(runs.standard_error, chain.standard_error)
    assert abs(runs.mean - chain.mean) < z_bound(2) * joint
    single = rc.quadratic_risk(run_of(problem(), steps=(60,)), start="1/10", method=rc.QuadraticSGD(runs=800, seed=1))
    assert runs.mean + z_bound(2) * np.hypot(runs.standard_error, single.standard_error) < single.mean


def test_gathered_places_keep_trace_and_signal():
    whole = coordinates_of(problem(), 1000)
    few = whole.gathered(78)
    assert len(few.target) <= 78
    assert few.count.sum() == 1000
    assert few.count @ few.eigenvalue == pytest.approx(whole.eigenvalue.sum(), rel=1e-13)
    assert few.signal == pytest.approx(whole.signal, rel=1e-13)
    assert whole.gathered(1000) is whole
    assert few.target[:10] == pytest.approx(whole.target[:10], rel=1e-13)
    # and what is learnt of them by gradient flow, which every place has on its own
    flows = [without_noise(one, start=1e-3, size=0.05, steps=[100, 3000]) for one in (whole,)]
    error = few.target - few.target / (
        1 + (few.target / 1e-3 - 1) * np.exp(-4 * 0.05 * np.outer([100, 3000], few.eigenvalue * few.target))
    )
    assert (error**2) @ (few.count * few.eigenvalue) + few.beyond == pytest.approx(flows[0], rel=5e-3)


def test_what_lies_beyond_is_part_of_the_excess():
    asked = problem()
    places = coordinates_of(asked, 20)
    j = np.arange(21, 2_000_000.0)
    assert places.beyond == pytest.approx(np.sum(j**-2.5), rel=1e-5)
    cut = dataclasses.replace(asked, spectrum=rc.PowerLaw("3/2", dimension=60))
    assert coordinates_of(cut, 20).beyond == pytest.approx(np.sum(np.arange(21, 61.0) ** -2.5), rel=1e-13)
    found = rc.quadratic_risk(run_of(asked, size=20, steps=[0]), start=1, method=rc.QuadraticSGD(runs=2))
    expected = places.beyond + np.sum(places.eigenvalue * (1 - places.target) ** 2)
    assert found.excess[0] == pytest.approx(expected, rel=1e-13)


def test_runs_that_diverge_are_counted_and_said():
    schedule = {step: rc.Geometric(step) for step in ("1/20", "17/100")}
    calm, wild = (
        rc.quadratic_risk(
            run_of(problem(), size=100, schedule=one, steps=[0, 100, 512]),
            start="1/1000",
            method=rc.QuadraticSGD(runs=200, seed=5),
        )
        for one in schedule.values()
    )
    assert calm.lost == (0, 0, 0)
    assert wild.lost[0] == 0 < wild.lost[1] <= wild.lost[2] < 100
    assert np.isfinite(wild.excess).all()
    assert f"{wild.lost[2]} of 200 runs diverged" in str(wild)
    lost = rc.quadratic_risk(
        run_of(problem(), size=30, schedule=rc.Constant(3), steps=[200]), start=1, method=rc.QuadraticSGD(runs=4)
    )
    assert lost.lost == (4,)
    assert lost.excess[0] == np.inf
    with pytest.raises(InvalidInput, match="the chain diverges before step 200"):
        rc.quadratic_risk(
            run_of(problem(), size=30, schedule=rc.Constant(3), steps=[200]), start=1, method=rc.MeanField()
        )


def test_a_start_far_off_is_no_divergence():
    """Small steps bring it down, by a factor of 1e8 here: what is lost is measured by where a run begins."""
    run = run_of(problem(), size=5, schedule=rc.Constant("1e-6"), steps=[0, 300])
    found = rc.quadratic_risk(run, start=1e4, method=rc.QuadraticSGD(runs=20))
    assert found.lost == (0, 0)
    assert found.excess[0] == pytest.approx(1e8 * np.sum(np.arange(1, 6.0) ** -1.5), rel=1e-3)
    assert found.excess[1] < 0.5 * found.excess[0]


def test_what_is_printed():
    run = run_of(problem(), size=5, steps=[3])
    many, few = (rc.quadratic_risk(run, start=1, method=rc.QuadraticSGD(runs=runs)) for runs in (6, 5))
    assert many.low < many.excess < many.high  # of all 6: but once in 32 both ends lie on one side
    assert few.low is None is few.high
    assert "from" in str(many)
    assert "from" not in str(few)
    chain = rc.quadratic_risk(run, start=1, method=rc.MeanField(particles=5, places=3))
    assert chain.lost is None
    for word in ("runs", "lost", "others", "from"):
        assert word not in str(chain)
    assert "mean of 6 replicas" in str(chain)


@pytest.mark.parametrize("method", [rc.QuadraticSGD(), rc.MeanField()])
def test_its_ways_are_no_roads_of_the_linear_model(method):
    for ask in (rc.risk, rc.output_curves):
        with pytest.raises(InvalidInput, match="method must be a road such as"):
            ask(run_of(problem()), method=method)


@pytest.mark.slow
def test_the_median_and_its_interval():
    """Of the runs themselves, in 95 % of repetitions round the median of very many."""
    run, places = run_of(problem(), size=10, steps=[40]), coordinates_of(problem(), 10)
    many = np.array(list(rc.QuadraticSGD(runs=20_000, seed=9).excess(run, places, start=0.1)))[0]
    inside = 0
    for seed in range(60):
        found = rc.quadratic_risk(run, start="1/10", method=rc.QuadraticSGD(runs=40, seed=seed))
        inside += bool(found.low[0] <= np.median(many) <= found.high[0])
    assert inside >= 51  # of 57 or more expected; fewer than 52 has a chance below 1 %


@pytest.mark.slow
@pytest.mark.parametrize("one", GOLDEN["quadratic_mean_field_halving_N4096"])
def test_halving_schedule_against_runs_made_elsewhere(one, z_bound):
    run = run_of(
        problem(one["a"], one["b"], one["sigma2"]), size=1000, schedule=rc.Geometric(one["gamma"]), steps=one["steps"]
    )
    chain = rc.quadratic_risk(run, start=one["w0"], method=rc.MeanField(particles=60, replicas=5, places=78, seed=4))
    joint = np.hypot(chain.standard_error, one["se"])
    assert np.all(joint < 0.02 * chain.mean)
    assert np.all(np.abs(chain.mean - one["sgd"]) < z_bound(6) * joint)


@pytest.mark.slow
def test_it_learns_faster_than_the_linear_model():
    """(3, 2): slopes in N of the chain and of linear SGD, exact; rates 2/5 and 1/3."""
    chain, linear = [], []
    for steps in (2**12, 2**14):
        run = run_of(problem(3, 2), size=1000, schedule=rc.Geometric("1/50"), steps=[steps])
        chain.append(rc.quadratic_risk(run, start="1/100", method=rc.MeanField(particles=40, replicas=5, places=78)))
        linear.append(rc.risk(dataclasses.replace(run, model_size=10**9, schedule=rc.Geometric("3/10"))).excess[0])
    slopes = [np.log(pair[0] / pair[1]) / np.log(4) for pair in ([one.excess[0] for one in chain], linear)]
    error = np.hypot(*(one.standard_error[0] / one.excess[0] for one in chain)) / np.log(4)
    assert error < 0.005
    assert slopes[0] == pytest.approx(0.354, abs=0.01 + 3 * error)
    assert slopes[1] < 0.305 < 0.33 < slopes[0]


@pytest.mark.parametrize(
    ("asked", "words", "message"),
    [
        (run_of(problem()), {"start": 0}, "start must be positive"),
        (run_of(problem()), {"method": rc.Exact()}, "method must be QuadraticSGD"),
        (rc.Run(problem(), model_size="21/2", schedule=rc.Constant(1), steps=[1]), {}, "whole number"),
        (
            rc.Run(problem(), model_size=5, schedule=rc.Constant("1/10"), steps=[1], data=rc.FullBatch(samples=9)),
            {},
            "one pass over fresh samples",
        ),
        (
            rc.Run(problem(), model_size=5, schedule=rc.Constant("1/10"), steps=[1], averaging=rc.IterateAverage()),
            {},
            "last iterate",
        ),
        (run_of(problem(), size=10**6, steps=[10**8]), {}, "normals, more than"),
        (run_of(problem(), size=10**8), {}, "gone through one by one"),
        (run_of(problem(), size=10**6, steps=[1]), {}, "200 runs of 1000000 coordinates are held at once"),
        (
            run_of(problem(), size=10**6, steps=[1]),
            {"method": rc.MeanField(places=10**6)},
            "1000000 places with 100 particles are held at once",
        ),
        (run_of(rc.Problem(spectrum=rc.PowerLaw(2), signal=rc.GaussianPrior(3))), {}, "is followed for one target"),
    ],
)
def test_refusals(asked, words, message):
    with pytest.raises(InvalidInput, match=message):
        rc.quadratic_risk(asked, **{"start": 1, **words})
