"""The moments of a method, step by step, for any sequence of step sizes.

Formula: x(t+1) = x - N x + D (k/B)(E + tau), E = sum_n C.x_n, where tau drives the response: nothing the bias,
sigma2 + approximation the variance. One moment a mode goes through blocks of steps (see `step_blocks`) or, in longer
floats and where steps are few, through single ones, whose factors are formed for many at once; several by one product
a step, [1 - N_0; -N_1; C; R] x, whose parts are multiplied by 1, z and z^2. Source: D01, D38, D65.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from riskcalc.dynamics.compiled import is_compiled, several_loop
from riskcalc.dynamics.method import Method
from riskcalc.dynamics.moments import MomentMap, moment_map
from riskcalc.dynamics.step_blocks import in_blocks
from riskcalc.quantity import Array, Real
from riskcalc.spectral.modes import Modes

_MAPPED = 4096  # steps whose maps are formed together; with one moment a mode, where maps are numbers,
_MAPPED_ALONE = 131_072
_BLOCK = 128  # and their factors for every mode
_FEW = 64  # steps; they are made by themselves before what solves for a block of them is loaded


def advance(
    modes: Modes,
    method: Method,
    state: Array,
    step_sizes: Real,
    *,
    start: int = 0,
    batch_size: int,
    noise: float | np.floating[Any],
) -> tuple[Array, Real]:
    """The state after all of `step_sizes`, the first of which is that of step `start`; and what is read before each.

    state: shape (2, m, n), bias response first. noise: sigma2 + approximation. What is read: shape (steps, 2).
    With one moment a mode, modes of shape (k, n) are k lists that do not see each other; so are state and noise, then.
    """
    reads = np.empty((step_sizes.size, 2, *modes.position.shape[:-1]), dtype=modes.real)
    kind = np.result_type(modes.position, state)
    state = state.astype(kind)
    compiled = modes.real is np.float64 and is_compiled(step_sizes.size, several=state.shape[1] > 1)
    mapped = _MAPPED if state.shape[1] > 1 else _MAPPED_ALONE
    for begin in range(0, step_sizes.size, mapped):
        sizes = step_sizes[begin : begin + mapped]
        moments = moment_map(method, start + begin + np.arange(float(sizes.size)), sizes, batch_size=batch_size)
        follow = _follow(modes, moments, state, steps=step_sizes.size, compiled=compiled)
        state = follow(modes, moments, state, reads[begin : begin + mapped], batch_size, noise)
    return state, reads


def _follow(
    modes: Modes, moments: MomentMap, state: Array, *, steps: int, compiled: bool
) -> Callable[..., Array]:
    """The way through these steps, from this state. steps: of the whole run."""
    if moments.size > 1:
        return _several_compiled if compiled else _several
    # blocks of steps are in float64, and of methods that leave alone what has no gradient
    in_floats = modes.real is np.float64 and np.isfinite(state).all()
    if in_floats and steps > _FEW and not moments.constant.any():
        return partial(in_blocks, compiled=compiled)
    return _one_moment


def _one_moment(
    modes: Modes, moments: MomentMap, state: Array, reads: Real, batch_size: int, noise: float | np.floating[Any]
) -> Array:
    # step sizes multiply real and imaginary parts alike: real arithmetic, at half the cost
    once, square, kernel = (
        np.ascontiguousarray(part, dtype=state.dtype).view(modes.real)
        for part in (modes.position, moments.spread * modes.position**2, modes.kernel / batch_size)
    )
    ones = np.full(modes.position.shape[-1], 2.0 if modes.paired else 1.0, dtype=state.dtype)
    sources = np.stack([np.zeros_like(noise), noise]).astype(modes.real)
    state = state[:, 0]
    steps = (-1, *(1,) * modes.position.ndim)
    for start in range(0, len(reads), _BLOCK):
        block = slice(start, start + _BLOCK)
        feed, linear = moments.feed[block].reshape(steps), moments.linear[block].reshape(steps)
        kept = 1 - moments.constant[block].reshape(steps)
        factors = (feed * square - linear * once).view(state.dtype) + kept
        gains = (feed * kernel).view(state.dtype)
        for step in range(len(factors)):
            now = (state @ ones).real
            reads[start + step] = now
            state *= factors[step]
            state += (now + sources)[..., None] * gains[step]
    return state[:, None]


def _several(
    modes: Modes, moments: MomentMap, state: Array, reads: Real, batch_size: int, noise: float | np.floating[Any]
) -> Array:
    size, weight = moments.size, 2.0 if modes.paired else 1.0
    position, square, kernel = modes.position, moments.spread * modes.position**2, modes.kernel / batch_size
    seen = np.broadcast_to([moments.drive, moments.read], (len(moments.feed), 2, size))
    products = np.concatenate([np.eye(size) - moments.constant, -moments.linear, seen], axis=1)
    fed = [np.flatnonzero(feed) for feed in moments.feed]
    sources = np.array([0.0, noise], dtype=modes.real)
    shape = (2, 2 * size + 2, modes.position.size)
    for step, product in enumerate(products):
        moved = np.matmul(product, state.view(modes.real)).view(state.dtype).reshape(shape)
        driving = moved[:, 2 * size]
        now, reads[step] = weight * np.real(moved[:, 2 * size :].sum(axis=-1)).T
        gain = driving * square + (now + sources)[:, None] * kernel
        state = moved[:, :size] + moved[:, size : 2 * size] * position
        for row in fed[step]:
            state[:, row] += moments.feed[step, row] * gain
    return state


def _several_compiled(
    modes: Modes, moments: MomentMap, state: Array, reads: Real, batch_size: int, noise: float | np.floating[Any]
) -> Array:
    state = np.ascontiguousarray(state)
    square, kernel = moments.spread * modes.position**2, modes.kernel / batch_size
    several_loop()(
        modes.position,
        square,
        kernel,
        moments.constant,
        moments.linear,
        moments.feed,
        moments.drive,
        moments.read,
        float(noise),
        2.0 if modes.paired else 1.0,
        state,
        reads,
    )
    return state
