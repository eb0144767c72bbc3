"""Gathered modes against the modes themselves: sums of any smooth function, and whole runs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from riskcalc import (
    Cosine,
    Custom,
    ExplicitSignal,
    ExplicitSpectrum,
    IterateAverage,
    Problem,
    Run,
    Unsketched,
    risk,
)
from riskcalc.dynamics.disturbed import disturbed
from riskcalc.exact import given_modes
from riskcalc.exact.given_modes import verified_response
from riskcalc.spectral.gathered_modes import gathered
from riskcalc.spectral.modes import Modes


def spectra():
    rng = np.random.default_rng(4)
    j = np.arange(1.0, 1001)
    yield "power law", j**-2, j**-2.5
    yield "slow", j**-0.7, j**-1.0
    yield "random matrix", np.linalg.svd(rng.standard_normal((300, 500)) / 30, compute_uv=False) ** 2, np.ones(300)
    clusters = np.concatenate([np.full(200, 0.3), 0.1 * (1 + 1e-9 * rng.random(200)), np.geomspace(1e-8, 1e-7, 300)])
    yield "clusters and a gap", clusters, np.ones(700)
    yield "signal on few", j**-1.0, np.where(j % 97 == 0, 1.0, 0.0)
    yield "no signal", j**-1.0, np.zeros(1000)


SPECTRA = {name: (position, signal) for name, position, signal in spectra()}


def modes_of(name):
    position, signal = SPECTRA[name]
    return Modes(position=position, signal=signal, kernel=position**2, floor=0.0, paired=False)


@pytest.mark.parametrize("name", SPECTRA)
def test_sums_of_all_that_decays(name):
    """exp(-2 G z) for any G: to 1e-16 of a block's weight, so of the whole."""
    modes = modes_of(name)
    coarse, fine = gathered(modes, points=(16, 18))
    assert fine.position.size < 0.6 * modes.position.size
    assert coarse.position.size <= fine.position.size
    assert np.all(np.diff(fine.position) <= 0)
    assert np.all(fine.signal >= 0)
    assert np.all(fine.kernel >= 0)
    for found in (coarse, fine):
        for rate in (0, *np.geomspace(0.1, 1e10, 100)):
            for weights, few in ((modes.signal, found.signal), (modes.kernel, found.kernel)):
                exact = weights @ np.exp(-rate * modes.position)
                assert abs(few @ np.exp(-rate * found.position) - exact) <= 3e-15 * weights.sum()


def test_few_modes_stay_as_they_are():
    modes = modes_of("power law")
    few = Modes(
        position=modes.position[:60], signal=modes.signal[:60], kernel=modes.kernel[:60], floor=0.0, paired=False
    )
    assert all(found is few for found in gathered(few, points=(16, 18)))


def test_what_is_known_of_the_modes_is_not_said_to_be_more():
    """Uncertainty and what slow modes have won from fast ones: gathered checks are moved at least as far."""
    modes = modes_of("slow")
    rng = np.random.default_rng(1)
    count = modes.signal.size
    exchanged = 1e-9 * np.linspace(-1, 1, count) * modes.signal.mean()
    uncertain = replace(modes, uncertainty=1e-10 * rng.random(count), exchanged=exchanged)
    gathers = gathered(uncertain, points=(16, 18))
    for rate in (0.1, 10.0, 100.0):
        lifts = []
        for laid in (uncertain, *gathers):
            moved = disturbed(laid, step_size=0.01, batch_size=1)
            lifts.append(moved.signal @ np.exp(-rate * moved.position) - laid.signal @ np.exp(-rate * laid.position))
        assert min(lifts[1:]) >= lifts[0] > 0


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("averaging", [None, IterateAverage()], ids=["last", "average"])
def test_runs_are_those_of_the_modes_themselves(name, averaging, monkeypatch):
    """Every step of a list of step sizes, and panels of a cosine; to what both state."""
    position, signal = SPECTRA[name]
    problem = Problem(
        spectrum=ExplicitSpectrum(position), signal=ExplicitSignal(np.sqrt(signal / position)), noise="1/10"
    )
    size = 0.5 / float(position.sum())
    sizes = size * np.random.default_rng(0).uniform(0.1, 1.0, 300)
    for schedule, steps in ((Custom(sizes), [1, 30, 300]), (Cosine(size), [5000])):
        run = Run(problem, model_size=position.size, schedule=schedule, steps=steps, averaging=averaging)
        quick = risk(run, method=Unsketched())
        with monkeypatch.context() as patched:
            patched.setattr(given_modes, "_MANY", 10**9)
            slow = risk(run, method=Unsketched())
        stated = quick.error + slow.error
        assert stated < 3e-12
        np.testing.assert_allclose(quick.excess, slow.excess, rtol=stated)


def test_where_only_the_last_block_is_left_modes_are_not_gathered():
    """Without noise everything decays, and what a rule leaves out is large against what is left: the modes decide."""
    sizes, batch_size = np.tile([0.99, 1.01], 875), 10**15
    position = np.linspace(0.02, 0.01, 400)
    modes = Modes(position=position, signal=np.ones(400), kernel=position**2, floor=0.0, paired=False)
    problem = Problem(spectrum=ExplicitSpectrum(position), signal=ExplicitSignal(1 / np.sqrt(position)))
    run = Run(problem, model_size=400, schedule=Custom(sizes), steps=[sizes.size], batch_size=batch_size)
    found = verified_response(run, modes, tolerance=1e-9, force=False)
    exact = np.sum(np.exp(2 * np.log1p(-np.outer(sizes, position)).sum(axis=0)))  # the feedback is 1e-15 of it
    assert found.error < 1e-11
    assert abs(found.bias[-1] / exact - 1) <= found.error
    rules = [
        np.sum(it.signal * np.prod([it.factor(size, batch_size) for size in sizes.tolist()], axis=0))
        for it in gathered(modes, points=(16, 18))
    ]
    assert 1e-12 < abs(rules[0] / rules[1] - 1) < 1e-9  # what would be accepted by the tolerance alone
