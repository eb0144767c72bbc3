"""The theory's law of a loss curve under a schedule: SGD's modes, each by the exact factors of its steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from riskcalc.fitting.run_times import RunTimes, side_by_side
from riskcalc.quantity import Real

_SINGLE = 8  # modes j = 1, 2, ... taken one by one; beyond them integrals in log j
_NODES = 4  # of a Gauss rule on each e-fold beyond
_AT_ONCE = 20_000  # factors of modes and pieces: more leave a processor's cache
_STILL = 1e-2  # a mode that falls by less does so linearly in time


@dataclass(frozen=True, kw_only=True)
class TheoryLaw:
    """L = L_inf + sum_j x_j, x_j the modes of SGD: each step takes from them, and L feeds them.

    Formula: x_j <- (1 - 2y + (1 + 1/B) y^2) x_j + (y^2/B) L, y = tau g j^-a, from x_j = S j^-b on. Over a piece of
        constant g the factors are powers, and L moves linearly.
    Valid: tau <= 1, up to which a mode falls the faster the larger the step, and a share below 1, above which the loss
        grows without end; nan beyond.
    Shape: log(a - 1), log tau, log of zeta(a) tau/(2B), the share that small steps would feed, and log(b - 1) where it
        is free.
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
        """tau."""
        return float(np.exp(min(shape[1], 0.0)))

    def share(self, shape: Real) -> float:
        """The part of the loss that a constant largest step size feeds, in the end.

        Formula: kappa = sum_j y_j/(B (2 - (1 + 1/B) y_j)), y_j = tau j^-a.
        """
        modes = self._modes(np.asarray(shape, dtype=np.float64)[None], 1.0)
        head = modes.weights * modes.steps / (2 - modes.steps * (1 + modes.noise))
        beyond = self.scale(shape) * modes.beyond(modes.a) / 2
        return float((modes.noise * (head.sum(axis=1) + beyond))[0, 0])

    def beside(self, parameters: Real, shifts: Real) -> Real:
        """Other time scales: of late times S tau^-s is what is seen."""
        a, b = self.exponents(parameters[2:])
        found = np.repeat(parameters[None], len(shifts), axis=0)
        found[:, 3] = np.minimum(found[:, 3] + shifts, 0.0)
        found[:, 1] += (b - 1) / a * (found[:, 3] - parameters[3])
        return found

    def design(self, runs: Sequence[RunTimes], shapes: Real) -> Real:
        """The columns of L_inf and S at the records of all runs, shape (shapes, records, 2)."""
        sizes, counts = side_by_side(runs)
        times = np.concatenate([np.zeros((1, len(runs))), np.cumsum(sizes * counts, axis=0)])
        modes = self._modes(shapes, float(times[-1].max()))
        excess = np.zeros((2, len(shapes), len(runs), modes.weights.size))
        excess[1] = (modes.weights * modes.places ** -modes.b[:, None])[:, None]
        losses = modes.still(times)
        every = np.ones(modes.weights.size)
        losses[0] += excess @ every
        at_once = max(1, _AT_ONCE // (excess.size // 2))
        for begin in range(0, len(sizes), at_once):
            block = slice(begin, begin + at_once)
            kept, gained = modes.factors(sizes[block], counts[block])
            feeding = gained.sum(axis=-1)
            # the steps of a piece see L from its first edge to just before its last
            first = 0.5 + 0.5 / counts[block, None]
            last = 1 - first
            from_first, solved = first * feeding, 1 / (1 - last * feeding)
            for place in range(len(kept)):
                before, after = losses[begin + place], losses[begin + place + 1]
                excess *= kept[place]
                after += excess @ every
                after += from_first[place] * before
                after *= solved[place]
                excess += gained[place] * (first[place] * before + last[place] * after)[..., None]
        return np.concatenate([losses[run.ends, :, :, row] for row, run in enumerate(runs)]).transpose(2, 0, 1)

    def _modes(self, shapes: Real, longest: float) -> Modes:
        from scipy.special import zeta

        a = 1 + np.exp(shapes[:, 0])
        tau = np.exp(np.minimum(shapes[:, 1], 0.0))
        share = np.where(shapes[:, 2] < 0.0, np.exp(shapes[:, 2]), np.nan)
        moved = np.nan_to_num(np.log1p(tau * longest / _STILL) / a)  # a search may ask for anything
        places, weights = _rule(max(3, math.ceil(moved.max())))
        return Modes(
            a=a,
            b=a if self.tied else 1 + np.exp(shapes[:, 3]),
            noise=(2 * share / (tau * zeta(a)))[:, None],
            places=places,
            weights=weights,
            steps=tau[:, None] * places ** -a[:, None],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class Modes:
    """Of each of several shapes: a, b, (shapes,); noise 1/B, (shapes, 1); steps tau j^-a, (shapes, modes).

    places, weights: j, and how many modes each stands for in a sum; from the last place on modes hardly move.
    """

    a: Real
    b: Real
    noise: Real
    places: Real
    weights: Real
    steps: Real

    def beyond(self, power: Real) -> Real:
        """The sum of j^-power over the modes that hardly move."""
        return np.asarray(self.places[-1] ** (1 - power) / (power - 1))

    def factors(self, sizes: Real, counts: Real) -> tuple[Real, Real]:
        """What pieces of constant step size, (pieces, runs), leave of each mode, and what L there adds to it.

        Formula: q^n and (1 - q^n)/(1 - q) y^2/B, q = 1 - 2y + (1 + 1/B) y^2: (pieces, shapes, runs, modes).
        """
        steps = self.steps[:, None] * sizes[:, None, :, None]
        slack = 2 - steps * (1 + self.noise[:, None])
        kept = np.exp(counts[:, None, :, None] * np.log(1 - steps * slack))
        return kept, (1 - kept) * steps * (self.noise * self.weights)[:, None] / slack

    def still(self, times: Real) -> Real:
        """1, and the modes that hardly move, at sums of step sizes (edges, runs): (edges, 2, shapes, runs)."""
        found = np.ones((len(times), 2, self.a.size, times.shape[1]))
        fallen = 2 * self.steps[:, 0] * self.beyond(self.a + self.b)
        found[:, 1] = self.beyond(self.b)[:, None] - fallen[:, None] * times[:, None]
        return found


@lru_cache
def _rule(folds: int) -> tuple[Real, Real]:
    """Places j and weights of a sum over modes: one by one, then so many e-folds, of which the last place is the end.

    Formula: sum_(j > J) f(j) = int_(J + 1/2) f dj + f'(J + 1/2)/24 - ..., f' the difference of its neighbours.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    begins = np.log(_SINGLE + 0.5) + np.arange(folds)
    within = np.exp((begins[:, None] + (nodes + 1) / 2).ravel())
    one_by_one = np.ones(_SINGLE + 1)
    one_by_one[-2:] = 1 - 1 / 24, 1 / 24
    places = np.concatenate([np.arange(1.0, _SINGLE + 2), within, [np.exp(begins[-1] + 1)]])
    return places, np.concatenate([one_by_one, within * np.tile(weights / 2, folds), [0.0]])
