"""Limits of what curves say, over all of the valley of fits in which the time scale is hardly determined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from riskcalc.fitting.autoregression import correlations
from riskcalc.quantity import Real

_APART = 2.0  # change of the log likelihood from place to place, from which on it is followed closer
_LITTLE = 7.0  # below the largest log likelihood: too little to be followed
_FINE = 8  # places between two fits
_UNLIKELY = 1e-5  # weight, relative to the largest, below which a place and correlation are left out
_BUMP = 1e-4
_AT_ONCE = 50  # statistics
_HALVINGS = 50
_LEAST = 1e-12  # of the range of a statistic: its deviation where the time scale alone says what it is
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
        parts = [slice(first, first + _AT_ONCE) for first in range(0, values.shape[1], _AT_ONCE)]
        ends = [self._limits(values[:, part], gradients[:, part], level) for part in parts]
        return np.concatenate([low for low, _ in ends]), np.concatenate([high for _, high in ends])

    def _limits(self, values: Real, gradients: Real, level: float) -> tuple[Real, Real]:
        from scipy.interpolate import PchipInterpolator
        from scipy.stats import t

        with np.errstate(all="ignore"):
            moves = linear(gradients, self.parameters[:, None], self.columns)
            centres = values[:, None] + np.einsum("mkp,mcp->mck", moves, self.steps)
            spreads = np.sqrt(np.square(np.einsum("mkp,mcpq->mckq", moves, self.roots)).sum(axis=-1))
        there = np.isfinite(centres).all(axis=(1, 2)) & np.isfinite(spreads).all(axis=(1, 2))
        places = self.places[there]
        if places.size < 2:  # nothing is known
            return np.full(values.shape[1], -np.inf), np.full(values.shape[1], np.inf)
        fine = np.unique(np.linspace(places[:-1], places[1:], _FINE + 1))
        likelihood, centres, spreads = (
            PchipInterpolator(places, along[there])(fine) for along in (self.likelihood, centres, spreads)
        )
        width = np.diff(fine, prepend=fine[0], append=fine[-1])
        weights = np.exp(likelihood - likelihood.max()) * (width[1:] + width[:-1])[:, None]
        kept = weights > _UNLIKELY * weights.max()
        weights, centres = weights[kept] / weights[kept].sum(), centres[kept]
        spreads = np.maximum(spreads[kept], _LEAST * np.ptp(centres, axis=0) + np.finfo(np.float64).tiny)
        below = t.cdf(_TABLE, self.spare)

        def quantile(chance: float) -> Real:
            widest = t.isf(min(chance, 1 - chance) / 2, self.spare) * spreads
            low, high = (centres - widest).min(axis=0), (centres + widest).max(axis=0)
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                less = weights @ np.interp((middle - centres) / spreads, _TABLE, below) < chance
                low, high = np.where(less, middle, low), np.where(less, high, middle)
            return np.asarray((low + high) / 2)

        return quantile((1 - level) / 2), quantile((1 + level) / 2)

    def told(self, value: Callable[[Real], Real]) -> tuple[Real, Real]:
        """Statistics (k,) of parameters at every place, and their derivatives."""
        values = np.array([value(row) for row in self.parameters])
        bumps = _BUMP * np.eye(self.parameters.shape[1])
        moved = np.array([[value(row + bump) for bump in bumps] for row in self.parameters])
        with np.errstate(invalid="ignore"):  # of what has no end somewhere
            return values, (moved - values[:, None]).transpose(0, 2, 1) / _BUMP

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
        _, order = np.unique(both["parameters"][:, self.columns + 1], return_index=True)
        return Valley(columns=self.columns, spare=self.spare, **{name: along[order] for name, along in both.items()})


def linear(derivatives: Real, parameters: Real, columns: int) -> Real:
    """By coefficients and share, in which log L is nearly linear, instead of their logarithms; without log tau."""
    by = derivatives.copy()
    for place in (*range(columns), columns + 2):
        by[..., place] /= np.exp(parameters[..., place])
    return np.delete(by, columns + 1, axis=-1)
