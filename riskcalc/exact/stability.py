"""Mean-square stability given the modes, at constant step size.

Formula: stable iff gamma (1 + 1/B) l_max < 2 and kappa = sum_i (gamma/B) (k_i/l_i)/(2 - gamma (1 + 1/B) l_i) < 1, where
k_i = l_i^2 given a sketch. Source: D01.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from riskcalc.curve.stability import Stability
from riskcalc.dynamics import Modes
from riskcalc.numeric.roots import decreasing_root
from riskcalc.optimiser import Frozen
from riskcalc.quantity import Real


def stability(modes: Modes, *, step_size: float, batch_size: int) -> Stability:
    """kappa at this step size (inf beyond the edge), and the largest stable step size. modes: real."""
    kappa = float(_kappa(modes, step_size, batch_size)) if step_size < _edge(modes, batch_size) else float("inf")
    return Stability(
        step_size=step_size, kappa=kappa, largest=partial(largest_step_size, modes, batch_size=batch_size)
    )


def frozen_kappa(modes: Modes, frozen: Frozen, *, batch_size: int) -> float:
    """kappa of any method as it stands at one step, inf beyond the edge of the fastest mode. Source: D41."""
    position = np.real(modes.position)
    if not float(position.max()) < frozen.edge(batch_size):
        return float("inf")
    shares = frozen.gain(position) / frozen.room(position, batch_size)
    return float((np.real(modes.kernel) / position * shares).sum())


def largest_step_size(modes: Modes, *, batch_size: int) -> float:
    """The largest stable step size: where kappa reaches 1. modes: real."""

    def margin(step_sizes: Real) -> Real:
        return 1 - _kappa(modes, step_sizes[:, None], batch_size)

    edge = _edge(modes, batch_size)
    return decreasing_root(margin, 0.0, edge * (1 - 1e-15), width=1e-14 * edge)


def _edge(modes: Modes, batch_size: int) -> float:
    """Where q of the fastest mode is 1 again."""
    return 2 / ((1 + 1 / batch_size) * float(np.real(modes.position).max()))


def _kappa(modes: Modes, step_size: float | Real, batch_size: int) -> Real:
    scaled = step_size * modes.position
    trace = step_size * (modes.kernel / modes.position)
    return np.asarray((trace / (batch_size * (2 - (1 + 1 / batch_size) * scaled))).sum(axis=-1))
