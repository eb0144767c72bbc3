"""Pictures of the model size: what is drawn is what was computed."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.least_squares import LeastSquaresSimulation
from riskcalc.scaling.phase_diagram import Phase, PhaseDiagram

pytest.importorskip("matplotlib")

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=100), signal=rc.PowerLawSignal(b=2), noise=1)


@pytest.fixture(scope="module")
def sweep():
    return rc.model_size_sweep(PROBLEM, samples=16, step_size="3/10", model_sizes=[2, 8, 30, 80])


def test_excess_of_both(sweep):
    simulated = rc.ridge_risk(PROBLEM, model_size=8, samples=16, method=LeastSquaresSimulation(runs=3))
    (axes,) = rc.plot_ridgeless_and_sgd(sweep, simulated=[simulated]).axes
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_array_equal(lines["one-pass SGD, geometric schedule"].get_ydata(), sweep.sgd_excess)
    fitted = lines["ridgeless least squares, all samples at once"]
    assert np.all(fitted.get_xdata() < 16)  # the two sides of the peak are not joined
    assert any(np.array_equal(line.get_ydata(), [simulated.excess]) for line in axes.lines)
    with pytest.raises(InvalidInput, match="model_size_sweep"):
        rc.plot_ridgeless_and_sgd([1, 2])


def test_the_peak_is_told_of_stages_as_of_lists():
    """From 5000 samples on the schedule is kept as stages, its peak as the fraction that it is."""
    long = rc.model_size_sweep(PROBLEM, samples=5001, step_size="1/5", model_sizes=[2, 8])
    (axes,) = rc.plot_variance_bound(long).axes
    assert r"$n = 5001$ samples, peak $\gamma = 0.2$" in axes.get_title(loc="left")


def test_variance_and_bound(sweep):
    (axes,) = rc.plot_variance_bound(sweep).axes
    values = [line.get_ydata() for line in axes.lines]
    for expected in (sweep.sgd_variance, sweep.variance_bound):
        assert any(np.array_equal(drawn, expected) for drawn in values)


def test_isoquants_mark_optima_and_both_directions():
    found = rc.production(PROBLEM, step_size="3/10", model_sizes=[3, 6, 12, 24], samples=[32, 128, 512, 2048])
    (axes,) = rc.plot_isoquants(found, levels=4).axes
    words = " ".join(text.get_text() for text in axes.get_legend().get_texts())
    assert "M^{2}" in words
    assert "equal scaling" in words
    (optima,) = (line for line in axes.lines if line.get_marker() == "o")
    x, y = optima.get_data()
    assert np.all(np.diff(x * y) > 0)
    with pytest.raises(InvalidInput, match="production"):
        rc.plot_isoquants(PROBLEM)


def test_allocation_exponent_draws_the_derived_formulas():
    import sympy

    a, b = sympy.symbols("a b", positive=True)
    phases = tuple(
        Phase(name=None, exponents={"M": size}, loss_exponent=a, balance=("F_0", "noise"), region=region, samples=())
        for size, region in ((1 / (a + 1), b < a), (1 / (b + 1), b > a))
    )
    diagram = PhaseDiagram(letters=(a, b), domain=b > 1, phases=phases, boundaries=(), certificates=())
    (axes,) = rc.plot_allocation_exponent(diagram, a=2, b=(1, 3)).axes
    flat, falling = (line for line in axes.lines if len(line.get_xdata()) > 2)
    np.testing.assert_allclose(flat.get_ydata(), 1 / 3)
    np.testing.assert_allclose(falling.get_ydata(), 1 / (falling.get_xdata() + 1))
    with pytest.raises(InvalidInput, match="must be a PhaseDiagram"):
        rc.plot_allocation_exponent(None, a=2)
    with pytest.raises(InvalidInput, match="range of b is empty"):
        rc.plot_allocation_exponent(diagram, a=2, b=(3, 1))
