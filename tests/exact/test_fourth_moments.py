"""The recursion with true fourth moments: against enumeration, the Gaussian recursion, and its own limits."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from riskcalc.curve import IterateAverage, Run
from riskcalc.errors import InvalidInput, UnstableRun
from riskcalc.exact import Exact, FourthMoments, Moments
from riskcalc.kernel import Brownian, KernelFeatures, PiecewisePolynomial
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, Problem
from riskcalc.schedule import Constant, Custom, Polynomial


class FourPoints:
    """A law on four points of R^3: dependent, not centred, E xi xi^T = 1 exactly."""

    def __init__(self):
        basis = np.linalg.qr(np.random.default_rng(4).standard_normal((4, 4)))[0]
        self.chances = np.array([0.1, 0.2, 0.3, 0.4])
        self.values = basis[:, :3] / np.sqrt(self.chances)[:, None]

    def nodes(self, dimension):
        assert dimension == 3
        return self.values, self.chances


LAW = FourPoints()
PROBLEM = Problem(spectrum=ExplicitSpectrum([1.0, 0.5, 0.2]), signal=ExplicitSignal([1.0, -2.0, 3.0]), noise="1/4")
SKETCH = np.array([[0.8, -0.5, 0.6], [0.3, 0.9, -0.7]])


def enumerated(step_sizes, batch_size):
    """The expected excess after the steps, by going through all samples; the label noise is a sign."""
    root = np.sqrt(PROBLEM.eigenvalues())
    x, target = LAW.values * root, PROBLEM.target()
    samples = [
        (SKETCH @ x[point], x[point] @ target + sign * 0.5, LAW.chances[point] / 2)
        for point, sign in product(range(4), (-1, 1))
    ]
    states = [(1.0, np.zeros(2))]
    for gamma in step_sizes:
        following = []
        for chance, theta in states:
            for batch in product(samples, repeat=batch_size):
                gradient = sum(z * (z @ theta - y) for z, y, _ in batch) / batch_size
                following.append((chance * np.prod([weight for *_, weight in batch]), theta - gamma * gradient))
        states = following
    missed = [(chance, root * (target - SKETCH.T @ theta)) for chance, theta in states]
    return sum(chance * float(values @ values) for chance, values in missed)


@pytest.mark.parametrize("batch_size, step_sizes", [(1, [0.3, 0.2, 0.4]), (2, [0.3, 0.5])])
def test_against_enumeration(batch_size, step_sizes):
    run = Run(PROBLEM, model_size=2, schedule=Custom(step_sizes), steps=len(step_sizes), batch_size=batch_size)
    found = FourthMoments(covariates=LAW, sketch=SKETCH).curve(run)
    for step, value in zip(run.steps, found.excess, strict=True):
        assert value == pytest.approx(enumerated(step_sizes[:step], batch_size), rel=1e-12)
    gaussian = Exact(sketch=SKETCH).curve(run)
    assert abs(found.excess[-1] / gaussian.excess[-1] - 1) > 0.01


KERNEL = Brownian()
LAW_OF_KERNEL = KernelFeatures(KERNEL)


def run_of(*, share=0.5, steps=(0, 1, 10, 100), batch_size=1, schedule=Constant):
    problem = KERNEL.problem(PiecewisePolynomial.step("1/3"), dimension=24, noise="1/50")
    step = share / problem.eigenvalues().sum()
    return Run(problem, model_size=6, schedule=schedule(step), steps=steps, batch_size=batch_size)


@pytest.mark.parametrize("batch_size", [1, 5])
def test_gaussian_moments_give_the_gaussian_recursion(batch_size):
    for schedule in (Constant, lambda peak: Polynomial(peak, 1)):
        run = run_of(batch_size=batch_size, schedule=schedule)
        found = FourthMoments(covariates=LAW_OF_KERNEL, seed=3, moments=Moments.GAUSSIAN).curve(run)
        exact = Exact(seed=3).curve(run)
        assert np.abs(found.excess / exact.excess - 1).max() < 1e-10
        assert found.approximation == pytest.approx(exact.approximation, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("batch_size", [pytest.param(1, marks=pytest.mark.slow), 7])
def test_long_runs_do_not_gather_rounding(batch_size):
    run = run_of(share=0.3, steps=[20_000], batch_size=batch_size)
    found = FourthMoments(covariates=LAW_OF_KERNEL, seed=3, moments=Moments.GAUSSIAN).curve(run)
    assert found.excess[0] == pytest.approx(Exact(seed=3).curve(run).excess[0], rel=1e-9)


def test_the_ladders_end_in_the_truth():
    """For sines E xi_j^2 xi_k^2 = 1 (j != k) as for Gaussians, so PAIRS adds nothing to OWN; E xi_j^4 = 3/2."""
    run = run_of()
    curves = {
        moments: FourthMoments(covariates=LAW_OF_KERNEL, moments=moments).curve(run).excess for moments in Moments
    }
    assert np.abs(curves[Moments.PAIRS] / curves[Moments.OWN] - 1).max() < 1e-11
    nodes, weights = LAW_OF_KERNEL.nodes(24)
    assert np.allclose(weights @ nodes**4, 1.5, atol=1e-12)
    for moments in (Moments.OWN, Moments.FEATURES, Moments.FEATURES_AND_CROSS):
        miss = abs(curves[moments] / curves[Moments.ALL] - 1)
        assert 1e-4 < miss[2] < abs(curves[Moments.GAUSSIAN] / curves[Moments.ALL] - 1)[2]


def test_coordinate_ladder_on_independent_coordinates():
    """A law with independent coordinates has no moments but own and pairs: the ladder ends at PAIRS."""

    class Signs:
        def nodes(self, dimension):
            points = np.array(list(product([-1.0, 1.0], repeat=dimension)))
            return points, np.full(len(points), 1 / len(points))

    run = Run(PROBLEM, model_size=2, schedule=Constant("1/5"), steps=20)
    curves = [
        FourthMoments(covariates=Signs(), sketch=SKETCH, moments=moments).curve(run).excess
        for moments in (Moments.PAIRS, Moments.ALL, Moments.GAUSSIAN)
    ]
    assert np.abs(curves[0] / curves[1] - 1).max() < 1e-12
    assert np.abs(curves[2] / curves[1] - 1).max() > 0.01


@pytest.mark.parametrize("batch_size", [pytest.param(1, marks=pytest.mark.slow), 4])
def test_the_largest_step_size(batch_size):
    run = run_of(batch_size=batch_size)
    method = FourthMoments(covariates=LAW_OF_KERNEL, seed=3)
    largest = method.largest_step_size(run)
    ends = []
    for factor in (0.98, 1.02):
        longer = Run(
            run.problem, model_size=6, schedule=Constant(factor * largest), steps=[2000, 4000], batch_size=batch_size
        )
        ends.append(method.curve(longer, force=True).excess)
    assert ends[0][1] < 1.5 * ends[0][0]
    assert ends[1][1] > 1.5 * ends[1][0]
    gaussian = FourthMoments(covariates=LAW_OF_KERNEL, seed=3, moments=Moments.GAUSSIAN).largest_step_size(run)
    from riskcalc.exact.given_sketch import sketch_modes
    from riskcalc.exact.stability import stability
    from riskcalc.problem import gaussian_sketch

    modes = sketch_modes(run.problem, gaussian_sketch(model_size=6, dimension=24, seed=3))
    expected = stability(modes, step_size=0.1, batch_size=batch_size).largest_step_size
    assert gaussian == pytest.approx(expected, rel=1e-9)


def test_what_it_refuses():
    with pytest.raises(InvalidInput, match="member of Moments"):
        FourthMoments(covariates=LAW, moments="all")
    averaged = Run(PROBLEM, model_size=2, schedule=Constant("1/5"), steps=20, averaging=IterateAverage())
    with pytest.raises(InvalidInput, match="last iterate"):
        FourthMoments(covariates=LAW, sketch=SKETCH).curve(averaged)
    with pytest.raises(UnstableRun, match="largest_step_size"):
        FourthMoments(covariates=LAW_OF_KERNEL).curve(run_of(share=40, steps=[5000]))
    with pytest.raises(InvalidInput, match="multiplications"):
        FourthMoments(covariates=LAW_OF_KERNEL).curve(run_of(steps=[10**9]))
    wide = KERNEL.problem(PiecewisePolynomial.step("1/3"), dimension=200)
    with pytest.raises(InvalidInput, match="fourth moments of 150 features"):
        FourthMoments(covariates=LAW_OF_KERNEL).curve(Run(wide, model_size=150, schedule=Constant(1), steps=1))
    with pytest.raises(InvalidInput, match="at most 24 features"):
        FourthMoments(covariates=LAW_OF_KERNEL).largest_step_size(
            Run(wide, model_size=30, schedule=Constant(1), steps=1)
        )


@pytest.mark.parametrize("moments", [Moments.OWN, Moments.ALL])
@pytest.mark.parametrize(
    "values, chances, message",
    [
        (LAW.values, 3 * LAW.chances, "sum to 3, not to 1"),
        (1.01 * LAW.values, LAW.chances, r"E xi_\d xi_\d = 1.0201, not 1"),
        (LAW.values @ [[1, 0.1, 0], [0, 1, 0], [0, 0, 1]], LAW.chances, "not standardised"),
        (LAW.values, np.array([0.4, 0.5, 0.6, -0.5]), "not negative"),
        (np.where(LAW.values > 1, np.nan, LAW.values), LAW.chances, "finite"),
        (LAW.values[:, :2], LAW.chances, r"shape \(n, 3\)"),
        (LAW.values, LAW.chances[:3], "shape"),
        ("coordinates", LAW.chances, "two arrays"),
    ],
)
def test_nodes_that_are_no_law_are_refused(values, chances, message, moments):
    class Given:
        def nodes(self, dimension):
            return values, chances

    run = Run(PROBLEM, model_size=2, schedule=Constant("1/5"), steps=3)
    with pytest.raises(InvalidInput, match=message):
        FourthMoments(covariates=Given(), sketch=SKETCH, moments=moments).curve(run)
    with pytest.raises(InvalidInput, match=message):
        FourthMoments(covariates=Given(), sketch=SKETCH, moments=moments).largest_step_size(run)
