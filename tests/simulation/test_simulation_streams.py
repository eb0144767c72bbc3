"""Random numbers: the same for a given seed whatever the chunking, independent otherwise."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from riskcalc.curve import Run
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem, gaussian_sketch
from riskcalc.schedule import Constant
from riskcalc.simulation import Ambient, DataRows, MonteCarlo, Rademacher, Reduced, StudentT, descent
from riskcalc.simulation.streams import RunSeeds, part_of

DATA = DataRows(
    np.random.default_rng(0).standard_normal((17, 40)), np.random.default_rng(1).standard_normal(17)
)
SIMULATORS = [
    pytest.param(Reduced(), id="reduced"),
    pytest.param(Ambient(), id="gaussian"),
    pytest.param(Ambient(covariates=Rademacher()), id="rademacher"),
    pytest.param(Ambient(covariates=StudentT(9)), id="student"),
    pytest.param(Ambient(covariates=DATA), id="rows"),
]


def problem(dimension=40):
    return Problem(spectrum=PowerLaw(a="6/5", dimension=dimension), signal=PowerLawSignal(b=2), noise="1/10")


def run(*, batch_size=1, steps=(0, 1, 2, 7, 150)):
    return Run(problem(), model_size=9, schedule=Constant("1/20"), steps=steps, batch_size=batch_size)


def per_run(simulator, asked, *, runs=7, chunk=None):
    sketch = gaussian_sketch(model_size=int(asked.model_size), dimension=asked.problem.dimension, seed=0)
    seeds = np.random.SeedSequence(5).spawn(runs)
    return descent.excess_of_runs(
        simulator.source(asked.problem, sketch), seeds, run=asked, chunk=chunk, force=False
    )


@pytest.mark.parametrize("batch_size", [1, 3, 8])
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_chunk_changes_no_bit(simulator, batch_size):
    asked = run(batch_size=batch_size)
    whole, *chunked = (
        MonteCarlo(runs=7, seed=5, simulator=simulator, chunk=chunk).curve(asked) for chunk in (None, 1, 3, 7)
    )
    for curve in chunked:
        assert curve.excess.tobytes() == whole.excess.tobytes()
        assert curve.standard_error.tobytes() == whole.standard_error.tobytes()
        assert curve == whole


def test_chunk_changes_no_bit_of_wide_runs():
    asked = Run(problem(400), model_size=300, schedule=Constant("1/20"), steps=[1, 40])
    results = [per_run(Reduced(), asked, chunk=chunk).tobytes() for chunk in (None, 1, 3)]
    assert len(set(results)) == 1


@pytest.mark.parametrize("steps_a_block", [1, 20, 140])
@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_block_of_steps_changes_no_bit(simulator, batch_size, steps_a_block, monkeypatch):
    asked = run(batch_size=batch_size)
    whole = per_run(simulator, asked)
    monkeypatch.setattr(descent, "_BLOCK", 2 * batch_size * 10 * steps_a_block)
    assert per_run(simulator, asked, chunk=2).tobytes() == whole.tobytes()


def test_block_of_steps_changes_no_bit_of_wide_runs(monkeypatch):
    asked = Run(problem(400), model_size=300, schedule=Constant("1/20"), steps=[1, 40])
    whole = per_run(Reduced(), asked)
    monkeypatch.setattr(descent, "_WIDE_BLOCK", 2000)
    assert per_run(Reduced(), asked).tobytes() == whole.tobytes()


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_a_run_depends_on_its_own_seed_alone(simulator):
    asked = run()
    many, few = per_run(simulator, asked, runs=7), per_run(simulator, asked, runs=2)
    assert many[:2].tobytes() == few.tobytes()
    assert len(np.unique(many[:, -1])) == 7


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_recording_more_or_going_on_longer_changes_no_bit(simulator):
    long, short = per_run(simulator, run()), per_run(simulator, run(steps=[7]))
    assert long[:, [3]].tobytes() == short.tobytes()


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_seeds(simulator):
    first, again, other = (
        MonteCarlo(runs=5, seed=seed, simulator=simulator).curve(run()) for seed in (1, 1, 2)
    )
    assert first == again
    assert (first.excess[1:] != other.excess[1:]).all()
    assert first.excess[0] == other.excess[0]
    assert first.approximation == other.approximation
    assert (
        MonteCarlo(runs=5, seed=1, sketch_seed=3, simulator=simulator).curve(run()).approximation
        != first.approximation
    )


def test_equal_seeds_give_runs_and_sketches_different_numbers():
    seeds = RunSeeds(root=6, first=0, runs=12)
    runs = [seeds[index] for index in range(12)]
    parts = [part_of(seed, part) for seed in runs for part in (0, 1)]
    sketches = [np.random.SeedSequence(6), *np.random.SeedSequence(6).spawn(4)]
    states = {tuple(seed.generate_state(4)) for seed in [*runs, *parts, *sketches]}
    assert len(states) == 12 + 24 + 5


def test_the_room_needs_numpy_alone():
    heavy = {"scipy", "sympy", "mpmath", "flint", "matplotlib", "xarray"}
    code = f"import sys, riskcalc.simulation; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
