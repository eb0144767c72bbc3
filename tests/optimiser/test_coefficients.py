"""What an optimiser says in a few numbers a step is what its update does, as it is written."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.optimiser import Averaged

METHODS = [
    rc.SGD(),
    rc.HeavyBall("9/10"),
    rc.HeavyBall(0),
    rc.Nesterov("9/10"),
    rc.Nesterov("4/5", at="lookahead"),
    rc.ScheduleFree("9/10"),
    rc.ScheduleFree(1),
    rc.TwoBuffer(delta="1/50", mu="9/10", eta=2),
    rc.Dana(delta="1/5", decay="1/2", memory=6),
    Averaged(rc.SGD(), 0.1),
    Averaged(rc.Nesterov("9/10"), 0.05),
]
SLOPES = np.array([1.0, 0.3, 0.02])  # of three coordinates
SIZES = np.linspace(0.3, 0.1, 40)


def as_written(method, noise):
    """The models read along a run on a quadratic with its minimum at 0, gradients disturbed."""
    buffers, found = method.begin(np.ones(3)), []
    for done, size in enumerate(SIZES):
        found.append(method.model(buffers))
        buffers = method.step(buffers, lambda at, done=done: SLOPES * at + noise[done], done=done, size=size)
    return np.array(found)


def by_numbers(method, noise):
    errors, found = np.outer(method.start, np.ones(3)), []
    said = method.coefficients(np.arange(40.0), SIZES)
    for done in range(40):
        found.append(said.read @ errors)
        gradient = SLOPES * (said.drive @ errors) + noise[done]
        errors = errors - said.drift[done] @ errors + np.outer(said.kick[done], gradient)
    return np.array(found)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_the_numbers_are_the_update(method):
    noise = np.random.default_rng(1).normal(size=(40, 3))
    np.testing.assert_allclose(by_numbers(method, noise), as_written(method, noise), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_a_frozen_method_sees_the_same_mean(method):
    """Trace and determinant of what moves a coordinate are those of gamma, delta and Delta (D41)."""
    said = method.coefficients(np.array([7.0]), np.array([0.2]))
    core, frozen = slice(method.core), method.frozen(7, 0.2)
    mu, slope = 1 - frozen.loss, 0.37
    still = np.eye(method.core) - said.drift[0][core, core]
    moved = still + slope * np.outer(said.kick[0][core], said.drive[core])
    trace = 1 + mu - slope * (frozen.direct + frozen.through)
    if method.core == 1:
        assert moved[0, 0] == pytest.approx(trace)
    elif not isinstance(method, rc.Dana):  # whose memory changes its units from step to step
        assert np.trace(moved) == pytest.approx(trace, rel=1e-13)
        assert np.linalg.det(moved) == pytest.approx(mu * (1 - frozen.direct * slope), abs=1e-13)


def test_lookahead_and_iterate_are_one_run_at_a_constant_step_size():
    ahead, iterate = rc.Nesterov("9/10", at="lookahead"), rc.Nesterov("9/10")
    noise = np.random.default_rng(2).normal(size=(30, 3))
    one, other = ahead.begin(np.ones(3)), iterate.begin(np.ones(3))
    for done in range(30):
        np.testing.assert_allclose(one[0], other[0] + 0.9 * other[1], rtol=1e-12)
        one, other = (
            method.step(buffers, lambda at, done=done: SLOPES * at + noise[done], done=done, size=0.2)
            for method, buffers in ((ahead, one), (iterate, other))
        )


def test_schedule_free_reads_the_mean_of_its_fast_iterates():
    method, seen = rc.ScheduleFree("1/3"), []
    buffers = method.begin(np.ones(3))
    for done in range(20):
        buffers = method.step(buffers, lambda at: SLOPES * at, done=done, size=0.4)
        seen.append(buffers[0])
    np.testing.assert_allclose(method.model(buffers), np.mean(seen, axis=0), rtol=1e-13)
