"""Sums of power laws in logarithms: a curve's terms and floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskcalc.quantity import Real


@dataclass(frozen=True, kw_only=True, eq=False)
class PowerSum:
    """log of a sum of parts, the logarithm of each linear in the parameters.

    Formula: log E = log sum_k exp(design[k] @ parameters).
    design: shape (parts, points, parameters). names: of the parameters.
    """

    design: Real
    names: tuple[str, ...]

    def parts(self, parameters: Real) -> Real:
        """The parts themselves, shape (sets, parts, points), for parameters of shape (sets, parameters)."""
        return np.asarray(np.exp(self._logarithms(parameters)))

    def values(self, parameters: Real) -> Real:
        """log E, shape (sets, points)."""
        return log_of_sum(self._logarithms(parameters))

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        """log E and its Jacobian, shapes (sets, points) and (sets, points, parameters)."""
        logarithms = self._logarithms(parameters)
        total = log_of_sum(logarithms)
        shares = np.exp(logarithms - total[:, None, :])
        # (points, sets, parts) @ (points, parts, parameters): a product a point, much faster than one einsum
        jacobian = shares.transpose(2, 0, 1) @ self.design.transpose(1, 0, 2)
        return total, np.ascontiguousarray(jacobian.transpose(1, 0, 2))

    def index(self, name: str) -> int:
        return self.names.index(name)

    def _logarithms(self, parameters: Real) -> Real:
        # A part that is switched off has the logarithm -inf, and -inf times a zero of the design must stay 0.
        off = np.isneginf(parameters)
        parts, points, count = self.design.shape
        flat = np.where(off, 0.0, parameters) @ self.design.reshape(parts * points, count).T
        found = flat.reshape(len(parameters), parts, points)
        for column in np.flatnonzero(off.any(axis=0)):
            used = np.any(self.design[:, :, column] != 0, axis=1)
            found[np.ix_(off[:, column], used)] = -np.inf
        return np.asarray(found)


def term_names(terms: int) -> tuple[str, ...]:
    """Parameters of a curve of that many terms: logarithm of the size, exponent and drift of each; log floor.

    >>> term_names(1)
    ('size1', 'exponent1', 'drift1', 'floor')
    """
    each = [f"{name}{term}" for term in range(1, terms + 1) for name in ("size", "exponent", "drift")]
    return (*each, "floor")


def curve_sum(steps: Real, *, terms: int) -> PowerSum:
    """Power laws of the steps, each with a drift, over a floor.

    Formula: E = floor + sum_k exp(size_k - exponent_k x - drift_k x^2 / (2 W)), x = log(t) - centre, where
    centre and W are the middle and the width of the window in log t. The local exponent of term k is
    exponent_k + drift_k x / W: it changes by drift_k from the first step to the last.
    """
    x, width = centred(steps)
    names = term_names(terms)
    design = np.zeros((terms + 1, len(steps), len(names)))
    for term in range(terms):
        design[term, :, 3 * term : 3 * term + 3] = np.column_stack([np.ones_like(x), -x, -(x**2) / (2 * width)])
    design[terms, :, -1] = 1.0
    return PowerSum(design=design, names=names)


def centred(steps: Real) -> tuple[Real, float]:
    """log t less the middle of its range, and the width of that range."""
    logarithms = np.log(steps)
    low, high = float(logarithms.min()), float(logarithms.max())
    return logarithms - (low + high) / 2, high - low


def columns(model: PowerSum, names: Sequence[str]) -> tuple[int, ...]:
    """The places of these parameters."""
    return tuple(model.index(name) for name in names)


def log_of_sum(logarithms: Real) -> Real:
    """Of the parts along axis 1."""
    largest = logarithms.max(axis=1)
    return np.asarray(largest + np.log(np.exp(logarithms - largest[:, None, :]).sum(axis=1)))
