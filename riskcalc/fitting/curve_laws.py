"""Laws of a loss curve under a schedule: the theory's kernels, and two published laws from their formulas."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Protocol

import numpy as np

from riskcalc.fitting.loss_curves import Pieces
from riskcalc.quantity import Real

_SINGLE = 16  # modes j = 1, 2, ... taken one by one; beyond them integrals in log j
_NODES = 12  # of a Gauss rule on each e-fold beyond
_TABLE = 400  # entries of a kernel's table


class CurveLaw(Protocol):
    """A loss, linear with coefficients >= 0 in columns that a few more parameters shape.

    starts: of those parameters, shape (starts, parameters). Step sizes are in units of the largest one of all curves.
    """

    @property
    def name(self) -> str:
        """For reports."""

    @property
    def starts(self) -> Real:
        """Shape (starts, parameters)."""

    def design(self, pieces: Pieces, steps: Real, shape: Real) -> Real:
        """The columns at these steps, shape (steps, columns)."""


@dataclass(frozen=True, kw_only=True)
class TheoryLaw:
    """L = L_inf + S sum_j j^-b e^(-2 T/j^a) + n V, T = tau sum g: gradient flow of a wide model, and its noise.

    Formula: V(t) = sum over pieces of g [H(T_t - T_end) - H(T_t - T_begin)], H(x) = sum_j j^-a e^(-2 x/j^a)/2, gathered
        by the edges between pieces; every record is one.
    tied: b = a, which the source exponent s = (b - 1)/a does not need to be known apart from.
    Source: D63.
    """

    tied: bool

    @property
    def name(self) -> str:
        return "theory, b = a" if self.tied else "theory"

    @property
    def starts(self) -> Real:
        """log(a - 1), log tau, and log(b - 1) where it is free."""
        rows = [(np.log(a - 1), scale, np.log(a - 1)) for a in (1.5, 2.2) for scale in (-4.0, -1.0)]
        return np.array([row[:2] if self.tied else row for row in rows])

    def exponents(self, shape: Real) -> tuple[float, float]:
        """a and b."""
        a = 1 + float(np.exp(shape[0]))
        return a, a if self.tied else 1 + float(np.exp(shape[2]))

    def design(self, pieces: Pieces, steps: Real, shape: Real) -> Real:
        a, b = self.exponents(shape)
        time = np.concatenate([[0.0], np.cumsum(np.diff(pieces.edges) * pieces.sizes)]) * np.exp(shape[1])
        there = np.interp(steps, pieces.edges, time)
        kernel = _kernels(a, b, math.ceil(math.log1p(float(time[-1]))))
        falls = -np.diff(pieces.sizes)
        moved = np.flatnonzero(falls)
        since = there[:, None] - time[None, 1:-1][:, moved]
        noise = np.where(since > 0, kernel.noise(np.maximum(since, 0.0)), 0.0) @ falls[moved]
        ends = np.searchsorted(pieces.edges, steps) - 1
        noise += pieces.sizes[ends] * kernel.noise(np.zeros(1)) - pieces.sizes[0] * kernel.noise(there)
        return np.column_stack([np.ones_like(there), kernel.bias(there), noise])


@dataclass(frozen=True, kw_only=True, eq=False)
class Kernels:
    """Tables of the two sums over modes at times x, over log(1 + x)."""

    places: Real
    biases: Real
    noises: Real

    def bias(self, times: Real) -> Real:
        return np.exp(np.interp(np.log1p(times), self.places, self.biases))

    def noise(self, times: Real) -> Real:
        return np.exp(np.interp(np.log1p(times), self.places, self.noises))


@lru_cache(maxsize=16)
def _kernels(a: float, b: float, last: int) -> Kernels:
    """Up to times of about e^last: runs of one fit share them."""
    folds = max(3, math.ceil((last + math.log(1e3)) / a + 1))
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    begin = np.log(_SINGLE + 0.5) + np.arange(folds)
    places = np.exp((begin[:, None] + (nodes + 1) / 2).ravel())
    modes = np.concatenate([np.arange(1.0, _SINGLE + 1), places])
    share = np.concatenate([np.ones(_SINGLE), places * np.tile(weights / 2, folds)])
    tail = float(np.exp(begin[-1] + 1))  # modes beyond have not moved
    grid = np.linspace(0.0, last, _TABLE)
    decays = np.exp(-2 * np.outer(np.expm1(grid), modes**-a))
    return Kernels(
        places=grid,
        biases=np.log(decays @ (share * modes**-b) + tail ** (1 - b) / (b - 1)),
        noises=np.log((decays @ (share * modes**-a) + tail ** (1 - a) / (a - 1)) / 2),
    )


@dataclass(frozen=True, kw_only=True)
class MomentumLaw:
    """L = L_0 + A S_1^-alpha - C S_2, S_2 = sum_i sum_(k <= i) (g_(k-1) - g_k) 0.999^(i - k).

    Source: Tissue et al. 2024, equation 1.
    """

    memory: ClassVar[float] = 0.999

    @property
    def name(self) -> str:
        return "momentum law"

    @property
    def starts(self) -> Real:
        """log alpha."""
        return np.log([[0.2], [0.5], [1.0]])

    def design(self, pieces: Pieces, steps: Real, shape: Real) -> Real:
        total = np.concatenate([[0.0], np.cumsum(np.diff(pieces.edges) * pieces.sizes)])
        there = np.interp(steps, pieces.edges, total)
        falls, moved = _falls(pieces), np.flatnonzero(_falls(pieces))
        since = np.maximum(steps[:, None] - pieces.edges[None, 1:-1][:, moved], 0.0)
        annealed = ((1 - self.memory**since) / (1 - self.memory)) @ falls[moved]
        return np.column_stack([np.ones_like(there), there ** -float(np.exp(shape[0])), -annealed])


@dataclass(frozen=True, kw_only=True)
class MultiPowerLaw:
    """L = L_0 + A S_1^-alpha - B sum_k (g_(k-1) - g_k) [1 - (1 + C g_k^-gamma S_k)^-beta], S_k the sum of g from k on.

    Source: Luo et al. 2025, equations 1 to 3.
    """

    @property
    def name(self) -> str:
        return "multi-power law"

    @property
    def starts(self) -> Real:
        """log alpha, log C, log beta, gamma."""
        return np.array([[np.log(0.5), scale, np.log(0.6), 0.6] for scale in (-5.0, -2.0)])

    def design(self, pieces: Pieces, steps: Real, shape: Real) -> Real:
        total = np.concatenate([[0.0], np.cumsum(np.diff(pieces.edges) * pieces.sizes)])
        there = np.interp(steps, pieces.edges, total)
        falls, moved = _falls(pieces), np.flatnonzero(_falls(pieces))
        since = np.maximum(there[:, None] - total[None, 1:-1][:, moved], 0.0)
        after = np.maximum(pieces.sizes[1:][moved], 1e-6)
        scaled = 1 + np.exp(shape[1]) * after ** -shape[3] * since
        reduced = (1 - scaled ** -np.exp(shape[2])) @ falls[moved]
        return np.column_stack([np.ones_like(there), there ** -float(np.exp(shape[0])), -reduced])


def _falls(pieces: Pieces) -> Real:
    """By how much the step size falls where one piece ends and the next begins; a warm-up does not count."""
    falls = -np.diff(pieces.sizes)
    falls[: int(np.argmax(pieces.sizes))] = 0.0
    return np.asarray(falls)
