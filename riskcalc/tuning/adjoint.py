"""The gradient of the final excess with respect to every step size, by the adjoint recursion.

Formula: x(t+1) = q x(t) + (gamma^2/B) k (E(t) + sigma2), E = floor + sum x. With lambda(N) = 1 and
lambda(t) = q lambda(t+1) + (gamma_t^2/B) sum_n k_n lambda_n(t+1),
dE(N)/d gamma_t = sum_n lambda_n(t+1) (q'_n x_n(t) + (2 gamma_t/B) k_n (E(t) + sigma2)), where
q' = -2 z + 2 gamma (1 + 1/B) z^2.
Within a block of steps what happens to x and lambda is the same polynomial in z_n for all of them, so sums are taken at
the nodes of the block, with the products x lambda and k lambda at its ends as weights too;
v_t = (gamma_t^2/B) sum_n k_n lambda_n(t+1) solves the transposed system of the totals.
On a contour the sums are real parts over conjugate pairs; nothing else changes. Source: D27, section 1; D65.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskcalc.dynamics.block_tables import powers, solve_system, system_parts
from riskcalc.dynamics.compiled import is_compiled
from riskcalc.dynamics.moments import start_state
from riskcalc.dynamics.recursion import advance
from riskcalc.dynamics.step_blocks import StepBlocks, step_blocks
from riskcalc.dynamics.workspace import Workspace
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SGD
from riskcalc.quantity import Array, Real
from riskcalc.spectral.modes import Modes
from riskcalc.tuning.compiled_adjoint import LENGTH, adjoint_loop

_ASKED = 256  # times, at the least, in a search for a schedule


def final_excess(modes: Modes, step_sizes: Real, *, batch_size: int, noise: float) -> tuple[float, Real]:
    """The excess after all of `step_sizes`, and its gradient, one entry a step. noise: label noise sigma2."""
    compiled = is_compiled(_ASKED * step_sizes.size, several=False)
    follow = _one_by_one if compiled else _in_blocks
    excess, gradient = follow(modes, step_sizes, batch_size, noise + modes.floor)
    if not (np.isfinite(excess) and np.isfinite(gradient).all()):
        raise _out_of_range()
    return excess, gradient


def _one_by_one(modes: Modes, step_sizes: Real, batch_size: int, drive: float) -> tuple[float, Real]:
    gradient, kind = np.empty_like(step_sizes), modes.position.dtype
    position, kernel, signal = (
        np.ascontiguousarray(part, dtype=kind) for part in (modes.position, modes.kernel / batch_size, modes.signal)
    )
    spread, weight = 1 + 1 / batch_size, 2.0 if modes.paired else 1.0
    left = adjoint_loop()(position, kernel, signal, step_sizes, spread, float(drive), weight, LENGTH, gradient)
    return modes.floor + left, gradient


def _in_blocks(modes: Modes, step_sizes: Real, batch_size: int, drive: float) -> tuple[float, Real]:
    blocks = step_blocks(
        modes,
        fastest=2 * float(step_sizes.max()),
        batch_size=batch_size,
        noise=drive,
        spread=1 + 1 / batch_size,
    )
    linear, feed = 2 * step_sizes, step_sizes**2
    state: Array = np.stack([modes.signal, np.zeros_like(modes.signal)])[None]
    totals, trail = np.empty((1, 2, step_sizes.size)), list[tuple[int, Array]]()
    for start in range(0, step_sizes.size, blocks.length):
        part = slice(start, start + blocks.length)
        state = blocks.cross(state, linear[part], feed[part], totals[..., part], trail)
    excess = modes.floor + float(modes.total(state.sum(axis=(0, 1))))
    gradient, adjoint = np.empty_like(step_sizes), np.ones_like(blocks.position)
    driven, stop = drive + totals[0].sum(axis=0), step_sizes.size
    for count, before in reversed(trail):
        part = slice(stop - count, stop)
        adjoint, gradient[part] = _backward(blocks, before.sum(axis=1), adjoint, step_sizes[part], driven[part])
        stop -= count
    return excess, gradient


def left_of_noise(modes: Modes, step_sizes: Real, *, batch_size: int) -> Real:
    """sum_n k_n prod over later steps of q_n, for each step: the kernel from that step to the end.

    A run backwards in which nothing is fed back.
    """
    unfed = replace(modes, kernel=np.zeros_like(modes.kernel))
    start = start_state(SGD(), modes.kernel)
    _, left = advance(unfed, SGD(), start, step_sizes[::-1], batch_size=batch_size, noise=0.0)
    return left[::-1, 0]


def _backward(
    blocks: StepBlocks, state: Array, adjoint: Array, step_sizes: Real, driven: Real
) -> tuple[Array, Real]:
    """The adjoint before these steps, and the gradient with respect to them.

    state: x before them, adjoint: after them, (1, n). driven: E + sigma2 before each.
    """
    nodes, position, fast = blocks.nodes, blocks.nodes.position[..., None], blocks.nodes.fast
    space = Workspace()
    found = powers(blocks.nodes.position, 2 * step_sizes, step_sizes**2, spread=blocks.spread, space=space)
    if not found.held:
        raise _out_of_range()
    products, gains = (np.moveaxis(part, 0, -1) for part in (found.before, found.gains))
    before, after = products[..., :-1], products[..., 1:]
    weights = np.stack([state, blocks.kernel, state * adjoint, blocks.kernel * adjoint], axis=1)
    x, k, x_adjoint, k_adjoint = np.moveaxis(nodes.gathered(weights)[..., None], 1, 0)
    onward = after[..., -1:] / after  # products of q from each step to the end
    own = blocks.total(k_adjoint * onward)
    weighed, gained = system_parts(k[..., 0], found, weight=blocks.weight, space=space)
    fed = solve_system(weighed[:, 0], gained[:, 0], own * step_sizes**2, backward=True)
    # what later steps feed into the adjoint after each one, and earlier steps have fed into the state before it
    waves = (before * fed[:, None])[..., ::-1].cumsum(axis=-1)[..., ::-1]
    returned, collected = np.zeros_like(before), np.zeros_like(before)
    returned[..., :-1] = waves[..., 1:] / after[..., :-1]
    collected[..., 1:] = before[..., 1:] * np.cumsum(gains[..., :-1] * driven[:-1], axis=-1)
    slopes = 2 * position * (blocks.spread * step_sizes * position - 1)
    moved = (x * before + k * collected) * returned + (x_adjoint * before + k_adjoint * collected) * onward
    noise_part = 2 * step_sizes * driven * (own + blocks.total(k * returned))
    lost = nodes.lost(found.lost[..., fast:].sum(axis=0))
    earlier = nodes.left(adjoint[:, None], products[:, :fast, -1], lost) + nodes.spread(waves[:, None, :, 0])
    return earlier[:, 0], (blocks.total(slopes * moved) + noise_part)[0]


def _out_of_range() -> InvalidInput:
    return InvalidInput("these step sizes take a mode out of the range of floats: use smaller ones")
