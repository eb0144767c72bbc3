"""Laws of a loss curve under a schedule: the theory's kernels, and two published laws from their formulas."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import ClassVar, Protocol

import numpy as np

from riskcalc.fitting.run_times import RunTimes
from riskcalc.quantity import Real

_SINGLE = 16  # modes j = 1, 2, ... taken one by one; beyond them integrals in log j
_NODES = 12  # of a Gauss rule on each e-fold beyond
_TABLE = 400  # entries of a kernel's table


class CurveLaw(Protocol):
    """A loss, linear with coefficients >= 0 in columns that a few more parameters shape.

    Step sizes are in units of the largest one of all curves.
    """

    @property
    def name(self) -> str:
        """For reports."""

    def starts(self, longest: float) -> Real:
        """Of those parameters, shape (starts, parameters); longest: the largest sum of step sizes of a run."""

    def design(self, run: RunTimes, shape: Real) -> Real:
        """The columns at the records, shape (steps, columns)."""


@dataclass(frozen=True, kw_only=True)
class TheoryLaw:
    """L(t) = L_inf + S sum_j j^-b e^(-2 T_t/j^a) + n int K(T_t - T) g L dT: gradient flow, and the noise of its steps.

    Formula: T = tau sum g, K(x) = sum_j j^-2a e^(-2 x/j^a). The loss itself feeds the noise, so this is solved for L at
        the records and between, with the integral over a piece H(T_t - T_end) - H(T_t - T_begin),
        H(x) = sum_j j^-a e^(-2 x/j^a)/2, and L in a piece that of its middle.
    Valid: tau <= 1, the step size at which the first mode is stable.
    Shape: log(a - 1), log tau, log of the share n H(0), and log(b - 1) where it is free.
    tied: b = a, which the source exponent s = (b - 1)/a does not need to be known apart from.
    Source: D63.
    """

    tied: bool

    @property
    def name(self) -> str:
        return "theory, b = a" if self.tied else "theory"

    def starts(self, longest: float) -> Real:
        found = product(np.log([0.3, 0.6, 1.2, 2.0]), np.arange(0.0, 9.0, 2.0) - np.log(longest), np.log([0.02, 0.1]))
        if self.tied:
            return np.array(list(found))
        return np.array([(*row, last) for row in found for last in np.log([0.3, 0.8])])

    def exponents(self, shape: Real) -> tuple[float, float]:
        """a and b."""
        a = 1 + float(np.exp(shape[0]))
        return a, a if self.tied else 1 + float(np.exp(shape[3]))

    def scale(self, shape: Real) -> float:
        """tau; above 1 the first mode would overshoot in each step."""
        return float(np.exp(min(shape[1], 0.0)))

    def share(self, shape: Real) -> float:
        """n H(0): the part of the loss that a constant largest step size feeds, in the end."""
        return float(np.exp(shape[2]))

    def design(self, run: RunTimes, shape: Real) -> Real:
        from scipy.linalg import solve_triangular

        a, b = self.exponents(shape)
        time = run.total * self.scale(shape)
        kernel = _kernels(a, b, math.ceil(math.log1p(float(time[-1]))))
        there = time[run.nodes]
        left = np.zeros((there.size, time.size))
        places, edges = run.before
        left[places, edges] = kernel.noise(there[places] - time[edges])
        fed = np.maximum(np.diff(left, axis=1), 0.0) @ run.feeding  # of earlier nodes alone
        gain = self.share(shape) / float(kernel.noise(np.zeros(1))[0])
        alone = np.column_stack([np.ones_like(there), kernel.bias(there)])
        return np.asarray(solve_triangular(np.eye(there.size) - gain * fed, alone, lower=True)[run.records])


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


@lru_cache
def _gauss() -> tuple[Real, Real]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


@lru_cache(maxsize=16)
def _kernels(a: float, b: float, last: int) -> Kernels:
    """Up to times of about e^last: runs of one fit share them."""
    folds = max(3, math.ceil((last + math.log(1e3)) / a + 1))
    nodes, weights = _gauss()
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

    def starts(self, longest: float) -> Real:
        """log alpha."""
        return np.log([[0.2], [0.35], [0.5], [0.7], [1.0]])

    def design(self, run: RunTimes, shape: Real) -> Real:
        there, moved = run.at_records, np.flatnonzero(run.falls)
        since = np.maximum(run.steps[:, None] - run.pieces.edges[None, 1:-1][:, moved], 0.0)
        annealed = ((1 - self.memory**since) / (1 - self.memory)) @ run.falls[moved]
        return np.column_stack([np.ones_like(there), there ** -float(np.exp(shape[0])), -annealed])


@dataclass(frozen=True, kw_only=True)
class MultiPowerLaw:
    """L = L_0 + A S_1^-alpha - B sum_k (g_(k-1) - g_k) [1 - (1 + C g_k^-gamma S_k)^-beta], S_k the sum of g from k on.

    Source: Luo et al. 2025, equations 1 to 3.
    """

    @property
    def name(self) -> str:
        return "multi-power law"

    def starts(self, longest: float) -> Real:
        """log alpha, log C, log beta, gamma."""
        scales = np.array([0.0, 2.0, 4.0, 6.0]) - np.log(longest)
        return np.array(list(product(np.log([0.25, 0.5, 0.9]), scales, np.log([0.3, 0.7]), (0.4, 1.0))))

    def design(self, run: RunTimes, shape: Real) -> Real:
        there, moved = run.at_records, np.flatnonzero(run.falls)
        since = np.maximum(there[:, None] - run.total[None, 1:-1][:, moved], 0.0)
        after = np.maximum(run.pieces.sizes[1:][moved], 1e-6)
        scaled = 1 + np.exp(shape[1]) * after ** -shape[3] * since
        reduced = (1 - scaled ** -np.exp(shape[2])) @ run.falls[moved]
        return np.column_stack([np.ones_like(there), there ** -float(np.exp(shape[0])), -reduced])
