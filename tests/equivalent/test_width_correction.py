"""The first order in 1/M at any time, and structured sketches as another spectrum."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from tests.conftest import golden

GOLDEN = golden("related")


def problem(a="3/2", b=2, *, dimension=None, noise=0):
    return rc.Problem(spectrum=rc.PowerLaw(a, dimension=dimension), signal=rc.PowerLawSignal(b), noise=noise)


def test_golden():
    one = GOLDEN["one_over_M_coefficient"]
    found = rc.width_correction(problem(dimension=one["v"]), times=one["gamma_t"])
    assert found == pytest.approx(one["c"], abs=1e-5)


@pytest.mark.parametrize("b", [2, "16/5"])
def test_the_convolution_as_it_is_written(b):
    """Term by term on few eigenvalues, the integral over y in closed form."""
    asked, x = problem(b=b, dimension=40), 14.0
    eigenvalues, power = asked.eigenvalues(), asked.signal_power()
    gap = eigenvalues[None, :] - eigenvalues[:, None]  # of the second factor, less the first
    np.fill_diagonal(gap, 1.0)
    first, second = np.exp(-eigenvalues * x)[:, None], np.exp(-eigenvalues * x)[None, :]
    inside = (first - second * (1 + gap * x)) / gap**2
    np.fill_diagonal(inside, np.exp(-eigenvalues * x) * x**2 / 2)
    expected = eigenvalues @ inside @ (power * eigenvalues)
    assert rc.width_correction(asked, times=x / 2)[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("b", [2, 4])
def test_what_the_equivalent_loses_to_its_width(b):
    """M (R_M - R_oo) tends to c like 1/M; small steps stand for gradient flow."""
    asked, time, step = problem(b=b), 20, "1/1000"

    def excess(size):
        run = rc.Run(
            asked, model_size=size, schedule=rc.Constant(step), steps=[time * 1000], batch_size=10**12
        )
        return rc.risk(run).excess[0]

    whole, c = excess(10**9), rc.width_correction(asked, times=time)[0]
    gaps = [size * (excess(size) - whole) / c - 1 for size in (300, 1200)]
    assert abs(gaps[1]) < 0.05
    assert abs(gaps[1]) < 0.5 * abs(gaps[0])


def test_late_it_is_the_distortion_term():
    """zeta(b - a) Gamma(1 - 1/a)/a tau^-(1 - 1/a) for b > a + 1, which the symbolic table has."""
    from scipy.special import gamma, zeta

    a, b = 1.5, 4.0
    gaps = [
        rc.width_correction(problem(b=4), times=x / 2)[0] / (zeta(b - a) * gamma(1 - 1 / a) / a * x ** -(1 - 1 / a)) - 1
        for x in (1e4, 1e6, 1e8)
    ]
    assert abs(gaps[2]) < 0.01
    assert abs(gaps[2]) < 0.5 * abs(gaps[1]) < 0.25 * abs(gaps[0])


@pytest.mark.parametrize("times", [0, [1, -1], "1e200", 1e-7])
def test_refused_times(times):
    with pytest.raises(InvalidInput, match="times must lie between 1e-06, where nothing is learnt yet, and 1e"):
        rc.width_correction(problem(), times=times)


def test_the_ends_of_the_times():
    """At first x^2/2 tr(Lambda) sum h lambda; late, what few eigenvalues leave is below rounding."""
    asked = problem(dimension=30)
    eigenvalues, power = asked.eigenvalues(), asked.signal_power()
    first = 2e-12 * eigenvalues.sum() * (power @ eigenvalues)
    assert rc.width_correction(asked, times=1e-6)[0] == pytest.approx(first, rel=1e-5)
    assert rc.width_correction(asked, times=[1e5, 1e100]) == pytest.approx(0, abs=1e-14)


def test_structured_weights_draw_by_draw():
    """S = S0 diag(j^(-c/2)) on x is S0 on another problem: the same features, the same labels."""
    asked, size, c = problem(a="6/5", dimension=50), 8, 0.6
    other = rc.structured(asked, decay="3/5")
    generator = np.random.default_rng(3)
    plain, z = generator.standard_normal((size, 50)) / np.sqrt(size), generator.standard_normal((20, 50))
    weights = np.arange(1, 51.0) ** (-c / 2)
    x, seen = z * np.sqrt(asked.eigenvalues()), z * np.sqrt(other.eigenvalues())
    np.testing.assert_allclose(x @ (plain * weights).T, seen @ plain.T, rtol=1e-12)
    np.testing.assert_allclose(x @ asked.target(), seen @ other.target(), rtol=1e-12)
    listed = rc.Problem(
        spectrum=rc.ExplicitSpectrum(asked.eigenvalues()), signal=rc.ExplicitSignal(asked.target()), noise=0
    )
    again = rc.structured(listed, decay="3/5")
    np.testing.assert_allclose(again.eigenvalues(), other.eigenvalues(), rtol=1e-12)
    np.testing.assert_allclose(again.target(), other.target(), rtol=1e-12)


def test_structured_weights_against_fits_made_elsewhere(z_bound):
    one = GOLDEN["structured_sketch"]
    asked = problem(a=one["a"], b=one["b"], dimension=one["v"], noise=one["sigma2"])
    fits = {"model_size": one["M"], "samples": one["N"], "ridge": one["ridge"]}
    found = rc.ridge_risk(rc.structured(asked, decay=one["c"]), **fits).excess
    bare = rc.ridge_risk(asked, **fits).excess
    assert found == pytest.approx(one["riskcalc_at_a_plus_c"], rel=1e-12)
    allowed = z_bound(1) * one["se"] + 2 * found / one["M"]
    assert abs(found - one["simulated"]) < allowed < abs(bare - one["simulated"])


def test_what_cannot_be_structured():
    prior = rc.Problem(spectrum=rc.PowerLaw(2, scale=3), signal=rc.GaussianPrior())
    found = rc.structured(prior, decay=1)
    assert (found.spectrum.a, found.signal.b, found.signal.scale) == (3, 2, 3)
    slow = rc.Problem(spectrum=rc.LogarithmicPowerLaw(2), signal=rc.PowerLawSignal(2))
    with pytest.raises(InvalidInput, match="finite dimension"):
        rc.structured(slow, decay=1)
    with pytest.raises(InvalidInput, match="decay must lie above -a"):
        rc.structured(problem(dimension=9), decay=-2)


@pytest.mark.parametrize("dimension", [None, 30])
def test_a_structure_without_a_spectrum_names_the_decay(dimension):
    least, name = (("-1/2", "1 - a") if dimension is None else ("-3/2", "-a"))
    for decay in (least, "-7"):
        with pytest.raises(InvalidInput, match=rf"decay must lie above {name} = {least}, where .*, not {decay}"):
            rc.structured(problem(dimension=dimension), decay=decay)
    explicit = rc.Problem(spectrum=rc.ExplicitSpectrum([1, 0.5, 0.2]), signal=rc.ExplicitSignal([1, 1, 1]))
    assert rc.structured(explicit, decay=-7).eigenvalues()[2] == pytest.approx(0.2 * 3**7, rel=1e-14)
    for decay in (1000, -1000):
        with pytest.raises(InvalidInput, match=f"decay {decay} takes the variances of 3 columns out of float64"):
            rc.structured(explicit, decay=decay)
