"""Whoever computes, the bits are the same; and what is wrong with workers is said."""

from __future__ import annotations

import multiprocessing
import random
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor

import pytest

import riskcalc as rc
from riskcalc.errors import ExecutorFailed, MissingDependency, SweepInterrupted
from riskcalc.sweeping import chunk, executors
from riskcalc.sweeping.processes import processes
from tests.sweeping.small import bits, small

FINITE = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=30), signal=rc.PowerLawSignal(b=2), noise="1/10")


class Backwards(Executor):
    """Computes nothing before it is waited for, then whatever it likes first."""

    def __init__(self, seed):
        self.waiting, self.draw = [], random.Random(seed)

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        if fn is not executors.answered:
            future.set_result(fn(*args, **kwargs))
        else:
            self.waiting.append((future, fn, args))
        return future

    def some(self):
        if not self.waiting:
            return
        self.draw.shuffle(self.waiting)
        future, fn, args = self.waiting.pop()
        future.set_result(fn(*args))


@pytest.fixture
def backwards(monkeypatch):
    executor = Backwards(seed=5)
    waited = executors.wait

    def wait(running, **how):
        executor.some()
        return waited(running, **how)

    monkeypatch.setattr(executors, "wait", wait)
    return executor


def sampled(**more):
    return rc.sweep(
        FINITE,
        model_size=[3, 6],
        schedule=["constant"],
        step_size="1/10",
        batch_size=[1, 2],
        steps=[0, 10],
        method=rc.MonteCarlo(runs=3, seed=1),
        **more,
    )


def test_the_order_of_points_and_the_cut_of_chunks_change_no_bit(backwards, monkeypatch):
    expected = bits(small())
    assert bits(small(executor=backwards)) == expected
    assert not backwards.waiting
    monkeypatch.setattr(chunk, "PATIENCE", 0.0)  # one point at a time; the others come again
    assert bits(small()) == expected


def test_threads_change_no_bit():
    with ThreadPoolExecutor(2) as pool:
        assert bits(small(executor=pool)) == bits(small())


def test_samples_have_a_seed_of_their_own_at_every_point(backwards):
    found = sampled()
    assert bits(sampled(executor=backwards)) == bits(found)
    seeds = found.seed.values
    assert len(set(seeds.ravel().tolist())) == 4
    run = rc.Run(FINITE, model_size=6, schedule=rc.Constant("1/10"), batch_size=2, steps=[0, 10])
    again = rc.risk(run, method=rc.MonteCarlo(runs=3, seed=int(seeds[1, 0, 1])))
    assert again.excess.tolist() == found.excess.values[1, 0, 1].tolist()
    alone = rc.sweep(  # the same question in another grid
        FINITE,
        model_size=6,
        schedule=rc.Constant("1/10"),
        batch_size=2,
        steps=[0, 10],
        method=rc.MonteCarlo(runs=3, seed=1),
    )
    assert int(alone.seed) == seeds[1, 0, 1]


class Answers(Executor):
    """Answers every call with one error, from a certain call on."""

    def __init__(self, error, after=0):
        self.error, self.after = error, after

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.after -= 1
        if self.after >= 0:
            future.set_result(fn(*args, **kwargs))
        else:
            future.set_exception(self.error)
        return future


def test_workers_without_the_package_are_named():
    missing = "No module named 'riskcalc'"
    for error in (ModuleNotFoundError(missing), RuntimeError(f"cannot be deserialised: {missing}")):
        with pytest.raises(MissingDependency, match=r"workers of the executor cannot import .*install riskcalc-sgd"):
            small(executor=Answers(error))


def test_a_dead_worker_ends_the_sweep_with_what_was_finished():
    with pytest.raises(ExecutorFailed, match=r"a worker .* died .*\(2 of 8 points are finished\)") as ended:
        small(executor=Answers(BrokenExecutor("killed"), after=3))  # the first call looks for the package
    reasons = ended.value.partial.reason.values.ravel().tolist()
    assert (reasons.count(""), reasons.count("not computed")) == (2, 6)


def test_workers_of_another_version_are_refused(monkeypatch):
    monkeypatch.setattr(chunk, "version", lambda: "riskcalc 0.0.1")
    with pytest.raises(ExecutorFailed, match=r"compute with riskcalc 0.0.1, and here is riskcalc"):
        small()


def test_an_interrupt_carries_what_was_finished(monkeypatch):
    monkeypatch.setattr(chunk, "PATIENCE", 0.0)
    asked, left = executors.answered, [5]

    def interrupted(one):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return asked(one)

    monkeypatch.setattr(executors, "answered", interrupted)
    with pytest.raises(SweepInterrupted, match="interrupted: 4 of 8 points are finished") as stopped:
        small()
    assert (stopped.value.partial.reason == "").sum() == 4


@pytest.mark.slow
def test_processes_change_no_bit():
    with processes(2) as pool:
        assert bits(small(executor=pool)) == bits(small())
        assert bits(sampled(executor=pool)) == bits(sampled())


@pytest.mark.slow
def test_real_workers_without_the_package_are_named():
    hidden = "import sys; sys.modules['riskcalc'] = None"
    spawn = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(1, mp_context=spawn, initializer=exec, initargs=(hidden,)) as pool,
        pytest.raises(MissingDependency, match="install riskcalc-sgd"),
    ):
        small(executor=pool)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_dask_changes_no_bit():
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert bits(small(executor=client)) == bits(small())
        assert bits(sampled(executor=client.get_executor())) == bits(sampled())
