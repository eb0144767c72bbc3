"""The setting of Lin et al., and numbers computed in it by other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest

import riskcalc
from riskcalc import Constant, Equivalent, Geometric, IterateAverage, LastIterate, PowerLaw, TailAverage
from riskcalc.dynamics import Modes, respond
from riskcalc.errors import InvalidInput
from riskcalc.presets import effective_samples, effective_time, lin2024, resolved_directions, trace_normalised


def test_it_is_found_from_the_package():
    assert riskcalc.presets.lin2024 is lin2024


@pytest.mark.parametrize("a", ["3/2", 2])
def test_spectra_of_trace_one(a):
    assert math.fsum(trace_normalised(a, dimension=2000).eigenvalues()) == pytest.approx(1, rel=1e-14)
    assert math.fsum(trace_normalised("1/2", dimension=70).eigenvalues()) == pytest.approx(1, rel=1e-14)
    assert float(trace_normalised(2).scale) == pytest.approx(6 / math.pi**2, rel=1e-14)


def test_the_setting():
    run = lin2024(a=2, model_size=50, samples=1024, dimension=2000)
    assert (run.batch_size, float(run.problem.noise), run.steps, run.horizon) == (1, 1.0, (1024,), 1024)
    assert run.schedule == Geometric("1/10")
    assert run.averaging == LastIterate()
    assert run.problem.target_size() == pytest.approx(np.ones(2000))
    assert run.problem.random_target


@pytest.mark.parametrize("averaging", [IterateAverage(), TailAverage("1/2")], ids=str)
def test_averages_go_with_a_constant_step_size(averaging):
    run = lin2024(a=2, model_size=50, samples=100, averaging=averaging, step_size="1/4")
    assert run.schedule == Constant("1/4")
    assert run.averaging == averaging


def test_the_source_condition():
    sourced = lin2024(a=2, b=3, model_size=50, samples=100, dimension=200)
    j = np.arange(1, 201.0)
    assert sourced.problem.target_size() == pytest.approx(j**-0.5, rel=1e-13)
    fixed = lin2024(a=2, b=3, model_size=50, samples=100, dimension=200, fixed=True)
    assert fixed.problem.target() == pytest.approx(j**-0.5, rel=1e-13)
    # b = a is the isotropic prior
    runs = [lin2024(a=2, b=b, model_size=50, samples=100) for b in (None, 2)]
    first, second = (Equivalent().curve(run).excess for run in runs)
    assert first == pytest.approx(second, rel=1e-12)


def test_the_effective_number_of_samples():
    assert effective_samples(2**20) == pytest.approx(2**20 / 20)
    assert effective_time(1024, "1/10") == pytest.approx(10.24)
    total = Geometric(1).step_sizes(0, 1024, horizon=1024).sum()
    assert f"{total / effective_samples(1024):.3f}" == "1.993"
    with pytest.raises(InvalidInput, match="at least 2"):
        effective_samples(1)


def test_resolved_directions():
    spectrum = trace_normalised(2)
    run = lin2024(a=2, model_size=1000, samples=10**6)
    threshold = 1 / effective_time(10**6)
    count = int(np.sum(float(spectrum.scale) * np.arange(1, 1000.0) ** -2 >= threshold))
    assert resolved_directions(run) == count
    assert resolved_directions(lin2024(a=2, model_size=7, samples=10**6)) == 7
    averaged = lin2024(a=2, model_size=1000, samples=10**6, averaging=IterateAverage())
    assert resolved_directions(averaged) > count


def unsketched(samples, *, signal=True, dimension=2000):
    run = lin2024(a=2, model_size=dimension, samples=samples, dimension=dimension)
    eigenvalues = run.problem.eigenvalues()
    power = run.problem.signal_power() if signal else np.zeros(dimension)
    modes = Modes(position=eigenvalues, signal=power, kernel=eigenvalues**2, floor=0.0, paired=False)
    answer = respond(modes, run.schedule, steps=run.steps, horizon=run.horizon, batch_size=1, noise=1.0)
    return eigenvalues, float((answer.bias + answer.variance)[0])


def test_the_unsketched_excess():
    assert f"{unsketched(1024)[1]:.6f}" == "0.116031"


@pytest.mark.parametrize("samples, ratio", [(1024, "0.2598"), (4096, "0.2490"), (16384, "0.2445")])
def test_the_true_variance_in_units_of_their_bound(samples, ratio):
    """Their Var: (number of eigenvalues above 1/(N_eff gamma) + (N_eff gamma)^2 sum of the squares below)/N_eff."""
    eigenvalues, variance = unsketched(samples, signal=False)
    time = effective_time(samples)
    above = eigenvalues >= 1 / time
    bound = (above.sum() + time**2 * np.sum(eigenvalues[~above] ** 2)) / effective_samples(samples)
    assert f"{variance / bound:.4f}" == ratio


def test_a_spectrum_without_exponent_is_refused():
    run = lin2024(a=2, model_size=5, samples=100)
    other = riskcalc.Problem(spectrum=riskcalc.LogarithmicPowerLaw(a=2), signal=riskcalc.GaussianPrior())
    assert isinstance(run.problem.spectrum, PowerLaw)
    with pytest.raises(InvalidInput, match="power laws"):
        resolved_directions(riskcalc.Run(other, model_size=5, schedule=Geometric("1/10"), steps=[100]))
