"""Robust nonlinear least squares for many data sets at once: bootstrap samples share every matrix product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from riskcalc.fitting.loss import Loss
from riskcalc.quantity import Real

_ITERATIONS = 1000  # of a loss of small scale, which is nearly absolute values, the last ones gain little each
_ON_THE_WAY = 40  # of a fit that only leads to the next
_FINALISTS = 4
_DAMPING = 1e-3
_LEAST_DAMPING = 1e-12  # without it two terms that coincide leave a singular matrix
_MOST_DAMPING = 1e12
_LONGEST_STEP = 3.0  # in logarithms and exponents: beyond it the model of the model means nothing
_SMALLEST_STEP = 1e-8, 1e-5  # and in widths of the loss: a kink that is narrower than a step is stepped over
_SMALLEST_GAIN = 1e-13  # relative; below it the cost is at its minimum as far as rounding shows
_LEAST_CURVATURE = 0.2
_STALLED = 1e-6, 1e-3  # the same two of a step that finds no lower cost: so small a one is at a minimum
_FREE = 1e-2  # damping up to which a step is nearly Newton's, so that a small one means a minimum
_ROUNDING = 1e-14  # of a logarithm: residuals of exact data need be no smaller


@dataclass(frozen=True, kw_only=True, eq=False)
class RobustFit:
    """parameters: shape (sets, parameters). cost: the minimum, shape (sets,). converged: shape (sets,)."""

    parameters: Real
    cost: Real
    converged: NDArray[np.bool_]


class Model(Protocol):
    """Logarithms of a positive quantity at points, by its parameters."""

    def values(self, parameters: Real) -> Real:
        """Shape (sets, points) for parameters of shape (sets, parameters)."""

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        """The same, and the Jacobian, shape (sets, points, parameters)."""


def robust_fit(
    model: Model,
    data: Real,
    start: Real,
    *,
    free: Sequence[int],
    loss: Loss,
    weights: Real | None = None,
    iterations: int = _ITERATIONS,
) -> RobustFit:
    """Minimise sum_t weight loss(data - model) for each row of `data`, by Levenberg-Marquardt from `start`.

    data: logarithms, shape (sets, points). start: shape (sets, parameters). free: the parameters that move; the
    others stay at their start. weights: of the points, shape (sets, points), such as how often a resample has them.
    """
    count = np.ones(data.shape) if weights is None else weights
    parameters = np.array(start, dtype=np.float64)
    moving = np.array(free, dtype=np.intp)
    predicted, jacobian = model.evaluate(parameters)
    cost = (count * loss.value(data - predicted)).sum(axis=1)
    damping = np.full(len(data), _DAMPING)
    shortest, stalled = (min(length, share * _width(loss)) for length, share in (_SMALLEST_STEP, _STALLED))
    exact = loss.value(_ROUNDING * (1 + np.abs(data))).sum(axis=1)
    converged = np.zeros(len(data), dtype=np.bool_)
    for _ in range(iterations):
        active = np.flatnonzero(~converged & (damping < _MOST_DAMPING))
        if active.size == 0:
            break
        step = _step(jacobian[active][:, :, moving], (data - predicted)[active], damping[active], loss, count[active])
        trial = parameters[active]
        trial[:, moving] += step
        trial_predicted, trial_jacobian = model.evaluate(trial)
        trial_cost = (count[active] * loss.value(data[active] - trial_predicted)).sum(axis=1)
        trial_cost = np.where(np.isfinite(trial_cost), trial_cost, np.inf)
        gain, length = cost[active] - trial_cost, np.abs(step).max(axis=1)
        better = gain > 0
        # A step that damping has made small says nothing, unless not even it finds less.
        newton = damping[active] <= _FREE
        small = (length <= shortest) | (better & (gain <= _SMALLEST_GAIN * cost[active]))
        converged[active] = (newton & small) | (~better & (length <= stalled)) | (trial_cost <= exact[active])
        rows = active[better]
        parameters[rows], predicted[rows] = trial[better], trial_predicted[better]
        jacobian[rows], cost[rows] = trial_jacobian[better], trial_cost[better]
        damping[active] *= np.where(better, 0.1, 10.0)
    return RobustFit(parameters=parameters, cost=cost, converged=converged)


def robust_descent(model: Model, data: Real, starts: Real, *, free: Sequence[int], loss: Loss) -> RobustFit:
    """The best minima for one data set from many starts: through wider losses, each from where the one before ended.

    On the way nothing has to converge, and only the best few go on to the end. data: shape (points,).
    """
    for wider in (*loss.wider(), loss):
        every = np.repeat(data[None], len(starts), axis=0)
        found = robust_fit(model, every, starts, free=free, loss=wider, iterations=_ON_THE_WAY)
        starts = found.parameters[np.argsort(np.where(np.isfinite(found.cost), found.cost, np.inf))]
    few = starts[:_FINALISTS]
    return robust_fit(model, np.repeat(data[None], len(few), axis=0), few, free=free, loss=loss)


def sensitivity(model: Model, parameters: Real, data: Real, *, free: Sequence[int], loss: Loss) -> Real:
    """How the fitted parameters answer to a change of the data, shape (sets, free parameters, points).

    Formula: (J' D J)^+ J' D, D the second derivative of the loss. What the curvature of the model adds, in
    proportion to the residuals, is left out.
    """
    predicted, jacobian = model.evaluate(parameters)
    moving = jacobian[:, :, np.array(free, dtype=np.intp)]
    curvature = loss.curvature(data - predicted)
    weighted = moving * curvature[:, :, None]
    normal = weighted.transpose(0, 2, 1) @ moving
    return np.asarray(np.linalg.pinv(normal, hermitian=True) @ weighted.transpose(0, 2, 1))


def _width(loss: Loss) -> float:
    """The residual, at most 1, up to which the loss is nearly a square."""
    sizes = np.geomspace(1e-15, 1.0, 151)
    return float(sizes[loss.weight(sizes) >= 0.5].max(initial=sizes[0]))


def _step(jacobian: Real, residuals: Real, damping: Real, loss: Loss, count: Real) -> Real:
    weights = count * loss.weight(residuals)
    # Newton's second derivatives near the minimum; far from it, where they vanish, a share of the weights.
    curvature = np.maximum(count * loss.curvature(residuals), _LEAST_CURVATURE * weights)
    normal = (jacobian * curvature[:, :, None]).transpose(0, 2, 1) @ jacobian
    gradient = jacobian.transpose(0, 2, 1) @ (weights * residuals)[:, :, None]
    diagonal = np.einsum("sii->si", normal)
    # A parameter without influence has an empty column; the damping keeps it where it is.
    smallest = 1e-14 * diagonal.max(axis=1, keepdims=True) + 1e-200
    raised = np.maximum(diagonal, smallest) * np.maximum(damping, _LEAST_DAMPING)[:, None]
    damped = normal + raised[:, :, None] * np.eye(normal.shape[-1])
    step = np.linalg.solve(damped, gradient)[:, :, 0]
    length = np.abs(step).max(axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, _LONGEST_STEP / np.maximum(length, np.finfo(np.float64).tiny)))
