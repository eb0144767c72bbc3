"""Least squares as it is done: a sketch and samples are drawn, theta is fitted, its risk is computed."""

from __future__ import annotations

import math

import numpy as np

from riskcalc.curve import Claim, Question, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.problem import gaussian_sketch
from riskcalc.quantity import GivenWhole, Real, frozen, given, of_type, whole

_MOST_WORK = 2e12  # multiplications
_LEAST_DISTANCE = 2  # of n from the rank of the features, where the expected risk of the ridgeless fit is finite


@frozen(kw_only=True)
class LeastSquaresSimulation:
    """Average over `runs` fits, each with its own sketch and its own samples; Gaussian covariates and noise.

    Given the fit, its risk is computed, not sampled. Knows no formula of the theory.

    Parameters
    ----------
    runs : whole number, default 100
        Fits that are averaged, a whole number >= 1.
    seed : whole number, default 0
        Of sketches and samples.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: finite dimension, whole M and n; without a ridge |r - n| >= 2, where the expected risk is finite, with r the
    smaller of M and the number of positive eigenvalues. The risk of a single fit has heavy tails near r = n: its
    variance is finite only for |r - n| >= 4, and the standard error of few runs close to that is too small.

    Source: D34; ordinary least squares on drawn samples.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, ridge_risk
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=50), signal=PowerLawSignal(b=2), noise=1)
    >>> found = ridge_risk(problem, model_size=5, samples=40, method=LeastSquaresSimulation(runs=20, seed=0))
    >>> bool(0 < found.excess < 1)
    True
    """

    runs: GivenWhole = given(default=100)
    seed: GivenWhole = given(default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "runs", whole(self.runs, "runs", least=2))
        object.__setattr__(self, "seed", whole(self.seed, "seed"))

    def risk(self, asked: LeastSquares) -> LeastSquaresRisk:
        """Mean excess of the fits, with its standard error."""
        of_type(asked, LeastSquares, "asked", "LeastSquares(...)")
        size, samples = whole(asked.model_size, "model_size"), whole(asked.samples, "samples")
        dimension = asked.problem.dimension
        if dimension is None:
            raise InvalidInput(
                "an infinite-dimensional problem cannot be simulated: give a finite dimension, for example "
                f"{10 * size} (10 times the model size), or use LeastSquaresEquivalent()"
            )
        rank = min(size, int(np.count_nonzero(asked.problem.eigenvalues())))
        if asked.ridge == 0 and abs(rank - samples) < _LEAST_DISTANCE:
            raise InvalidInput(
                f"features of rank {rank} and {samples} samples without a ridge: the expected risk is infinite, "
                "unless there is neither noise nor signal beyond the features; keep them at least "
                f"{_LEAST_DISTANCE} apart, or use a ridge"
            )
        work = float(self.runs) * samples * size * (dimension + size)
        if work > _MOST_WORK:
            raise InvalidInput(f"this simulation needs {work:.1e} multiplications, more than {_MOST_WORK:.0e}")
        seeds = np.random.SeedSequence(self.seed).spawn(self.runs)
        fits = np.array([_fit(asked, size, samples, dimension, seed) for seed in seeds])
        means, errors = fits.mean(axis=0), fits.std(axis=0, ddof=1) / math.sqrt(self.runs)
        return LeastSquaresRisk(
            excess=float(means[0]),
            irreducible=float(asked.problem.noise),
            training=float(means[1]),
            standard_error=float(errors[0]),
            training_error=float(errors[1]),
            claim=Claim.AVERAGED_OVER_SKETCHES,
            warrant=Warrant.SAMPLED,
            asked=Question.of(asked.describe()),
            method={"name": "least squares simulation", "runs": self.runs, "seed": self.seed},
        )


def _fit(
    asked: LeastSquares, size: int, samples: int, dimension: int, seed: np.random.SeedSequence
) -> tuple[float, float]:
    """One fit: its squared distance from the target, in the norm of the covariance, and its training loss."""
    of_sketch, of_covariates, of_noise = seed.spawn(3)
    root, target = np.sqrt(asked.problem.eigenvalues()), asked.problem.target()
    sketch = gaussian_sketch(model_size=size, dimension=dimension, seed=of_sketch)
    covariates = np.random.default_rng(of_covariates).standard_normal((samples, dimension)) * root
    noise = np.random.default_rng(of_noise).standard_normal(samples)
    labels = covariates @ target + math.sqrt(float(asked.problem.noise)) * noise
    features = covariates @ sketch.T
    parameters = fitted(features, labels, float(asked.ridge))
    missed = root * (parameters @ sketch - target)
    left = labels - features @ parameters
    return float(missed @ missed), float(left @ left) / samples


def fitted(features: Real, labels: Real, ridge: float) -> Real:
    """The minimiser of (1/n) |labels - features theta|^2 + ridge |theta|^2, of smallest norm."""
    left, singular, right = np.linalg.svd(features, full_matrices=False)
    penalty = ridge * len(labels)
    kept = singular > np.finfo(float).eps * max(features.shape) * singular[0]
    factors = np.divide(singular, singular**2 + penalty, out=np.zeros_like(singular), where=kept)
    return np.asarray(right.T @ (factors * (left.T @ labels)))


