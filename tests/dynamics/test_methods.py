"""A method of training from outside is one small class: the room follows it by steps, stages and panels, and averages.

Heavy ball, in units in which its buffer is an average of gradients: m <- m + D (g - m), theta <- theta - eta m. What
the room makes of it is held against the covariance of all buffers of all coordinates, moved step by step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from riskcalc import Constant, Cosine, Custom, Geometric, IterateAverage, LastIterate, TailAverage
from riskcalc.dynamics import Modes, respond
from riskcalc.dynamics.moments import moment_map
from riskcalc.dynamics.summed import Summed
from riskcalc.optimiser import Coefficients

HORIZON = 5000
AVERAGES = [LastIterate(), IterateAverage(), TailAverage("1/3")]


@dataclass(frozen=True)
class HeavyBall:
    """The schedule's step size is eta; rate: D, 1 for SGD."""

    rate: float
    core: ClassVar[int] = 2
    start: ClassVar[tuple[float, ...]] = (1.0, 0.0)
    steady: ClassVar[bool] = True

    def coefficients(self, steps, sizes):
        one = np.ones_like(sizes)
        drift = np.array([[0 * one, sizes * (1 - self.rate)], [0 * one, self.rate * one]]).transpose(2, 0, 1)
        kick = np.array([-self.rate * sizes, self.rate * one]).T
        return Coefficients(drift=drift, kick=kick, drive=np.array([1.0, 0.0]), read=np.array([1.0, 0.0]))


def few_modes(count=6, floor=0.1):
    position = np.arange(1.0, count + 1) ** -1.5
    return Modes(position=position, signal=position**1.4, kernel=position**2, floor=floor, paired=False)


def followed(modes, rate, sizes, *, batch_size, noise, averaging):
    """Bias and variance at the end, by the moments of every pair of buffers of a coordinate, theta, m and the sum."""
    first, count = averaging.first(len(sizes)), len(modes.position)
    z = modes.position
    found = []
    for driven in (0.0, noise + modes.floor):
        moments = np.zeros((count, 3, 3))  # z E[u u^T], u = (theta, m, sum)
        moments[:, 0, 0] = 0.0 if driven else modes.signal
        for step, eta in enumerate(sizes):
            kick = np.array([-eta * rate, rate, 0.0])
            still = np.array([[1, -eta * (1 - rate), 0], [0, 1 - rate, 0], [float(step >= first), 0, 1]])
            move = still + z[:, None, None] * np.outer(kick, [1, 0, 0])
            risk = moments[:, 0, 0].sum() + driven
            own = (z**2 * moments[:, 0, 0] + modes.kernel * risk) / batch_size
            moments = move @ moments @ move.swapaxes(1, 2) + own[:, None, None] * np.outer(kick, kick)
        last = isinstance(averaging, LastIterate)
        found.append(moments[:, 0, 0].sum() if last else moments[:, 2, 2].sum() / (len(sizes) - first) ** 2)
    return found


@pytest.mark.parametrize("averaging", AVERAGES, ids=str)
@pytest.mark.parametrize("kind", [Constant, Geometric, Cosine, "list"])
def test_heavy_ball_by_steps_stages_and_panels(kind, averaging):
    modes, asked = few_modes(), {"batch_size": 3, "noise": 0.2}
    schedule = Custom(np.linspace(0.3, 0.1, HORIZON)) if kind == "list" else kind("3/10")
    sizes = schedule.step_sizes(0, HORIZON, horizon=HORIZON)
    expected = followed(modes, 0.2, sizes, averaging=averaging, **asked)
    found = respond(
        modes, schedule, steps=(HORIZON,), horizon=HORIZON, averaging=averaging, method=HeavyBall(0.2), **asked
    )
    scale = modes.floor + sum(expected)
    assert abs(found.bias[0] - expected[0]) < 1e-12 * scale
    assert found.variance[0] == pytest.approx(expected[1], rel=1e-11)


@pytest.mark.parametrize("averaging", AVERAGES, ids=str)
def test_heavy_ball_near_its_edge(averaging):
    """Where the slowest direction of the feedback outlives all modes: at nearly the largest stable step."""
    modes, asked = few_modes(floor=0.0), {"batch_size": 1, "noise": 0.0}
    low, high = 0.0, 2.0
    for _ in range(60):
        middle = (low + high) / 2
        stable = _kappa(modes, HeavyBall(0.2), middle, asked["batch_size"]) < 1
        low, high = (middle, high) if stable else (low, middle)
    schedule, steps = Constant(0.9999 * low), (300, 3000)
    found = respond(
        modes, schedule, steps=steps, horizon=3000, averaging=averaging, method=HeavyBall(0.2), **asked
    )
    for place, step in enumerate(steps):
        sizes = np.full(step, float(schedule.step_sizes(0, 1, horizon=1)[0]))
        expected = followed(modes, 0.2, sizes, averaging=averaging, **asked)
        assert found.bias[place] == pytest.approx(expected[0], rel=1e-9)


def _kappa(modes, method, step_size, batch_size):
    moments = moment_map(method, np.zeros(1), np.array([step_size]), batch_size=batch_size)
    core = moments.core_of(modes.position)
    if (np.abs(np.linalg.eigvals(np.eye(moments.core) - core)) >= 1).any():
        return np.inf
    feed = moments.feed[0, : moments.core] * modes.kernel[:, None] / batch_size
    return float((np.linalg.solve(core, feed[..., None])[..., 0] @ moments.drive[: moments.core]).sum())


def test_a_rate_of_one_is_gradient_descent():
    modes, asked = few_modes(), {"steps": (10, 1000, 10**6), "horizon": 10**6, "batch_size": 2, "noise": 0.1}
    plain, ball = (respond(modes, Constant("1/5"), method=method, **asked) for method in (None, HeavyBall(1.0)))
    assert ball.variance == pytest.approx(plain.variance, rel=1e-12)
    excess = modes.floor + plain.bias + plain.variance
    assert (abs(ball.bias - plain.bias) <= 1e-13 * excess).all()  # a bias is known as well as the excess it is part of


def test_moments_are_those_of_the_square_of_the_buffers():
    """One step of the map against the Kronecker product it stands for, with and without a sum."""
    rng = np.random.default_rng(4)
    for method in (HeavyBall(0.3), Summed(HeavyBall(0.3))):
        found = method.coefficients(np.zeros(1), np.array([0.4]))
        buffers, z, batch_size = found.read.size, 0.7, 5
        moments = moment_map(method, np.zeros(1), np.array([0.4]), batch_size=batch_size)
        vector = rng.normal(size=buffers)
        square = np.outer(vector, vector)
        move = np.eye(buffers) - found.drift[0] + z * np.outer(found.kick[0], found.drive)
        noise = z**2 / batch_size * (found.drive @ vector) ** 2
        after = move @ square @ move.T + noise * np.outer(found.kick[0], found.kick[0])
        size = range(moments.size)
        loss = np.array([[moments.loss(i, j, np.array([z]))[0, 0] for j in size] for i in size])
        before, expected = (_entries(each, method.core) for each in (square, after))
        np.testing.assert_allclose(before - loss @ before, expected, rtol=1e-12)
        assert moments.read @ before == pytest.approx((found.read @ vector) ** 2)
        assert moments.drive @ before == pytest.approx((found.drive @ vector) ** 2)


def _entries(square, core):
    """Those on and above the diagonal: of the core, of core and followers, of the followers."""
    size = len(square)
    pairs = [(i, j) for i in range(size) for j in range(i, size)]
    return np.array([square[i, j] for i, j in sorted(pairs, key=lambda pair: sum(k >= core for k in pair))])
