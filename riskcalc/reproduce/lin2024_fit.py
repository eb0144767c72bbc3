"""The fit of Lin et al.: excess = c1 M^-a1 + c2 N_eff^-a2 with a robust loss, and its uncertainty over replicates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import ToleranceNotMet
from riskcalc.reproduce.lin2024_setting import Grid

Real = NDArray[np.float64]

_HUBER = 1e-3  # where the loss of a residual of the logarithm turns from square to linear
_STARTS = ((0.5, 0.3), (1.0, 0.5), (1.5, 0.4), (0.3, 0.4))
_RESAMPLES = 60
_MOST_ROUNDS, _SETTLED = 1000, 1e-8


@dataclass(frozen=True, kw_only=True)
class Additive:
    """c1 M^-model + c2 N_eff^-data; the errors are over replicates, None where there is one grid only."""

    model: float
    data: float
    constants: tuple[float, float]
    model_error: float | None = None
    data_error: float | None = None

    @property
    def parameters(self) -> Real:
        """log c1, a1, log c2, a2."""
        (c1, c2) = self.constants
        return np.array([np.log(c1), self.model, np.log(c2), self.data])


def effective(samples: Real) -> Real:
    """N_eff = N/log2(N)."""
    return np.asarray(samples / np.log2(samples))


def fit_additive(grid: Grid, excess: Real, *, near: Additive | None = None) -> Additive:
    """Minimise the Huber loss of log(model) - log(excess) over all points of a grid.

    The irreducible risk is known (the noise) and so is not fitted. Several starts, unless one is given; the best end is
    taken. Each is led to its end by least squares with the weights that the loss gives to the residuals before.
    """
    sizes, counts = np.meshgrid(grid.model_sizes, effective(np.array(grid.samples, dtype=float)), indexing="ij")
    log_size, log_count, target = np.log(sizes).ravel(), np.log(counts).ravel(), np.log(excess).ravel()

    def start(a1: float, a2: float) -> Real:
        return np.array([target.mean() + a1 * log_size.mean(), a1, target.mean() + a2 * log_count.mean(), a2])

    starts = [start(*exponents) for exponents in _STARTS] if near is None else [near.parameters]
    ends = [_descend(log_size, log_count, target, one) for one in starts]
    _, settled, best = min(ends, key=lambda end: end[0])
    if near is None and not settled:  # a resample may be degenerate, and then says so by its spread
        raise ToleranceNotMet("the additive fit did not converge: the grid does not tell its two terms apart")
    c1, a1, c2, a2 = (float(value) for value in best)
    return Additive(model=a1, data=a2, constants=(float(np.exp(c1)), float(np.exp(c2))))


def _descend(log_size: Real, log_count: Real, target: Real, parameters: Real) -> tuple[float, bool, Real]:
    """Damped, reweighted Gauss-Newton: the loss at its end, whether it has settled there, and the end."""
    damping, loss = 1e-3, np.inf
    for _ in range(_MOST_ROUNDS):
        first, second = parameters[0] - parameters[1] * log_size, parameters[2] - parameters[3] * log_count
        residual, share = np.logaddexp(first, second) - target, 1 / (1 + np.exp(second - first))
        weight = np.minimum(1.0, _HUBER / np.maximum(np.abs(residual), 1e-300))
        slopes = np.stack([share, -share * log_size, 1 - share, -(1 - share) * log_count], axis=1)
        normal = slopes.T @ (weight[:, None] * slopes)
        normal += damping * np.diag(np.diag(normal))
        step = np.linalg.solve(normal, -slopes.T @ (weight * residual))
        trial = parameters + step
        at_trial = np.logaddexp(trial[0] - trial[1] * log_size, trial[2] - trial[3] * log_count) - target
        before, after = _loss(residual), _loss(at_trial)
        if after <= before * (1 + 1e-12):
            parameters, loss, damping = trial, after, damping / 5
            if np.abs(step).max() < _SETTLED:
                return loss, True, parameters
        else:
            damping = max(10 * damping, 1e-8)
            if damping > 1e12:
                return before, True, parameters
    return loss, False, parameters


def _loss(residual: Real) -> float:
    size = np.abs(residual)
    return float(np.where(size <= _HUBER, size**2 / 2, _HUBER * (size - _HUBER / 2)).sum())


def fit_replicates(grid: Grid, excess: Real, *, seed: int) -> Additive:
    """The fit to the mean over replicates, with errors by resampling whole replicates: their points are correlated."""
    found = fit_additive(grid, excess.mean(axis=0))
    generator = np.random.default_rng(np.random.SeedSequence([1964, seed]))
    again = [
        fit_additive(grid, excess[generator.integers(0, len(excess), len(excess))].mean(axis=0), near=found)
        for _ in range(_RESAMPLES)
    ]
    return Additive(
        model=found.model,
        data=found.data,
        constants=found.constants,
        model_error=float(np.std([one.model for one in again], ddof=1)),
        data_error=float(np.std([one.data for one in again], ddof=1)),
    )
