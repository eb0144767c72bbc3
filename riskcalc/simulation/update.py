"""The update over a block of steps: many runs side by side, or one wide run alone."""

from __future__ import annotations

import numpy as np

from riskcalc.optimiser import SGD, Buffers, Optimiser
from riskcalc.quantity import Real
from riskcalc.simulation.compiled import step_loop

_WIDE = 256  # features from which a single run keeps the processor busy


def is_wide(*, width: int, batch_size: int) -> bool:
    """Whether runs of so many features are faster one at a time, by `advance_alone`."""
    return batch_size == 1 and width >= _WIDE


def trained(
    optimiser: Optimiser,
    buffers: Buffers,
    samples: Real,
    step_sizes: Real,
    *,
    done: int,
    total: Real | None = None,
    compiled: bool = False,
) -> Buffers:
    """Do one step of a method a block row, as the method is written; shapes as in `advance`, a buffer like theta.

    SGD moves its one buffer in place. done: steps made before. total, where given, gains the model before each step.
    compiled: SGD in machine code.
    """
    if optimiser == SGD():
        advance(buffers[0], samples, step_sizes, total, compiled=compiled)
        return buffers
    batch_size, width = samples.shape[2], buffers[0].shape[-1]
    features = samples[:, :, :, :width].swapaxes(0, 1)
    labels = samples[:, :, :, width:].swapaxes(0, 1)
    for place, (z, y, size) in enumerate(zip(features, labels, step_sizes.tolist(), strict=True)):
        if total is not None:
            total += optimiser.model(buffers)

        def gradient(theta: Real, z: Real = z, y: Real = y) -> Real:
            # a product over a stack of matrices is done run by run: no run's rounding depends on its neighbours
            weights = np.matmul(z, theta.swapaxes(1, 2)) - y
            return np.asarray(np.matmul(weights.swapaxes(1, 2), z) / batch_size)

        buffers = optimiser.step(buffers, gradient, done=done + place, size=size)
    return buffers


def advance(
    parameters: Real, samples: Real, step_sizes: Real, total: Real | None = None, *, compiled: bool = False
) -> None:
    """Do one step a block row, in place; `total`, where given, gains the parameters before each step.

    Formula: theta_k <- theta_k - (gamma/B) sum_i z_i (<z_i, theta_k> - y_ik), for every output k.
    parameters: theta, shape (runs, P, M). samples: (z, y), shape (runs, steps, B, M + P).
    step_sizes: gamma, shape (steps,). total: the shape of the parameters.
    """
    batch_size, width = samples.shape[2], parameters.shape[-1]
    if compiled:
        loop, none = step_loop(), np.empty(0)
        for run, theta in enumerate(parameters[:, 0]):
            loop(theta, samples[run], step_sizes / batch_size, none if total is None else total[run, 0])
    elif parameters.shape[:2] == (1, 1) and is_wide(width=width, batch_size=batch_size):
        _advance_alone(parameters[0, 0], samples[0, :, 0], step_sizes, None if total is None else total[0, 0])
    else:
        _advance_together(parameters, samples, step_sizes / batch_size, total)


def _advance_together(parameters: Real, samples: Real, rates: Real, total: Real | None) -> None:
    width = parameters.shape[-1]
    features = samples[:, :, :, :width].swapaxes(0, 1)
    labels = samples[:, :, :, width:].swapaxes(0, 1)
    columns, gradient = parameters.swapaxes(1, 2), np.empty_like(parameters)
    for z, y, rate in zip(features, labels, rates.tolist(), strict=True):
        if total is not None:
            total += parameters
        # A product over a stack of matrices is done run by run: no run's rounding depends on its neighbours.
        weights = np.matmul(z, columns)
        weights -= y
        weights *= rate
        np.matmul(weights.swapaxes(1, 2), z, out=gradient)
        parameters -= gradient


def _advance_alone(parameters: Real, samples: Real, rates: Real, total: Real | None) -> None:
    for z, y, rate in zip(samples[:, :-1], samples[:, -1].tolist(), rates.tolist(), strict=True):
        if total is not None:
            total += parameters
        parameters -= (rate * (z.dot(parameters) - y)) * z
