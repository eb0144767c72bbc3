"""Fits of loss curves with the time scale held at many places, and what the residuals say at each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.fitting.autoregression import correlations, whitened
from riskcalc.fitting.joint_model import JointModel
from riskcalc.fitting.loss import Huber
from riskcalc.fitting.robust import robust_fit
from riskcalc.fitting.theory_law import TheoryLaw
from riskcalc.fitting.valley import Valley, linear
from riskcalc.quantity import Array, Real

_LEAST_SQUARES = Huber(0.1)  # but for what is far off
_OUTLYING = 4.0  # standard deviations, at which residuals are cut
_TOGETHER = 0.7  # standard deviation of log((b - 1)/(a - 1)) before the records are seen
_COARSE = 10  # places over all time scales
_NEAR = np.array([-5.0, -2.5, -1.2, 0.0, 1.2, 2.5, 5.0])  # standard deviations from the best place
_ITERATIONS, _CLOSE = 8, 4  # from a start, from between two fits
_PASSES = 4
_FAINT = -35.0  # logarithm of what is as good as nothing


@dataclass(frozen=True, kw_only=True, eq=False)
class Together:
    """Log losses with b free, and one record more: that a and b are about alike. size: of the noise of a record."""

    model: JointModel
    size: float

    def values(self, parameters: Real) -> Real:
        return np.column_stack([self.model.values(parameters), parameters @ self._ratio(parameters.shape[1])])

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        values, jacobians = self.model.evaluate(parameters)
        ratio = self._ratio(parameters.shape[1])
        last = np.repeat(ratio[None, None], len(parameters), axis=0)
        return np.column_stack([values, parameters @ ratio]), np.concatenate([jacobians, last], axis=1)

    def _ratio(self, count: int) -> Real:
        row = np.zeros(count)
        row[[self.model.columns, -1]] = -self.size / _TOGETHER, self.size / _TOGETHER
        return row


def valley_of(model: JointModel, best: Real, residuals: Real, *, begins: tuple[int, ...], least: float = 0.0) -> Valley:
    """All time scales that the runs can show and b free, from the best fit and its residuals on; far ones are cut.

    least: error of a record, at least.

    Source: D64.
    """
    held = model.columns + 1
    start = np.maximum(best, _FAINT)
    start[held] = min(start[held], 0.0)
    deviation = max(1.4826 * float(np.median(np.abs(residuals))), least)
    cut = _OUTLYING * deviation
    data = np.append(model.values(best[None])[0] + residuals.clip(-cut, cut), 0.0)
    if start.size == model.columns + 3:  # b = a
        start = np.append(start, start[model.columns])
    every = np.arange(start.size)
    free = Together(model=JointModel(law=TheoryLaw(tied=False), runs=model.runs, columns=model.columns), size=deviation)
    start = _fits(free, data, start[None], every, _ITERATIONS)[0]
    start[held] = min(start[held], 0.0)
    values, jacobian = free.evaluate(start[None] - 1e-3 * (every == held))  # at its bound tau has no derivative
    spread = np.sqrt(np.mean(np.square(data - values[0])))
    width = spread * np.sqrt(np.linalg.pinv(jacobian[0].T @ jacobian[0])[held, held])
    lowest = min(-np.log(max(float(run.total[-1]) for run in model.runs)), start[held], -1.0)
    places = np.concatenate([np.linspace(lowest, 0.0, _COARSE), start[held] + width * _NEAR]).clip(lowest, 0.0)
    starts = free.model.law.beside(start, np.unique(places) - start[held])
    begins = (*begins, residuals.size)
    found = _held(free, data, starts, begins, least, _ITERATIONS)
    for _ in range(_PASSES):
        between = found.between()
        if not len(between):
            break
        found = found.joined(_held(free, data, between, begins, least, _CLOSE))
    return found


def _fits(model: Together, data: Real, starts: Real, free: Array, iterations: int) -> Real:
    rows = np.repeat(data[None], len(starts), axis=0)
    return robust_fit(model, rows, starts, free=free.tolist(), loss=_LEAST_SQUARES, iterations=iterations).parameters


def _held(model: Together, data: Real, starts: Real, begins: tuple[int, ...], least: float, iterations: int) -> Valley:
    """The fits from these starts, log tau held."""
    columns = model.model.columns
    others = np.delete(np.arange(starts.shape[1]), columns + 1)
    parameters = np.maximum(_fits(model, data, starts, others, iterations), _FAINT)
    values, jacobians = model.evaluate(parameters)
    there = np.isfinite(values).all(axis=1)  # far off a law may end
    parameters, values, jacobians = parameters[there], values[there], jacobians[there]
    moves = linear(jacobians, parameters[:, None], columns)
    spare = max(1, data.size - starts.shape[1])
    told = [_conditional(data - value, move, begins, spare, least) for value, move in zip(values, moves, strict=True)]
    likelihood, steps, roots = (np.array(part) for part in zip(*told, strict=True))
    return Valley(columns=columns, parameters=parameters, likelihood=likelihood, steps=steps, roots=roots, spare=spare)


def _conditional(
    residuals: Real, jacobian: Real, begins: tuple[int, ...], spare: int, least: float
) -> tuple[Real, Real, Real]:
    """For each correlation: the log likelihood, the step of least squares, and a root of its covariance."""
    grid, before = correlations(spare)
    columns = np.column_stack([jacobian, residuals])
    white = np.array([whitened(columns, phi, begins) for phi in grid])
    basis, triangle = np.linalg.qr(white[:, :, :-1])
    across = np.einsum("cnp,cn->cp", basis, white[:, :, -1])
    left = np.square(white[:, :, -1]).sum(axis=1) - np.square(across).sum(axis=1)
    known = (1 + grid**2) / (1 - grid**2) * least**2  # of independent errors, made as the noise is independent
    left = np.maximum(left, spare * known + np.finfo(np.float64).tiny)
    sizes = np.abs(np.diagonal(triangle, axis1=1, axis2=2))
    determinant = np.log(np.maximum(sizes, 1e-300)).sum(axis=1)
    determinant += (residuals.size - len(begins)) / 2 * np.log1p(-(grid**2))
    inverse = np.linalg.pinv(triangle)
    likelihood = np.log(before) - determinant - spare / 2 * np.log(left)
    return likelihood, np.einsum("cpq,cq->cp", inverse, across), inverse * np.sqrt(left / spare)[:, None, None]
