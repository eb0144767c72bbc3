"""The loop of machine code, as Python runs it and, where it is installed, as it is compiled, against the other ways."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from riskcalc import Constant, MonteCarlo, PowerLaw, PowerLawSignal, Problem, Run, TailAverage, risk
from riskcalc.simulation import compiled
from riskcalc.simulation.update import advance

PROBLEM = Problem(spectrum=PowerLaw(a=2, dimension=60), signal=PowerLawSignal(b=2), noise="1/10")


@pytest.fixture(params=["loop", "machine code"])
def way(request, monkeypatch):
    if request.param == "machine code" and find_spec("numba") is None:
        pytest.skip("the extra `fast` is not installed")
    if request.param == "loop":
        monkeypatch.setattr(compiled, "compiled_loop", lambda function: function)
    compiled.step_loop.cache_clear()
    yield request.param
    compiled.step_loop.cache_clear()


@pytest.mark.parametrize("averaged", [False, True])
@pytest.mark.parametrize(("runs", "batch_size", "width"), [(1, 1, 300), (1, 1, 5), (3, 1, 7), (2, 4, 6)])
def test_the_same_steps(way, runs, batch_size, width, averaged):
    rng = np.random.default_rng(width)
    samples = rng.normal(size=(runs, 40, batch_size, width + 1)) / np.sqrt(width)
    start, rates = rng.normal(size=(runs, 1, width)), rng.uniform(0.0, 0.5, 40)
    ours, theirs = start.copy(), start.copy()
    total, sums = (np.zeros_like(start), np.zeros_like(start)) if averaged else (None, None)
    advance(ours, samples, rates, total, compiled=True)
    advance(theirs, samples, rates, sums)
    np.testing.assert_allclose(ours, theirs, rtol=1e-13, atol=1e-14)
    assert not np.allclose(ours, start)
    if averaged:
        np.testing.assert_allclose(total, sums, rtol=1e-12, atol=1e-13)


def test_a_run_does_not_hang_on_its_neighbours(way, monkeypatch):
    monkeypatch.setattr("riskcalc.simulation.descent.is_compiled", lambda steps, outputs: outputs == 1)
    asked = []
    monkeypatch.setattr("riskcalc.simulation.update.step_loop", lambda: asked.append(way) or compiled.step_loop())
    run = Run(PROBLEM, model_size=10, schedule=Constant("1/5"), steps=[0, 3, 50], averaging=TailAverage("1/2"))
    together = risk(run, method=MonteCarlo(runs=5, seed=3))
    apart = risk(run, method=MonteCarlo(runs=5, seed=3, chunk=2))
    assert np.array_equal(together.excess, apart.excess)
    assert asked
    monkeypatch.setattr("riskcalc.simulation.descent.is_compiled", lambda steps, outputs: False)
    asked.clear()
    plain = risk(run, method=MonteCarlo(runs=5, seed=3))
    np.testing.assert_allclose(together.excess, plain.excess, rtol=1e-12)
    assert not asked


def test_long_runs_of_one_output_alone_are_compiled(monkeypatch):
    monkeypatch.setattr(compiled, "can_compile", lambda: True)
    assert compiled.is_compiled(compiled._WORTH, outputs=1)
    assert not compiled.is_compiled(compiled._WORTH - 1, outputs=1)
    assert not compiled.is_compiled(compiled._WORTH, outputs=2)
