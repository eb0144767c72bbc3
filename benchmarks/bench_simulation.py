"""Steps per second of the two simulators at v = 4000, M = 500, B = 1, beside a plain ambient loop.

Run with `pytest benchmarks/bench_simulation.py`. Setting up (the sketch, one factorisation) is not counted.
The figure to compare is `run_steps_per_second` in the extra columns: runs times steps over the mean time.
"""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.curve import Run
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem, gaussian_sketch
from riskcalc.schedule import Constant
from riskcalc.simulation import Ambient, Reduced
from riskcalc.simulation.descent import excess_of_runs

DIMENSION, MODEL_SIZE, STEP_SIZE = 4000, 500, 0.1
PROBLEM = Problem(spectrum=PowerLaw(a=2, dimension=DIMENSION), signal=PowerLawSignal(b="13/5"), noise="1/100")


@pytest.fixture(scope="module")
def sketch():
    return gaussian_sketch(model_size=MODEL_SIZE, dimension=DIMENSION, seed=0)


def plain_ambient(sketch, steps):
    """SGD as one would write it down: one run, one sample a step, no blocks."""
    generator = np.random.default_rng(0)
    scale, target = np.sqrt(PROBLEM.eigenvalues()), PROBLEM.target()
    noise = np.sqrt(float(PROBLEM.noise))
    theta = np.zeros(MODEL_SIZE)
    for _ in range(steps):
        x = scale * generator.standard_normal(DIMENSION)
        y = target @ x + noise * generator.standard_normal()
        z = sketch @ x
        theta -= STEP_SIZE * (z @ theta - y) * z
    return theta


def plain_reduced(generator, eigenvalues, steps):
    """The same in the eigenbasis, four lines."""
    scale, theta = np.sqrt(eigenvalues), np.zeros(MODEL_SIZE)
    for _ in range(steps):
        x = scale * generator.standard_normal(MODEL_SIZE)
        theta -= STEP_SIZE * (x @ (theta - 1.0) - 0.1 * generator.standard_normal()) * x
    return theta


def rate(benchmark, run_steps):
    per_second = run_steps / benchmark.stats.stats.mean
    benchmark.extra_info["run_steps_per_second"] = round(per_second)
    print(f" {per_second:,.0f} run-steps per second")


def test_plain_ambient_loop_one_run(benchmark, sketch):
    steps = 300
    benchmark(plain_ambient, sketch, steps)
    rate(benchmark, steps)


def test_plain_loop_in_the_eigenbasis_one_run(benchmark):
    steps = 20_000
    benchmark(plain_reduced, np.random.default_rng(0), np.arange(1.0, MODEL_SIZE + 1) ** -2, steps)
    rate(benchmark, steps)


def test_its_normals_alone(benchmark):
    """What no loop can do without, from the generator that the simulators use."""
    generator, steps = np.random.Generator(np.random.SFC64(0)), 20_000
    block = np.empty((500, MODEL_SIZE + 1))
    benchmark(lambda: [generator.standard_normal(out=block) for _ in range(steps // len(block))])
    rate(benchmark, steps)


@pytest.mark.parametrize(
    "simulator, runs, steps",
    [
        pytest.param(Reduced(), 1, 200_000, id="reduced-one-long-run"),
        pytest.param(Reduced(), 1, 20_000, id="reduced-one-run"),
        pytest.param(Reduced(), 50, 400, id="reduced-fifty-runs"),
        pytest.param(Ambient(), 1, 1024, id="ambient-one-run"),
        pytest.param(Ambient(), 8, 256, id="ambient-eight-runs"),
    ],
)
def test_simulator(benchmark, sketch, simulator, runs, steps):
    run = Run(PROBLEM, model_size=MODEL_SIZE, schedule=Constant(STEP_SIZE), steps=[steps])
    source = simulator.source(PROBLEM, sketch)
    seeds = np.random.SeedSequence(0).spawn(runs)
    benchmark(excess_of_runs, source, seeds, run=run, chunk=None, force=False)
    rate(benchmark, runs * steps)
