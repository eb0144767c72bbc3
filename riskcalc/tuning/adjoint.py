"""The gradient of the final excess with respect to every step size, by the adjoint recursion.

Formula: x(t+1) = q x(t) + (gamma^2/B) k (E(t) + sigma2), E = floor + sum x. With lambda(N) = 1 and
lambda(t) = q lambda(t+1) + (gamma_t^2/B) sum_n k_n lambda_n(t+1),
dE(N)/d gamma_t = sum_n lambda_n(t+1) (q'_n x_n(t) + (2 gamma_t/B) k_n (E(t) + sigma2)), where
q' = -2 z + 2 gamma (1 + 1/B) z^2.
On a contour the sums are real parts over conjugate pairs; nothing else changes. Source: D27, section 1.
"""

from __future__ import annotations

import numpy as np

from riskcalc.quantity import Array, Real
from riskcalc.spectral.modes import Modes

_BLOCK = 128  # steps whose states are kept at once; the others are recomputed from the start of their block


def final_excess(modes: Modes, step_sizes: Real, *, batch_size: int, noise: float) -> tuple[float, Real]:
    """The excess after all of `step_sizes`, and its gradient, one entry a step. noise: label noise sigma2."""
    starts = range(0, step_sizes.size, _BLOCK)
    state: Array = modes.signal
    kept = []
    for start in starts:
        kept.append(state)
        state = _forward(modes, state, step_sizes[start : start + _BLOCK], batch_size, noise)[-1]
    excess = modes.floor + float(modes.total(state))
    adjoint: Array = np.ones_like(modes.signal)
    gradient = np.empty_like(step_sizes)
    for start, state in zip(reversed(starts), reversed(kept), strict=True):
        part = slice(start, start + _BLOCK)
        states = _forward(modes, state, step_sizes[part], batch_size, noise)[:-1]
        adjoint, gradient[part] = _backward(modes, states, adjoint, step_sizes[part], batch_size, noise)
    return excess, gradient


def left_of_noise(modes: Modes, step_sizes: Real, *, batch_size: int) -> Real:
    """sum_n k_n prod over later steps of q_n, for each step: the kernel from that step to the end."""
    left = np.empty_like(step_sizes)
    weights = modes.kernel
    for step in reversed(range(step_sizes.size)):
        left[step] = modes.total(weights)
        weights = weights * modes.factor(float(step_sizes[step]), batch_size)
    return left


def _forward(modes: Modes, state: Array, step_sizes: Real, batch_size: int, noise: float) -> Array:
    """The states before each step and after the last, shape (steps + 1, n)."""
    factors, gains = _factors(modes, step_sizes, batch_size)
    states = np.empty((step_sizes.size + 1, state.size), dtype=np.result_type(modes.position, state))
    states[0] = state
    weight = 2 if modes.paired else 1
    for step in range(step_sizes.size):
        drive = weight * states[step].sum().real + modes.floor + noise
        states[step + 1] = factors[step] * states[step] + drive * gains[step]
    return states


def _backward(
    modes: Modes, states: Array, adjoint: Array, step_sizes: Real, batch_size: int, noise: float
) -> tuple[Array, Real]:
    """The adjoint before these steps, and the gradient with respect to them."""
    factors, gains = _factors(modes, step_sizes, batch_size)
    after = np.empty_like(states)
    weight = 2 if modes.paired else 1
    for step in reversed(range(step_sizes.size)):
        after[step] = adjoint
        adjoint = factors[step] * adjoint + weight * (adjoint @ gains[step]).real
    sizes = step_sizes[:, None]
    slopes = -2 * modes.position + 2 * sizes * (1 + 1 / batch_size) * modes.position**2
    drive = modes.total(states) + modes.floor + noise
    noise_part = 2 * step_sizes / batch_size * drive * modes.total(after * modes.kernel)
    return adjoint, modes.total(after * slopes * states) + noise_part


def _factors(modes: Modes, step_sizes: Real, batch_size: int) -> tuple[Array, Array]:
    """q_n and (gamma^2/B) k_n at each step, shape (steps, n)."""
    scaled = step_sizes[:, None] * modes.position
    return 1 - scaled * (2 - (1 + 1 / batch_size) * scaled), step_sizes[:, None] ** 2 / batch_size * modes.kernel
