"""Two ridges on the same data: the diagonal is D34, and off it what pairs of fits show."""

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.least_squares import two_ridges

SHAPES = [(30, 80), (60, 40)]


def problem(dimension=None):
    spectrum = rc.PowerLaw(a=2) if dimension is None else rc.PowerLaw(a="3/2", dimension=dimension)
    return rc.Problem(spectrum=spectrum, signal=rc.PowerLawSignal(b=2), noise="1/10")


@pytest.mark.parametrize("ridge", [1e-3, 0.1, 1.0])
@pytest.mark.parametrize(("size", "samples"), SHAPES)
def test_the_diagonal_is_ridge_risk(size, samples, ridge):
    """By the derivative of the two-ridge formula along the diagonal, which the road's own formula does not use."""
    asked = {"model_size": size, "samples": samples}
    fit = rc.ridge_risk(problem(400), ridge=ridge, **asked)
    j = np.arange(1.0, 401)
    eigenvalues, power, u = j**-1.5, j**-2.0, fit.method["u"]
    share = eigenvalues / (eigenvalues + u)
    d1, d2 = share.sum(), (share**2).sum()
    m, nu = 1 - d1 / size, 1 - d1 / samples
    psi, slope = u * (power / (eigenvalues + u)).sum(), (power * eigenvalues / (eigenvalues + u) ** 2).sum()
    kappa, rises, falls = u * m, 1 - d2 / size, (1 - d2 / size) * nu + m * (d1 - d2) / samples
    assert fit.risk == pytest.approx((rises * (0.1 + psi) - kappa * slope) / falls, rel=1e-14)
    assert two_ridges(problem(400), ridges=[ridge, ridge], **asked).risk == pytest.approx(fit.risk, rel=1e-14)


@pytest.mark.parametrize(("size", "samples"), SHAPES)
def test_off_the_diagonal_it_closes_up_quadratically(size, samples):
    asked = {"model_size": size, "samples": samples}
    for part in ("excess", "bias", "variance"):
        middle = getattr(two_ridges(problem(), ridges=[0.01, 0.01], **asked), part)
        gaps = [
            getattr(two_ridges(problem(), ridges=[0.01 * (1 + h), 0.01 * (1 - h)], **asked), part) / middle - 1
            for h in (0.2, 0.02)
        ]
        assert gaps[0] / gaps[1] == pytest.approx(100, rel=0.1)


def test_the_order_of_ridges_does_not_matter_and_zero_is_one():
    one, other = (two_ridges(problem(), model_size=30, samples=80, ridges=pair) for pair in ([0, 1], [1, 0]))
    assert one.excess == pytest.approx(other.excess, rel=1e-14)


@pytest.mark.slow
def test_against_pairs_of_fits(z_bound, mean_and_error):
    """Sketch and samples drawn 3000 times; the product is that of the errors of both fits."""
    size, samples, dimension, pair = 24, 48, 300, (0.003, 0.3)
    asked = problem(dimension)
    root, target = np.sqrt(asked.eigenvalues()), asked.target()
    generator, found = np.random.default_rng(5), []
    for _ in range(3000):
        sketch = generator.standard_normal((size, dimension)) / np.sqrt(size)
        x = generator.standard_normal((samples, dimension)) * root
        y = x @ target + np.sqrt(0.1) * generator.standard_normal(samples)
        z = x @ sketch.T
        missed = [
            root * (np.linalg.solve(z.T @ z / samples + ridge * np.eye(size), z.T @ y / samples) @ sketch - target)
            for ridge in pair
        ]
        found.append(missed[0] @ missed[1])
    mean, error = mean_and_error(np.array(found)[:, None])
    expected = two_ridges(asked, model_size=size, samples=samples, ridges=pair)
    diagonal = rc.ridge_risk(asked, model_size=size, samples=samples, ridge=pair[0])
    shift = 2 * expected.excess / size  # what finite M and N may leave
    assert abs(mean[0] - expected.excess) < z_bound(1) * error[0] + shift
    assert abs(mean[0] - diagonal.excess) > z_bound(1) * error[0] + shift


@pytest.mark.parametrize("ridges", [[1], [1, 2, 3], [-1, 1]])
def test_anything_but_two_ridges_is_refused(ridges):
    with pytest.raises(InvalidInput, match=r"two numbers|at least 0"):
        two_ridges(problem(), model_size=3, samples=8, ridges=ridges)
