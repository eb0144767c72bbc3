"""Inverse generating functions by the modified cotangent contour.

Formula: f(t) = (1/2 pi i) int F(exp(-p)) exp(p t) dp, p(theta) = (n/T)(0.5017 theta cot(0.6407 theta) - 0.6122
+ 0.2645 i theta), theta in (-pi, pi), midpoint rule with n nodes. One contour serves the times from T0 to
WINDOW * T0. Valid for T0 of about 30 or more, and where the singularities log q lie inside: within about 0.5 rad of
the negative axis. Source: contour of Trefethen, Weideman and Schmelzer, BIT 46 (2006) 653; D03.

Singularities that lie higher, |Im log q| <= w at any real part up to 0, are left behind by a contour that first goes
straight up, T0 p(u) = 3 (1 - cosh(u/4)/cosh(w T0/4 + 2)) + i u, at the price of nodes in proportion to w T0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from riskcalc.quantity import Complex, Real

WINDOW = 1.5
_FRONT, _BEND, _LEAD = 3.0, 4.0, 2.0  # of the upright contour: its real part, and how it bends at its ends
_HIGHER = 1.15  # than what it leaves behind, at the density below
_GONE = 45.0  # what lies beyond is exp(-40) of the whole
_STEP, _DENSITY = 0.45, 30.0  # between nodes, where as many are asked
_PI = "3.141592653589793238462643383279502884"


@dataclass(frozen=True, kw_only=True)
class Cotangent:
    """Nodes p in the upper half plane with weights dp/(2 pi i); conjugates are understood."""

    nodes: Complex
    weights: Complex

    def invert(self, transform: Complex, times: Real) -> Real:
        """f(t) at `times` of a transform with f real, given at the nodes (last axis)."""
        kernel = np.exp(self.nodes[:, None] * times) * self.weights[:, None]
        return 2 * np.real(transform @ kernel)


def cotangent(*, start: float, nodes: int, stretch: float = 1.3, real: type = np.float64) -> Cotangent:
    """The contour for times from `start` to WINDOW * start; `nodes` counts both halves and is even.

    real: the floats it is formed in.
    """
    unit = _unit(nodes, real)
    scale = nodes / (real(stretch) * real(start))
    return Cotangent(nodes=scale * unit.nodes, weights=scale * unit.weights)


def upright(*, start: float, extent: float, nodes: int, real: type = np.float64) -> Cotangent:
    """The contour that leaves behind what turns round by up to `extent` a step, for times as in `cotangent`.

    nodes: as many of them as there the density stands for; one with more of them is also a little higher.
    """
    density = real(nodes) / _DENSITY
    bend = _HIGHER * density * real(extent) * real(start) / _BEND + _LEAD
    end = _BEND * (bend + np.log(real(_GONE / _FRONT)))
    count = int(np.ceil(end * density / _STEP))
    u = (np.arange(count, dtype=real) + real(0.5)) * (end / count)
    rise, fall = np.exp(u / _BEND - bend), np.exp(-u / _BEND - bend)
    scale = 1 + np.exp(-2 * bend)
    p = _FRONT * (1 - (rise + fall) / scale) + 1j * u
    slope = -_FRONT / _BEND * (rise - fall) / scale + 1j
    return Cotangent(nodes=p / real(start), weights=slope * (end / count) / (2j * real(_PI) * real(start)))


@lru_cache
def _unit(nodes: int, real: type) -> Cotangent:
    """Where n/T = 1."""
    theta = (2 * np.arange(nodes // 2, dtype=real) + 1) * real(_PI) / nodes
    wide, turn, shift, high = (real(constant) for constant in (0.5017, 0.6407, 0.6122, 0.2645))
    tangent, sine = np.tan(turn * theta), np.sin(turn * theta)
    p = wide * theta / tangent - shift + 1j * high * theta
    slope = wide / tangent - wide * turn * theta / sine**2 + 1j * high
    return Cotangent(nodes=p, weights=slope / (1j * nodes))


def windows(times: Real) -> list[tuple[float, slice]]:
    """Ascending times cut into runs that one contour serves: (first time, slice)."""
    cuts, first = [], 0
    while first < times.size:
        last = int(np.searchsorted(times, WINDOW * times[first], side="right"))
        cuts.append((float(times[first]), slice(first, last)))
        first = last
    return cuts
