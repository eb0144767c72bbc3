"""Checks of derivations/D04-reduced-simulator.md, without the package's own code."""

from __future__ import annotations

import itertools
import math

import numpy as np
import sympy as sp

ROOTS = sp.diag(2, 1, sp.Rational(1, 2))  # square roots of the covariance
SKETCH = sp.Matrix([[sp.Rational(1, 2), 1, 0], [0, 1, 2]])  # K = [[2, 1], [1, 2]], eigenvalues 1 and 3
TARGET = sp.Matrix([1, sp.Rational(1, 3), -2])
BASIS = sp.Matrix([[1, 1], [-1, 1]]) / sp.sqrt(2)


def gaussian_mean(expression, normals):
    """Expectation over independent standard normals of a polynomial in them."""
    total = sp.Integer(0)
    for powers, coefficient in sp.Poly(sp.expand(expression), *normals).terms():
        if all(power % 2 == 0 for power in powers):
            total += coefficient * math.prod(math.prod(range(power - 1, 0, -2)) for power in powers)
    return sp.expand(total)


def best_model():
    covariance = ROOTS**2
    return (SKETCH * covariance * SKETCH.T).inv() * SKETCH * covariance * TARGET


def test_the_joint_covariance_is_block_diagonal():
    """Cov of (U' S x, residual) is diag(l_1, l_2, approximation + noise): Gaussian, so independent."""
    noise = sp.Rational(1, 5)
    features = (BASIS.T * SKETCH).row_join(sp.zeros(2, 1))
    left = TARGET - SKETCH.T * best_model()
    residual = left.T.row_join(sp.Matrix([[1]]))
    maps = features.col_join(residual)
    covariance = maps * sp.diag(ROOTS**2, sp.Matrix([[noise]])) * maps.T
    energy = (TARGET.T * ROOTS**2 * TARGET)[0]
    projections = BASIS.T * SKETCH * ROOTS**2 * TARGET
    floor = energy - projections[0] ** 2 / 1 - projections[1] ** 2 / 3
    assert sp.simplify(covariance - sp.diag(1, 3, floor + noise)) == sp.zeros(3, 3)
    assert floor > 0


def tiny_problem():
    sketch = np.array(SKETCH.tolist(), dtype=float)
    roots = np.array([2.0, 1.0, 0.5])
    target = np.array([1.0, 1 / 3, -2.0])
    l, basis = np.linalg.eigh((sketch * roots**2) @ sketch.T)
    best = np.linalg.solve((sketch * roots**2) @ sketch.T, sketch @ (roots**2 * target))
    return sketch, roots, target, l, basis, best


def test_the_two_updates_are_the_same_path_by_path():
    """Fed with the same samples of any law, the ambient and the reduced update agree, and so do the risks."""
    sketch, roots, target, l, basis, best = tiny_problem()
    generator = np.random.default_rng(0)
    theta, delta = np.zeros(2), -(basis.T @ best)
    floor = np.sum(roots**2 * target**2) - np.sum(l * delta**2)
    for _ in range(50):
        x = generator.standard_exponential((3, 3)) * roots  # any law at all
        y = x @ target + generator.uniform(-1, 1, 3)
        features = x @ sketch.T
        g, residual = features @ basis, y - features @ best
        theta = theta - 0.1 / 3 * features.T @ (features @ theta - y)
        delta = delta - 0.1 / 3 * g.T @ (g @ delta - residual)
        assert np.allclose(basis.T @ (theta - best), delta, rtol=0, atol=1e-12)
        # the excess risk of a model is a function of the model: floor + sum l delta^2
        excess = np.sum(roots**2 * (target - sketch.T @ theta) ** 2)
        assert abs(excess - floor - np.sum(l * delta**2)) < 1e-10 * (1 + excess)


