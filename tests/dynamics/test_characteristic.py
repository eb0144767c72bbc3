"""A functional by the characteristic polynomial is that by elimination, wherever transforms are taken."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.dynamics.characteristic import Characteristic
from riskcalc.dynamics.elimination import eliminated
from riskcalc.dynamics.moments import moment_map
from riskcalc.dynamics.points import Points
from riskcalc.numeric.inversion import cotangent

METHODS = {
    "heavy ball": (rc.HeavyBall("9/10"), 0.03),
    "a long memory": (rc.TwoBuffer(delta="1/1000000", mu="999999/1000000"), 0.3),
    "Nesterov": (rc.Nesterov("9/10"), 0.03),
    "schedule-free": (rc.ScheduleFree("9/10"), 0.3),
}


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("start", [1e3, 1e9, 1e17])
def test_it_is_elimination(name, start):
    """Positions over 24 decades, on a contour's own angle to the axis; sources of all three moments."""
    method, size = METHODS[name]
    position = np.geomspace(1e-24, 1, 97) * np.exp(0.3j)
    moments = moment_map(method, np.array([10.0]), np.array([size]), batch_size=1)
    loss = moments.core_of(position)
    sources = np.random.default_rng(1).uniform(0.5, 1, (position.size, 3, 2)).astype(complex)
    points = Points.near_one(cotangent(start=start, nodes=30).nodes)
    table = [[np.ascontiguousarray(loss[:, i, j]) for j in range(3)] for i in range(3)]
    for weights in (moments.drive, moments.read):
        rows = eliminated(points.zeta, points.gap, table).functional(weights)
        expected = sum(row[..., None] * sources[:, k] for k, row in enumerate(rows) if row is not None)
        found = Characteristic.of(loss, weights, sources)
        for source in range(2):
            each = found.each(points, slice(None), source) / points.zeta[:, None]
            np.testing.assert_allclose(each, expected[..., source], rtol=1e-11)
        for modes in (slice(0), slice(40), slice(40, None)):
            summed = expected[:, modes].sum(axis=1).T
            scale = np.abs(expected[:, modes]).sum(axis=1).T
            assert (np.abs(found.summed(points, modes) - summed) <= 1e-12 * scale).all()
