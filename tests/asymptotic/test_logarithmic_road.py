"""Theorem 4.3 of Lin et al. in the equivalent road itself: spectrum j^-1 log^-a(j+1), isotropic prior, v = oo.

The road takes any spectral sums; here they are summed directly up to a head and integrated beyond it, in log j, on a
path that passes the pole of the summand on the far side. The road's own sum rules hold the sums to account.
"""

import math
from itertools import pairwise

import numpy as np
import pytest

from riskcalc import Constant
from riskcalc.dynamics import respond
from riskcalc.equivalent.landmarks import landmarks
from riskcalc.equivalent.spectral_measure import modes_in_u
from riskcalc.equivalent.sums import Moments

HEAD = 4000
STEP_SIZE = 0.01


class LogarithmicSums:
    """d1, d2 and sig = d1 (isotropic prior) of lambda_j = j^-1 log^-a(j+1)."""

    rank = math.inf
    target_norm = None

    def __init__(self, a):
        self.a = a
        self.largest = 1 / math.log(2) ** a
        self.head = self.eigenvalue(np.log(np.arange(1, HEAD, dtype=float)))

    def eigenvalue(self, s):
        """lambda at log j = s, complex s allowed."""
        return np.exp(-s) / (s + np.log1p(np.exp(-s))) ** self.a

    def total(self, function, top):
        """sum_j function(lambda_j) up to log j = top: a direct sum, its end correction, an integral off the axis."""
        nodes, weights = np.polynomial.legendre.leggauss(24)
        nodes, weights = (nodes + 1) / 2, weights / 2
        corners = [math.log(HEAD), *np.linspace(math.log(HEAD), top, math.ceil(top / 1.5)) - 1j]
        s = np.concatenate([low + (high - low) * nodes for low, high in pairwise(corners)])
        ds = np.concatenate([(high - low) * weights for low, high in pairwise(corners)])
        near = function(self.eigenvalue(np.log(HEAD + np.array([-4.0, 0.0, 4.0]))))
        end = near[1] / 2 - (near[2] - near[0]) / 8 / 12
        return function(self.head).sum() + end + (function(self.eigenvalue(s)) * np.exp(s) * ds).sum()

    def at(self, u):
        points = np.asarray(u, dtype=complex)
        found = np.array([self._at(point) for point in points.ravel()]).T.reshape(2, *points.shape)
        return found[0], found[1], found[0]

    tame_at = at

    def _at(self, u):
        above = u if u.imag >= 0 else u.conjugate()
        top = max(60.0, 48 - math.log(abs(u)))
        d1 = self.total(lambda x: x / (x + above), top) + (top - 1j) ** (1 - self.a) / ((self.a - 1) * above)
        d2 = self.total(lambda x: (x / (x + above)) ** 2, top)
        return (d1, d2) if u.imag >= 0 else (d1.conjugate(), d2.conjugate())

    def moments(self):
        trace = (self.total(lambda x: x, 700.0) + (700 - 1j) ** (1 - self.a) / (self.a - 1)).real
        return Moments(trace=trace, square=self.total(lambda x: x**2, 700.0).real, signal=trace)


@pytest.mark.parametrize("a", [2.0, 3.0])
def test_approximation_and_bias(a):
    """Approximation ~ log^(1-a) M/(a-1) and, at M >> T, excess ~ log^(1-a) T/(a-1). The variance is tested on sums.

    Corrections are of order log log/log: each ratio comes nearer to 1 at every rung, and no faster than that.
    """
    sums = LogarithmicSums(a)
    sizes = [1e3, 1e6, 1e12, 1e18, 1e24]
    marks = [landmarks(sums, size) for size in sizes]
    log_sizes = np.log(sizes)
    gaps = np.array([mark.approximation for mark in marks]) * (a - 1) * log_sizes ** (a - 1) - 1
    assert np.all(gaps > 0)
    assert np.all(np.diff(gaps) < 0)
    scaled = gaps * log_sizes / np.log(log_sizes)
    assert np.all(np.diff(scaled) < 0)  # levels off: the corrections are log log M/log M and smaller
    assert np.all(scaled > (a - 1) * 0.9)

    modes = modes_in_u(sums, sizes[-1], marks[-1], height=0.4, digits=15)
    steps = [10**9, 10**12, 10**15, 10**18]
    response = respond(modes, Constant(STEP_SIZE), steps=tuple(steps), horizon=steps[-1], batch_size=10**6, noise=0.0)
    times = 2 * STEP_SIZE * np.array(steps, dtype=float)
    excess = marks[-1].approximation + response.bias
    gaps = excess * (a - 1) * np.log(times) ** (a - 1) - 1
    assert np.all(gaps > 0)
    assert np.all(np.diff(gaps) < 0)
