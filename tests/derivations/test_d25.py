"""D25: on which side of the path the zeros of lambda(s) + u lie, by counting them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest


def eigenvalue(s, a):
    return np.exp(-s) / (s + np.log1p(np.exp(-s))) ** a


def zeros_inside(u, a, low, high, bottom, top):
    """The number of zeros of lambda + u in a box of the s-plane, by the turns of its argument round the box."""
    count = 20_000
    corners = [low + 1j * bottom, high + 1j * bottom, high + 1j * top, low + 1j * top, low + 1j * bottom]
    path = np.concatenate([np.linspace(start, stop, count) for start, stop in pairwise(corners)])
    values = eigenvalue(path, a) + u
    return round(float(np.sum(np.angle(values[1:] / values[:-1]))) / (2 * np.pi))


@pytest.mark.parametrize("a", [1.5, 2, 4])
@pytest.mark.parametrize("angle", [0.05, 0.4, 1.5, 3.0, 3.141])
def test_zeros_lie_above(a, angle):
    u = 1e-9 * np.exp(1j * angle)
    assert zeros_inside(u, a, np.log(4000), 40.0, -1.0, -1e-6) == 0
    # arg(-u) = angle - pi: the zero is at about that height, turned over, and slides down as u nears the axis
    assert zeros_inside(u, a, np.log(4000), 40.0, -1e-6, 3.3) == 1
