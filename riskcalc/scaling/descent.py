"""The minimum of a loss over what is chosen, inside linear limits, at one budget."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.scaling.loss import Loss, Values

_ROUNDS, _HALVINGS = 300, 60
_ACCURACY, _TIGHT = 1e-10, 1e-9
_FLATTEST = 1e-9  # curvature below which a direction counts as flat


@dataclass(frozen=True, kw_only=True)
class Limits:
    """rows w <= sides, w = (l, z); held: directions of z that are not moved."""

    rows: Values
    sides: Values
    held: Values


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """value: log of the loss; slope: its derivative in l along the minimum; z and its derivative moved."""

    z: Values
    value: float
    slope: float
    moved: Values


def minimum(loss: Loss, log_budget: float, start: Values, limits: Limits) -> Minimum:
    """Newton's method on the limits that bind, which are taken up where a step meets them and left by their forces.

    Formula: with N a basis of the directions along the binding limits A z = c - a l, z' = p + N y, A p = -a,
        N^T H N y = -N^T (H_lz + H p); the loss falls at dL/dl + g p (envelope theorem).
    Source: derivation D46.
    """
    z, binding = _inside(log_budget, start, limits), list[int]()
    value = loss.value(_joined(log_budget, z))
    for _ in range(_ROUNDS):
        _, gradient, hessian = loss.derivatives(_joined(log_budget, z))
        rows = limits.rows[binding, 1:]
        free = _free(np.concatenate([rows, limits.held]), len(z))
        step = _newton(free, gradient[1:], hessian[1:, 1:], longest=2 + 0.1 * log_budget)
        moved = _step(loss, log_budget, z, step, limits, binding, value)
        if moved is None:
            weakest = _loosened(rows, limits.held, gradient[1:])
            if weakest is None:
                return _followed(log_budget, z, value, gradient, hessian, limits, binding)
            binding.pop(weakest)
            continue
        z, value, met = moved
        binding += [] if met is None else [met]
    raise ToleranceNotMet(f"no optimum of the terms was found at budget 1e{log_budget / math.log(10):.4g}")


def _inside(log_budget: float, start: Values, limits: Limits) -> Values:
    """The start, moved where constants in the limits leave it outside."""
    z = start.copy()
    for _ in range(200):
        over = limits.rows @ _joined(log_budget, z) - limits.sides
        worst = int(np.argmax(over)) if len(over) else 0
        if not len(over) or over[worst] <= 0:
            return z
        row = limits.rows[worst, 1:]
        if not row.any():
            break
        z -= row * (over[worst] + 1e-6) / (row @ row)
    raise ToleranceNotMet(f"nothing can be chosen at budget 1e{log_budget / math.log(10):.4g}")


def _newton(free: Values, gradient: Values, hessian: Values, *, longest: float) -> Values:
    """A step along the free directions; zero at a stationary place."""
    slope = free.T @ gradient
    if not slope.size or np.abs(slope).max() < _ACCURACY:
        return np.zeros(len(gradient))
    values, vectors = np.linalg.eigh(free.T @ hessian @ free)
    step = -vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), _FLATTEST))
    return np.asarray(free @ (step / max(1.0, float(np.abs(step).max()) / longest)))


def _step(
    loss: Loss, log_budget: float, z: Values, step: Values, limits: Limits, binding: list[int], value: float
) -> tuple[Values, float, int | None] | None:
    """Where the step leads, the loss there and the limit that it meets; None where the loss does not fall."""
    if not step.any():
        return None
    room = limits.sides - limits.rows @ _joined(log_budget, z)
    pace = limits.rows[:, 1:] @ step
    scale, met = 1.0, None
    for row in range(len(pace)):
        if row not in binding and pace[row] > 1e-14 and max(room[row], 0.0) / pace[row] < scale:
            scale, met = max(room[row], 0.0) / pace[row], row
    if met is not None and scale * float(np.abs(step).max()) < 1e-12:
        return z, value, met
    for _ in range(_HALVINGS):
        there = z + scale * step
        trial = loss.value(_joined(log_budget, there))
        if trial < value:
            return there, trial, met
        scale, met = scale / 2, None
    return None


def _loosened(rows: Values, held: Values, gradient: Values) -> int | None:
    """The binding limit that pulls, if any: the loss falls on leaving it."""
    if not len(rows):
        return None
    forces = np.linalg.lstsq(np.concatenate([rows, held]).T, -gradient, rcond=None)[0][: len(rows)]
    weakest = int(np.argmin(forces))
    return weakest if forces[weakest] < -_TIGHT else None


def _followed(
    log_budget: float,
    z: Values,
    value: float,
    gradient: Values,
    hessian: Values,
    limits: Limits,
    binding: list[int],
) -> Minimum:
    """How the minimum moves with the budget."""
    rows = np.concatenate([limits.rows[binding, 1:], limits.held])
    pushed = np.concatenate([-limits.rows[binding, 0], np.zeros(len(limits.held))])
    along = np.linalg.lstsq(rows, pushed, rcond=None)[0] if len(rows) else np.zeros(len(z))
    free = _free(rows, len(z))
    moved = along
    if free.size:
        mixed = free.T @ (hessian[1:, 0] + hessian[1:, 1:] @ along)
        moved = along + free @ np.linalg.lstsq(free.T @ hessian[1:, 1:] @ free, -mixed, rcond=1e-11)[0]
    return Minimum(z=z, value=value, slope=float(gradient[0] + gradient[1:] @ along), moved=moved)


def _free(rows: Values, size: int) -> Values:
    """A basis of the directions orthogonal to rows."""
    if not len(rows):
        return np.eye(size)
    _, sizes, turned = np.linalg.svd(rows, full_matrices=True)
    return np.asarray(turned[int((sizes > 1e-12).sum()) :].T)


def _joined(log_budget: float, z: Values) -> Values:
    return np.concatenate([[log_budget], z])
