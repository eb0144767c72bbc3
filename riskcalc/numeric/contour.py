"""A closed contour round a real segment: an ellipse with the segment's ends as foci.

Formula: y(phi) = centre + A cos(phi) + i h sin(phi), A^2 - h^2 = (half length)^2. The periodic trapezoidal rule on
it converges like exp(-nodes * asinh(h/half length)), and like exp(-nodes * rate) where the integrand stays moderate
on the ellipse widened by exp(rate): round a short segment it is what lies outside that asks for nodes. Source: D02.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.quantity import Complex

_WIDER = math.log(2)  # rate that is relied on outside: an ellipse of twice the height


@dataclass(frozen=True, kw_only=True)
class UpperHalf:
    """Trapezoidal nodes y in the upper half plane and their weights dy; the lower half is their conjugate."""

    nodes: Complex
    weights: Complex


def node_count(*, low: float, high: float, height: float, digits: float) -> int:
    """How many nodes, both halves counted, `ellipse` takes; even."""
    rate = _WIDER if height >= high - low else min(_WIDER, math.asinh(2 * height / (high - low)))
    return 2 * math.ceil(digits * math.log(10) / rate / 2) + 8


def ellipse(*, low: float, high: float, height: float, digits: float) -> UpperHalf:
    """Nodes round [low, high] with imaginary semi-axis `height`, counter-clockwise, enough for `digits` digits."""
    half = (high - low) / 2
    count = node_count(low=low, high=high, height=height, digits=digits)
    angle = 2 * np.pi * (np.arange(count // 2) + 0.5) / count
    wide = math.hypot(half, height)
    return UpperHalf(
        nodes=(low + high) / 2 + wide * np.cos(angle) + 1j * height * np.sin(angle),
        weights=(-wide * np.sin(angle) + 1j * height * np.cos(angle)) * (2 * np.pi / count),
    )
