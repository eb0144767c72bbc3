"""Modes moved by as much as they may be wrong, all in the direction in which the effects add up.

Formula: with r the relative uncertainty of the modes, f_n -> f_n + r |f_n|, k_n -> k_n + r |k_n| and
z_n -> z_n (1 - r p_n), p_n the phase that makes -f_n dq_n/dz_n z_n p_n positive, so that the change of q_n lifts x_n.
Given a sketch the risk is a polynomial in f, k and q with coefficients that are not negative: then no error of the
modes within r moves it further than these do, to first order. On a contour the phases make the rounding of all nodes
add up where that of the nodes themselves would partly cancel. Signal that fast and slow modes may have exchanged is
given to the slow ones. Source: D37.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskcalc.quantity import Array
from riskcalc.spectral.modes import Modes


def disturbed(modes: Modes, *, step_size: float, batch_size: int) -> Modes:
    """The modes at the far end of their uncertainty, for a run with this largest step size."""
    scaled = step_size * modes.position
    pull = modes.signal * modes.position * (1 - (1 + 1 / batch_size) * scaled)  # -dq/dz z, up to a positive factor
    size = np.abs(pull)
    phase = np.divide(np.conj(pull), size, out=np.ones_like(pull), where=size > 0)
    return replace(
        modes,
        position=modes.position * (1 - modes.uncertainty * phase),
        signal=_lifted(modes.signal, modes.uncertainty + modes.unknown) + modes.exchanged,
        kernel=_lifted(modes.kernel, modes.uncertainty + modes.unknown),
        floor=modes.floor * (1 + modes.floor_error),
    )


def _lifted(weights: Array, by: float | Array) -> Array:
    return weights + by * np.abs(weights)