def test_signs_break_the_equality():
    """x = +-1: features and residual are uncorrelated but never both nonzero; one step shows it."""
    outcomes = list(itertools.product([-1, 1], repeat=2))
    sketch, target = sp.Matrix([[1, 1]]), sp.Matrix([1, 0])
    samples = []
    for x in map(sp.Matrix, outcomes):
        feature = (sketch * x)[0]
        samples.append((feature, (target.T * x)[0] - feature / 2))  # the best model is 1/2
    assert sum(f * r for f, r in samples) == 0
    assert all(f * r == 0 for f, r in samples)
    mean_square = [sp.Rational(sum(v**2 for v in column), 4) for column in zip(*samples, strict=True)]
    assert mean_square == [2, sp.Rational(1, 2)]
    # second moment of delta after one step from delta = -1/2, step 1/4, batch 1
    gamma, start = sp.Rational(1, 4), -sp.Rational(1, 2)
    ambient = sum((start - gamma * f * (f * start - r)) ** 2 for f, r in samples) / 4
    q = 1 - 2 * gamma * 2 + gamma**2 * 2 * 4
    reduced = q * start**2 + gamma**2 * 2 * sp.Rational(1, 2)
    assert (ambient, reduced) == (sp.Rational(1, 8), sp.Rational(3, 16))


def test_the_cheaper_draw_has_the_same_moments():
    """Along the error direction the batch is kept sample by sample; across it one normal is enough.

    Joint moments up to the fourth of the components of sum_b xi_b e_b, for M = 2 and B = 2, in axes turned so
    that the error points along the first. Only even powers of the length (sum e_b^2)^(1/2) occur in them.
    """
    size, tau = sp.symbols("n tau", positive=True)
    along, across, rho = sp.symbols("alpha0 alpha1"), sp.symbols("beta0 beta1"), sp.symbols("rho0 rho1")
    omega = sp.Symbol("omega")
    errors = [size * alpha - tau * r for alpha, r in zip(along, rho, strict=True)]
    parallel = sum(alpha * e for alpha, e in zip(along, errors, strict=True))
    perpendicular = sum(beta * e for beta, e in zip(across, errors, strict=True))
    length_squared = sum(e**2 for e in errors)
    for i, k in [(1, 0), (2, 0), (0, 2), (1, 2), (3, 0), (2, 2), (0, 4), (4, 0)]:
        definition = gaussian_mean(parallel**i * perpendicular**k, [*along, *across, *rho])
        cheaper = gaussian_mean(parallel**i * length_squared ** (k // 2) * omega**k, [*along, *rho, omega])
        assert sp.expand(definition - cheaper) == 0


def ambient_excess(generator, runs, steps, law):
    """Excess risk of `runs` independent models after `steps` steps in the ambient space, batch 2."""
    sketch, roots, target, *_ = tiny_problem()
    theta = np.zeros((runs, 2))
    for _ in range(steps):
        if law == "gaussian":
            x = generator.standard_normal((runs, 2, 3)) * roots
        else:
            x = generator.choice([-1.0, 1.0], (runs, 2, 3)) * roots
        features = x @ sketch.T
        error = np.einsum("rbm,rm->rb", features, theta) - x @ target
        theta -= 0.1 / 2 * np.einsum("rbm,rb->rm", features, error)
    return np.sum(roots**2 * (target - theta @ sketch) ** 2, axis=1)


def reduced_excess(generator, runs, steps):
    """The same in the eigenbasis, from two independent normals a sample and an independent residual."""
    _, roots, target, l, basis, best = tiny_problem()
    delta = np.tile(-(basis.T @ best), (runs, 1))
    floor = np.sum(roots**2 * target**2) - np.sum(l * delta[0] ** 2)
    for _ in range(steps):
        g = generator.standard_normal((runs, 2, 2)) * np.sqrt(l)
        residual = generator.standard_normal((runs, 2)) * np.sqrt(floor)
        error = np.einsum("rbm,rm->rb", g, delta) - residual
        delta = delta - 0.1 / 2 * np.einsum("rbm,rb->rm", g, error)
    return floor + np.sum(l * delta**2, axis=1)


def test_whole_laws_of_the_excess_agree_for_gaussian_samples_only():
    """Two-sample Kolmogorov-Smirnov at level 1e-3; the same test rejects random signs, so it has power."""
    from scipy.stats import ks_2samp

    runs, steps = 20_000, 12
    reduced = reduced_excess(np.random.default_rng(1), runs, steps)
    gaussian = ambient_excess(np.random.default_rng(2), runs, steps, "gaussian")
    signs = ambient_excess(np.random.default_rng(3), runs, steps, "signs")
    assert ks_2samp(reduced, gaussian).pvalue > 1e-3
    assert ks_2samp(reduced, signs).pvalue < 1e-12
