"""A list of 100,000 step sizes beside the recursion in JAX (float64, one jitted scan, the total risk alone), and the
best list of 1024 beside the same search with JAX's gradient and L-BFGS-B.

Run with `pytest benchmarks/bench_beside_jax.py` where jax is installed, with and without numba. Ours is the whole
verified answer, bias and variance apart, at two resolutions; and the recursion alone, once.
"""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import (
    Custom,
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    Run,
    Unsketched,
    optimal_schedule,
    risk,
)
from riskcalc.dynamics import Modes
from riskcalc.dynamics.recursion import advance
from riskcalc.optimiser import SGD

STEPS, NOISE = 100_000, 0.01
SIZES = (1000, 10_000)


def listed(size):
    eigenvalues, target = np.arange(1.0, size + 1) ** -2, np.arange(1.0, size + 1) ** -0.25
    wiggles = np.exp(0.1 * np.random.default_rng(0).normal(size=STEPS)).clip(0.8, 1.2)
    return eigenvalues, target, 0.3 * np.cos(np.pi / 2 * np.arange(STEPS) / STEPS) * wiggles


@pytest.mark.parametrize("size", SIZES)
def test_in_jax(benchmark, size):
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    eigenvalues, target, step_sizes = listed(size)

    def step(moments, rate):
        excess = (eigenvalues * moments).sum()
        moved = (1 - 2 * rate * eigenvalues + 2 * (rate * eigenvalues) ** 2) * moments
        return moved + rate**2 * eigenvalues * (excess + NOISE), excess

    scan = jax.jit(lambda start, rates: jax.lax.scan(step, start, rates))
    start, rates = jax.numpy.array(target**2), jax.numpy.array(step_sizes)
    benchmark(lambda: scan(start, rates)[1].block_until_ready())


@pytest.mark.parametrize("size", SIZES)
def test_whole_answer(benchmark, size):
    eigenvalues, target, step_sizes = listed(size)
    problem = Problem(spectrum=ExplicitSpectrum(eigenvalues), signal=ExplicitSignal(target), noise=NOISE)
    run = Run(problem, model_size=size, batch_size=1, schedule=Custom(step_sizes), steps=[STEPS])
    curve = benchmark(risk, run, method=Unsketched())
    print(f" {size} eigenvalues: stated error {curve.error:.1e}")


@pytest.mark.parametrize("size", SIZES)
def test_recursion_alone(benchmark, size):
    """One list of modes, gathered beforehand."""
    from riskcalc.spectral.gathered_modes import gathered

    eigenvalues, target, step_sizes = listed(size)
    every = Modes(
        position=eigenvalues, signal=eigenvalues * target**2, kernel=eigenvalues**2, floor=0.0, paired=False
    )
    modes = gathered(every, points=(16, 20))[1]
    start = np.stack([modes.signal, np.zeros_like(modes.signal)])[:, None]
    benchmark(advance, modes, SGD(), start, step_sizes, batch_size=1, noise=NOISE)


MODES, BATCH_SIZE, HORIZON = 500, 5, 1024


def test_best_list_with_jax_and_lbfgsb(benchmark):
    """Started at 1, steps up to 2, tolerance 1e-8: as published with the recursion."""
    jax, optimize = pytest.importorskip("jax"), pytest.importorskip("scipy.optimize")
    jax.config.update("jax_enable_x64", True)
    eigenvalues = np.arange(1.0, MODES + 1) ** -2

    def final(step_sizes):
        def step(moments, rate):
            fed = rate**2 / BATCH_SIZE * eigenvalues * (eigenvalues * moments + (eigenvalues * moments).sum() + 0.25)
            return (1 - rate * eigenvalues) ** 2 * moments + fed, None

        return (eigenvalues * jax.lax.scan(step, jax.numpy.ones(MODES), step_sizes)[0]).sum()

    both = jax.jit(jax.value_and_grad(final))

    def objective(step_sizes):
        value, gradient = both(step_sizes)
        return float(value), np.asarray(gradient)

    def search():
        bounds = [(0, 2)] * HORIZON
        return optimize.minimize(objective, np.ones(HORIZON), jac=True, bounds=bounds, tol=1e-8)

    found = benchmark.pedantic(search, rounds=3, warmup_rounds=1)
    print(f" excess {found.fun:.7e}, {found.nit} iterations, converged: {found.success}")


def test_best_list(benchmark):
    problem = Problem(spectrum=PowerLaw(a=2, dimension=MODES), signal=PowerLawSignal(b=2), noise="1/4")
    asked = {"model_size": MODES, "horizon": HORIZON, "batch_size": BATCH_SIZE, "method": Unsketched()}
    best = benchmark.pedantic(optimal_schedule, args=(problem,), kwargs=asked, rounds=3, warmup_rounds=1)
    print(f" excess {best.excess:.7e}, {best.iterations} iterations, converged: {best.converged}")
