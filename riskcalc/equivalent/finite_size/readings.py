"""Where a generating function is read for a run of times: nodes zeta, and weights that make of its values there f(t).

Formula: f(t) = 2 Re sum_k w_k(t) f^(zeta_k). Late times are read on the modified cotangent contour, early ones on a
circle |zeta| = rho with rho^n far below rounding, n nodes. Source: D03, D52.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from riskcalc.numeric.inversion import cotangent, windows
from riskcalc.quantity import Complex, Real

_EARLY = 40  # steps, up to which times are read on circles
_CIRCLES = (8, _EARLY)  # last times of the circles
_LEAST = 48  # nodes of a circle
_LEFT = 1e-15  # rho^n


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """zeta, gap (1 - zeta): shape (nodes,). weights: (nodes, times). places: of these times among all."""

    zeta: Complex
    gap: Complex
    weights: Complex
    places: slice


def readings(times: Real, *, nodes: int) -> Iterator[Reading]:
    """Readings for all of these ascending times; nodes: of each cotangent contour, circles in proportion."""
    first, early = 0, int(np.searchsorted(times, _EARLY, side="right"))
    for last in _CIRCLES:
        stop = int(np.searchsorted(times, last, side="right"))
        if stop > first:
            yield _circle(times[first:stop], nodes=nodes, places=slice(first, stop))
        first = stop
    for start, part in windows(times[early:]):
        contour = cotangent(start=start, nodes=nodes)
        places = slice(early + part.start, early + part.stop)
        yield Reading(
            zeta=np.exp(-contour.nodes),
            gap=-np.expm1(-contour.nodes),
            weights=np.exp(contour.nodes[:, None] * times[places]) * contour.weights[:, None],
            places=places,
        )


def _circle(times: Real, *, nodes: int, places: slice) -> Reading:
    """n about eight times the last time keeps rho^-t below some hundred."""
    count = 2 * int(nodes * max(_LEAST, 8 * times[-1]) / 56)
    angle = 2 * np.pi * (np.arange(count // 2) + 0.5) / count
    rate = -np.log(_LEFT) / count
    p = rate - 1j * angle
    return Reading(
        zeta=np.exp(-p), gap=-np.expm1(-p), weights=np.exp(p[:, None] * times) / count, places=places
    )
