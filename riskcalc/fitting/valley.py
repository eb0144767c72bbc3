"""What curves say along the valley of fits in which the time scale is hardly determined, and limits over all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.fitting.autoregression import correlations, whitened
from riskcalc.fitting.joint_model import JointModel
from riskcalc.fitting.loss import Huber
from riskcalc.fitting.robust import robust_fit
from riskcalc.quantity import Real

_LEAST_SQUARES = Huber(0.1)  # but for what is far off
_OUTLYING = 4.0  # standard deviations, at which residuals are cut
_COARSE = 12  # places over all time scales
_NEAR = np.array([-5.0, -2.5, -1.2, 0.0, 1.2, 2.5, 5.0])  # standard deviations from the best place
_ITERATIONS = 8
_PASSES = 4
_APART = 2.0  # change of the log likelihood from place to place, from which on it is followed closer
_LITTLE = 7.0  # below the largest log likelihood: too little to be followed
_FINE = 8  # places between two fits
_UNLIKELY = 1e-5  # weight, relative to the largest, below which a place and correlation are left out
_FAINT = -35.0  # logarithm of what is as good as nothing
_BUMP = 1e-4
_HALVINGS = 50
_TABLE = np.linspace(-100.0, 100.0, 10_001)


@dataclass(frozen=True, kw_only=True, eq=False)
class Valley:
    """Fits with log tau held at places, ascending, and what the residuals say there for each correlation.

    parameters: as `JointModel` has them, (places, parameters). likelihood: log, (places, correlations). steps, roots:
    where least squares for that correlation go on to, and a root of the covariance, for all parameters but log tau:
    (places, correlations, p) and (places, correlations, p, p). spare: residuals to spare.
    """

    columns: int
    parameters: Real
    likelihood: Real
    steps: Real
    roots: Real
    spare: int

    @property
    def places(self) -> Real:
        """log tau."""
        return np.asarray(self.parameters[:, self.columns + 1])

    def limits(self, values: Real, gradients: Real, level: float) -> tuple[Real, Real]:
        """Of statistics with these values, (places, k), and derivatives as of `JointModel`, (places, k, parameters).

        Formula: quantiles of sum_(tau, phi) p(tau, phi) P(h(tau, phi) + sd(tau, phi) t_nu <= h), p the restricted
            likelihood times a density before that is even in log tau.
        Source: D64.
        """
        from scipy.interpolate import PchipInterpolator
        from scipy.stats import t

        moves = _linear(gradients, self.parameters[:, None], self.columns)
        centres = values[:, None] + np.einsum("mkp,mcp->mck", moves, self.steps)
        spreads = np.sqrt(np.square(np.einsum("mkp,mcpq->mckq", moves, self.roots)).sum(axis=-1))
        there = np.isfinite(centres).all(axis=(1, 2)) & np.isfinite(spreads).all(axis=(1, 2))  # far off a law may end
        places = self.places[there]
        fine = np.unique(np.linspace(places[:-1], places[1:], _FINE + 1))
        likelihood, centres, spreads = (
            PchipInterpolator(places, along[there])(fine) for along in (self.likelihood, centres, spreads)
        )
        weights = np.exp(likelihood - likelihood.max()) * np.gradient(fine)[:, None]
        kept = weights > _UNLIKELY * weights.max()
        weights, centres = weights[kept] / weights[kept].sum(), centres[kept]
        spreads = np.maximum(spreads[kept], np.finfo(np.float64).tiny)
        below = t.cdf(_TABLE, self.spare)
        ends = []
        for chance in ((1 - level) / 2, (1 + level) / 2):
            widest = t.isf(min(chance, 1 - chance) / 2, self.spare) * spreads
            low, high = (centres - widest).min(axis=0), (centres + widest).max(axis=0)
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                less = weights @ np.interp((middle - centres) / spreads, _TABLE, below) < chance
                low, high = np.where(less, middle, low), np.where(less, high, middle)
            ends.append((low + high) / 2)
        return ends[0], ends[1]

    def told(self, value: Callable[[Real], Real]) -> tuple[Real, Real]:
        """Statistics (k,) of parameters at every place, and their derivatives."""
        values = np.array([value(row) for row in self.parameters])
        moved = [
            [(value(row + _BUMP * unit) - there) / _BUMP for unit in np.eye(row.size)]
            for row, there in zip(self.parameters, values, strict=True)
        ]
        return values, np.array(moved).transpose(0, 2, 1)

    @property
    def correlation(self) -> float:
        """From record to record, where the likelihood is largest."""
        grid, _ = correlations(self.spare)
        return float(grid[np.unravel_index(self.likelihood.argmax(), self.likelihood.shape)[1]])

    def between(self) -> Real:
        """Starts halfway between neighbours whose likelihood differs too much to be joined by a smooth curve."""
        best = self.likelihood.max(axis=1)
        higher = np.maximum(best[1:], best[:-1]) > best.max() - _LITTLE
        apart = higher & (np.abs(np.diff(best)) > _APART)
        return np.asarray((self.parameters[1:][apart] + self.parameters[:-1][apart]) / 2)

    def joined(self, other: Valley) -> Valley:
        """The places of both."""
        both = {
            name: np.concatenate([getattr(self, name), getattr(other, name)])
            for name in ("parameters", "likelihood", "steps", "roots")
        }
        order = np.argsort(both["parameters"][:, self.columns + 1])
        return Valley(columns=self.columns, spare=self.spare, **{name: along[order] for name, along in both.items()})


def valley_of(model: JointModel, best: Real, residuals: Real, *, begins: tuple[int, ...]) -> Valley:
    """All time scales that the runs can show, from the best fit and its residuals on; far residuals are cut."""
    held = model.columns + 1
    start = np.maximum(best, _FAINT)
    start[held] = min(start[held], 0.0)
    cut = _OUTLYING * 1.4826 * float(np.median(np.abs(residuals)))
    followed = model.values(best[None])[0] + residuals.clip(-cut, cut)
    every = np.arange(start.size)
    start = _fits(model, followed, start[None], every)[0]
    start[held] = min(start[held], 0.0)
    values, jacobian = model.evaluate(start[None] - 1e-3 * (every == held))  # at its bound tau has no derivative
    spread = np.sqrt(np.mean(np.square(followed - values[0])))
    deviation = spread * np.sqrt(np.linalg.pinv(jacobian[0].T @ jacobian[0])[held, held])
    lowest = min(-np.log(max(float(run.total[-1]) for run in model.runs)), start[held], -1.0)
    near = start[held] + deviation * _NEAR
    places = np.unique(np.concatenate([np.linspace(lowest, 0.0, _COARSE), near]).clip(lowest, 0.0))
    found = _held(model, followed, _along(model, start, places), begins)
    for _ in range(_PASSES):
        between = found.between()
        if not len(between):
            break
        found = found.joined(_held(model, followed, between, begins))
    return found


def _along(model: JointModel, start: Real, places: Real) -> Real:
    """Where the fit is about to be at other time scales: at late times S tau^-s is what is seen."""
    law, held = model.law, model.columns + 1
    a, b = law.exponents(start[model.columns :])
    found = np.repeat(start[None], places.size, axis=0)
    found[:, 1] += (b - 1) / a * (places - start[held])
    found[:, held] = places
    return found


def _fits(model: JointModel, data: Real, starts: Real, free: Real) -> Real:
    rows = np.repeat(data[None], len(starts), axis=0)
    return robust_fit(model, rows, starts, free=free.tolist(), loss=_LEAST_SQUARES, iterations=_ITERATIONS).parameters


def _held(model: JointModel, data: Real, starts: Real, begins: tuple[int, ...]) -> Valley:
    """The fits from these starts, log tau held."""
    others = np.delete(np.arange(starts.shape[1]), model.columns + 1)
    parameters = np.maximum(_fits(model, data, starts, others), _FAINT)
    values, jacobians = model.evaluate(parameters)
    moves = _linear(jacobians, parameters[:, None], model.columns)
    spare = max(1, data.size - starts.shape[1])
    told = [_conditional(data - value, move, begins, spare) for value, move in zip(values, moves, strict=True)]
    likelihood, steps, roots = (np.array(part) for part in zip(*told, strict=True))
    return Valley(
        columns=model.columns, parameters=parameters, likelihood=likelihood, steps=steps, roots=roots, spare=spare
    )


def _conditional(residuals: Real, jacobian: Real, begins: tuple[int, ...], spare: int) -> tuple[Real, Real, Real]:
    """For each correlation: the log likelihood, the step of least squares, and a root of its covariance."""
    grid, before = correlations(spare)
    columns = np.column_stack([jacobian, residuals])
    white = np.array([whitened(columns, phi, begins) for phi in grid])
    basis, triangle = np.linalg.qr(white[:, :, :-1])
    across = np.einsum("cnp,cn->cp", basis, white[:, :, -1])
    left = np.square(white[:, :, -1]).sum(axis=1) - np.square(across).sum(axis=1)
    left = np.maximum(left, np.finfo(np.float64).tiny)
    sizes = np.abs(np.diagonal(triangle, axis1=1, axis2=2))
    determinant = np.log(np.maximum(sizes, 1e-300)).sum(axis=1)
    determinant += (residuals.size - len(begins)) / 2 * np.log1p(-(grid**2))
    inverse = np.linalg.pinv(triangle)
    likelihood = np.log(before) - determinant - spare / 2 * np.log(left)
    return likelihood, np.einsum("cpq,cq->cp", inverse, across), inverse * np.sqrt(left / spare)[:, None, None]


def _linear(derivatives: Real, parameters: Real, columns: int) -> Real:
    """By coefficients and share, in which log L is nearly linear, instead of their logarithms; without log tau."""
    by = derivatives.copy()
    for place in (*range(columns), columns + 2):
        by[..., place] /= np.exp(parameters[..., place])
    return np.delete(by, columns + 1, axis=-1)
