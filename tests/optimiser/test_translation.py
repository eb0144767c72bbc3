"""PyTorch's and Optax's arguments, against the recurrences their documentation states."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

SLOPES = np.array([1.0, 0.2])


def documented_by_pytorch(lr, momentum, dampening, nesterov, steps):
    """torch.optim.SGD: the buffer is the first gradient itself, then it is dampened."""
    theta, buffer, found = np.ones(2), None, []
    for _ in range(steps):
        g = SLOPES * theta
        if momentum:
            buffer = g.copy() if buffer is None else momentum * buffer + (1 - dampening) * g
            g = g + momentum * buffer if nesterov else buffer
        theta = theta - lr * g
        found.append(theta)
    return np.array(found)


def documented_by_optax(learning_rate, momentum, nesterov, steps):
    """optax.sgd: trace t <- g + decay t, or g + decay t once more with nesterov."""
    theta, trace, found = np.ones(2), np.zeros(2), []
    for _ in range(steps):
        g = SLOPES * theta
        if momentum is not None:
            trace = g + momentum * trace
            g = g + momentum * trace if nesterov else trace
        theta = theta - learning_rate * g
        found.append(theta)
    return np.array(found)


def trained(optimiser, size, steps):
    buffers, found = optimiser.begin(np.ones(2)), []
    for done in range(steps):
        buffers = optimiser.step(buffers, lambda at: SLOPES * at, done=done, size=float(size))
        found.append(optimiser.model(buffers))
    return np.array(found)


@pytest.mark.parametrize(("momentum", "nesterov"), [(0, False), (0.9, False), (0.9, True)])
def test_pytorch_without_dampening(momentum, nesterov):
    optimiser, size = rc.from_pytorch(0.1, momentum=momentum, nesterov=nesterov)
    expected = documented_by_pytorch(0.1, momentum, 0, nesterov, 50)
    np.testing.assert_allclose(trained(optimiser, size, 50), expected, rtol=1e-12)
    assert rc.to_pytorch(optimiser, size) == {"lr": 0.1, "momentum": momentum, "nesterov": nesterov}


def test_dampening_differs_by_what_the_first_step_adds():
    """That is lr dampening g_0 (momentum^0 + momentum^1 + ...), felt with the recurrence's own decay."""
    optimiser, size = rc.from_pytorch(0.1, momentum=0.5, dampening=0.25)
    first = documented_by_pytorch(0.1, 0.5, 0.25, False, 1)[0] - trained(optimiser, size, 1)[0]
    np.testing.assert_allclose(first, -0.1 * 0.25 * SLOPES, rtol=1e-12)
    later = documented_by_pytorch(0.1, 0.5, 0.25, False, 400)[-1] / trained(optimiser, size, 400)[-1]
    assert abs(later[1] - 1) < 0.02  # a constant factor of the slow direction


@pytest.mark.parametrize(("momentum", "nesterov"), [(None, False), (0.8, False), (0.8, True)])
def test_optax(momentum, nesterov):
    optimiser, size = rc.from_optax(0.1, momentum=momentum, nesterov=nesterov)
    expected = documented_by_optax(0.1, momentum, nesterov, 50)
    np.testing.assert_allclose(trained(optimiser, size, 50), expected, rtol=1e-12)
    written = rc.to_optax(optimiser, size)
    assert written == {"learning_rate": 0.1, "momentum": momentum, "nesterov": nesterov}


@pytest.mark.parametrize(
    "asked",
    [
        lambda: rc.from_pytorch(0.1, momentum=0, nesterov=True),
        lambda: rc.from_pytorch(0.1, momentum=0.9, dampening=0.1, nesterov=True),
        lambda: rc.to_pytorch(rc.ScheduleFree("1/2"), 0.1),
        lambda: rc.to_pytorch(rc.Nesterov("1/2"), 0.1),
    ],
)
def test_what_pytorch_does_not_know(asked):
    with pytest.raises(InvalidInput, match=r"PyTorch|torch"):
        asked()
