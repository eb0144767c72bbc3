"""Simulated runs on a data set, against updates written out, exact expectations over the order, and fresh samples."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.simulation.data_set import on_data_sets
from riskcalc.simulation.streams import RunSeeds

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a="3/2", dimension=24), signal=rc.PowerLawSignal(b=2), noise="1/10")
ORDERS = [rc.FullBatch(samples=6), rc.WithReplacement(samples=6), rc.Reshuffled(samples=6)]
SKETCH = np.random.default_rng(3).standard_normal((4, 24)) / 2


def run_with(data, *, steps, batch_size=1, model_size=4, problem=PROBLEM, step_size="1/5"):
    return rc.Run(
        problem,
        model_size=model_size,
        schedule=rc.Constant(step_size),
        steps=steps,
        batch_size=1 if isinstance(data, rc.FullBatch) else batch_size,
        data=data,
    )


@pytest.mark.parametrize("simulator", [rc.Ambient(), rc.Reduced()], ids=lambda it: it.name)
@pytest.mark.parametrize("order", ORDERS, ids=lambda order: type(order).__name__)
def test_updates_as_they_are_written(order, simulator):
    """Every step by a loop over the samples that the order names, on the tables that the runs draw."""
    run = run_with(order, steps=[0, 1, 2, 9], batch_size=2)
    every = RunSeeds(root=5, first=0, runs=3)
    seeds = [every[run] for run in range(3)]
    source = simulator.source(PROBLEM, SKETCH)
    runs, training = on_data_sets(source.runs(seeds), seeds, order)
    road = rc.MonteCarlo(runs=3, seed=5, sketch=SKETCH, simulator=simulator)
    excess, loss = road.samples(run), road.training_samples(run)
    for place, stream in enumerate(runs.streams):
        theta, batch = runs.start[place, 0].copy(), order.seen(2)
        for step in range(10):
            if step in run.steps:
                column = run.steps.index(step)
                missed = stream.table[:, -1] - stream.table[:, :-1] @ theta
                assert loss[place, column] == pytest.approx(float(np.mean(missed**2)), rel=1e-12)
                alone = np.broadcast_to(theta, runs.start.shape)
                assert excess[place, column] == pytest.approx(float(runs.excess(alone)[place, 0]), rel=1e-12)
                assert training(alone)[place, 0] == pytest.approx(loss[place, column], rel=1e-12)
            move = np.zeros_like(theta)
            for index in stream.rows.take(batch):
                row = stream.table[index]
                move += row[:-1] * (row[-1] - row[:-1] @ theta)
            theta = theta + 0.2 / batch * move


def test_chunks_change_no_bit_of_a_run_on_a_data_set():
    run = run_with(rc.Reshuffled(samples=6), steps=[0, 5, 40], batch_size=3)
    together, apart = (rc.MonteCarlo(runs=5, sketch=SKETCH, chunk=chunk).samples(run) for chunk in (None, 2))
    assert np.array_equal(together, apart)


@pytest.mark.slow
def test_the_first_epoch_is_one_pass_run_by_run():
    """Reduced samples are read one by one: the same numbers in another order, so only their law can be compared."""
    data, fresh = (
        rc.MonteCarlo(runs=4000, sketch=SKETCH).samples(run_with(order, steps=[6])) for order in (ORDERS[2], None)
    )
    gap = data.mean() - fresh.mean()
    assert abs(gap) < 4 * np.hypot(data.std(), fresh.std()) / np.sqrt(4000)


@pytest.mark.slow
def test_reshuffled_epochs_lie_a_few_per_cent_below_drawn_batches():
    """Test risk and training loss after one and three epochs, on the same samples: one seed, one data set."""
    problem = rc.Problem(spectrum=rc.PowerLaw(a="3/2", dimension=80), signal=rc.PowerLawSignal(b=2), noise="1/10")
    simulated = rc.MonteCarlo(runs=3000, seed=1, sketch_seed=1)
    runs = [
        rc.Run(problem, model_size=10, schedule=rc.Constant("1/10"), steps=[20, 60], data=order)
        for order in (rc.Reshuffled(samples=20), rc.WithReplacement(samples=20))
    ]
    for read in (simulated.samples, simulated.training_samples):
        shuffled, drawn = (read(run) for run in runs)
        gap = (shuffled - drawn).mean(axis=0)
        z = gap / (shuffled - drawn).std(axis=0) * np.sqrt(3000)
        assert (z < -4).all()
        assert (np.abs(gap) < 0.2 * drawn.mean(axis=0)).all()


def test_one_pass_has_no_training_loss():
    run = run_with(None, steps=[3])
    assert rc.risk(run, method=rc.MonteCarlo(runs=2)).training is None
    with pytest.raises(InvalidInput, match="no data set"):
        rc.MonteCarlo(runs=2).training_samples(run)


def test_parts_of_samples_cannot_be_drawn():
    with pytest.raises(InvalidInput, match="samples"):
        rc.risk(run_with(rc.FullBatch(samples="9/2"), steps=[3]), method=rc.MonteCarlo(runs=2))


@pytest.mark.slow
def test_exact_given_sketch_and_data_is_the_mean_of_full_batch_runs(z_bound, mean_and_error):
    run = run_with(rc.FullBatch(samples=12), steps=[1, 5, 30, 200])
    simulated = rc.MonteCarlo(runs=20_000, sketch=SKETCH)
    for road_samples, part in ((simulated.samples(run), "excess"), (simulated.training_samples(run), "training")):
        mean, error = mean_and_error(road_samples)
        rows = [getattr(rc.risk(run, method=rc.Exact(seed=seed, sketch=SKETCH)), part) for seed in range(1500)]
        exact, spread = mean_and_error(np.array(rows))
        z = (mean - exact) / np.hypot(error, spread)
        assert np.abs(z).max() < z_bound(2 * len(run.steps))
        assert (np.hypot(error, spread) / exact).max() < 0.02
