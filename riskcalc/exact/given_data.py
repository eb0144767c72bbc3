"""Full-batch gradient descent given the sketch *and* the data: exact, averaged over the noise of the labels alone.

Formula: on Gaussian x the labels are y = Z theta* + eps with eps independent of the features Z = (S x_i), of variance
tau^2 = sigma2 + approximation. With Z/sqrt(N) = U diag(s) V^T, x = s^2 and r_k = prod (1 - gamma x),
    bias = |K^{1/2} (theta* - V (1 - r_k) V^T theta*)|^2,
    variance = tau^2/N sum_i ((1 - r_k)/s)_i^2 |K^{1/2} v_i|^2,
    training loss = sum_i x_i r_k^2 (V^T theta*)_i^2 + tau^2 (1 - rank/N + sum_i r_k^2/N).
What rounding does is seen on a second factorisation, of features that are changed by as much as one may have changed
them. Source: D59.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.curve import LastIterate, Run, plain_optimiser
from riskcalc.curve.stability import Stability, descent_stability
from riskcalc.dynamics.decay import Course
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.exact.rank import of_full_rank
from riskcalc.problem import Problem
from riskcalc.quantity import Real, whole

_EPS = float(np.finfo(np.float64).eps)
_SAFETY, _ROUNDINGS = 4.0, 64.0
_MOST_NUMBERS = 2e8  # of Z


@dataclass(frozen=True, kw_only=True, eq=False)
class GivenData:
    """One value a recorded step; error: relative, of the excess, of the training loss relative to the risk."""

    bias: Real
    variance: Real
    training: Real
    floor: float
    error: float
    stability: Stability


def given_data(
    run: Run, sketch: Real, seed: np.random.SeedSequence, *, tolerance: float, force: bool
) -> GivenData:
    """The answer for one data set, drawn from the seed."""
    problem, samples = _checked(run), whole(run.data.samples, "samples", least=1)
    if float(samples) * len(sketch) > _MOST_NUMBERS:
        raise InvalidInput(
            f"{samples} samples of {len(sketch)} features are more than {_MOST_NUMBERS:.0e} numbers: use Equivalent()"
        )
    sketch = of_full_rank(problem, sketch)
    root = np.sqrt(problem.eigenvalues())
    _, sizes, right = np.linalg.svd(sketch * root, full_matrices=False)
    best = right @ (root * problem.target())  # K^{1/2} theta*
    floor = sketch_modes(problem, sketch).floor
    generator = np.random.default_rng(seed)
    normals = generator.standard_normal((samples, len(sizes))) / np.sqrt(samples)
    disturbance = generator.standard_normal(normals.shape)
    found = descent_stability(run, float(np.linalg.norm(normals * sizes, 2)) ** 2)
    if not force:
        found.require(peak=run.schedule.stages(horizon=run.horizon) is None)
    moved = normals + _EPS * disturbance * np.linalg.norm(normals, 2) / np.linalg.norm(disturbance, 2)
    answer, check = (_parts(run, sizes, best, features, floor) for features in (normals, moved))
    excess = floor + answer[0] + answer[1]
    gaps = np.abs(answer - check)
    shares = np.maximum(gaps[:2].max(axis=0) / excess, gaps[2] / (excess + float(problem.noise)))
    error = float(_SAFETY * shares.max()) + _ROUNDINGS * _EPS
    if not error <= tolerance:
        raise ToleranceNotMet(
            f"rounding leaves {error:.1e} of the excess unknown, and the tolerance is {tolerance:.1e}: allow more, or "
            "use fewer steps"
        )
    bias, variance, training = answer
    return GivenData(bias=bias, variance=variance, training=training, floor=floor, error=error, stability=found)


def _checked(run: Run) -> Problem:
    """The problem of a run that is answered exactly given its data."""
    if not isinstance(run.problem, Problem) or run.problem.random_target:
        raise InvalidInput(
            "given the data, Exact() is for one output with a fixed target: ask for each output by itself, or use "
            "Equivalent() or MonteCarlo()"
        )
    if not isinstance(run.averaging, LastIterate):
        raise InvalidInput("given the data, Exact() is for the last iterate: use MonteCarlo() for averages")
    plain_optimiser(run, method="Exact() given the data")
    return run.problem


def _parts(run: Run, sizes: Real, best: Real, normals: Real, floor: float) -> Real:
    """Bias, variance and training loss at the recorded steps, (3, steps)."""
    samples = len(normals)
    noise = float(run.problem.noise) + floor
    _, singular, right = np.linalg.svd(normals * sizes, full_matrices=False)
    learnt, back = singular**2, right * sizes  # rows K^{1/2} v_i
    coordinates = right @ (best / sizes)
    weights = np.sum(back**2, axis=1)
    found = []
    course = Course.of(run, lambda size: np.array([0.0, size * learnt[0]]))
    for log in course.logs(lambda size: size * learnt):
        with np.errstate(over="ignore"):
            left = np.real(np.exp(log))
            gone = -np.real(np.expm1(log))
        missed = best - (gone * coordinates) @ back
        over = np.divide(gone, singular, out=np.zeros_like(gone), where=singular > 0)
        found.append(
            (
                missed @ missed,
                noise / samples * (over**2 @ weights),
                learnt * left**2 @ coordinates**2 + noise * (1 - len(singular) / samples + left @ left / samples),
            )
        )
    return np.array(found).T
