"""What one panel makes of the moments that drive: solved mode by mode, or at few places that say it of all modes.

Formula: x_n = response_n x_n(0) + inverse_n r_n, r_n = L (k_n/B) D (E + tau), at the nodes as it is seen by the
functional C, and at the end of the panel (see `collocation`). Source: D26, D38.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from riskcalc.dynamics.collocation import Panel
from riskcalc.dynamics.moments import MomentMap
from riskcalc.dynamics.panel_places import Places, places_for
from riskcalc.quantity import Array, Real
from riskcalc.spectral.modes import Modes

BLOCK = 2048  # modes whose systems are formed together


class Seen(Protocol):
    """s moments, p nodes, n modes; sums include conjugate partners."""

    @property
    def feedback(self) -> Real:
        """sum_n k_n C.inverse_n at the nodes, (p, s p)."""

    @property
    def free(self) -> Real:
        """sum_n C.response_n x_n(0) at the nodes, (2, p)."""

    @property
    def carried(self) -> Array:
        """response_n x_n(0) at the end, (2, s, n)."""

    def driven(self, source: Real) -> Array:
        """inverse_n at the end of a source (2, s p) that is the same for all modes, (2, s, n)."""


def seen(panel: Panel, moments: MomentMap, modes: Modes, state: Array) -> Seen:
    """state: of the core, (2, s, n)."""
    places = places_for(panel, moments, modes.position)
    return _mode_by_mode(panel, moments, modes, state) if places is None else _at(places, panel, moments, modes, state)


@dataclass(frozen=True, kw_only=True, eq=False)
class _ModeByMode:
    """last: inverse_n at the end, (n, s, s p)."""

    feedback: Real
    free: Real
    carried: Array
    last: Array

    def driven(self, source: Real) -> Array:
        found = source @ self.last.reshape(-1, source.shape[1]).T
        return found.reshape(2, -1, self.last.shape[1]).swapaxes(1, 2)


def _mode_by_mode(panel: Panel, moments: MomentMap, modes: Modes, state: Array) -> Seen:
    degree, size = panel.degree, moments.core
    weight = 2 if modes.paired else 1
    feedback, free = np.zeros((degree, size * degree)), np.zeros((2, degree))
    rows, responses = [], []
    for start in range(0, modes.position.size, BLOCK):
        block = slice(start, start + BLOCK)
        inverse, response = _solved(panel, moments, modes.position[block])
        feedback += weight * np.real(np.tensordot(modes.kernel[block], inverse[:, :degree], axes=1))
        free += weight * np.real(np.tensordot(state[..., block], response[:, :degree], axes=([2, 1], [0, 2])))
        rows.append(inverse[:, degree:])
        responses.append(response[:, degree:])
    carried = np.einsum("nij,rjn->rin", np.concatenate(responses), state)
    return _ModeByMode(feedback=feedback, free=free, carried=carried, last=np.concatenate(rows))


@dataclass(frozen=True, kw_only=True, eq=False)
class _AtPlaces:
    """last: inverse at the end, at the places."""

    feedback: Real
    free: Real
    carried: Array
    last: Real
    places: Places

    def driven(self, source: Real) -> Array:
        return self.places.spread(np.einsum("mij,rj->mri", self.last, source)).transpose(1, 2, 0)


def _at(places: Places, panel: Panel, moments: MomentMap, modes: Modes, state: Array) -> Seen:
    degree, size = panel.degree, moments.core
    weight = 2 if modes.paired else 1
    inverse, response = _solved(panel, moments, places.position)
    kicks = inverse[:, :degree].reshape(-1, degree, size, degree)
    kernels = np.stack([places.gathered(modes.kernel, power) for power in (0, 1)])
    chosen = places.powers(np.abs(kicks).max(axis=(1, 3)))
    feedback = weight * np.einsum("jm,majb->ajb", kernels[chosen], kicks).reshape(degree, -1)
    states = np.stack([places.gathered(state, power) for power in (0, 1)])
    begun = response[:, :degree]
    chosen = places.powers(np.abs(begun).max(axis=1))
    picked = states[chosen, :, np.arange(size)]  # (s, 2, m)
    return _AtPlaces(
        feedback=feedback,
        free=weight * np.einsum("jrm,maj->ra", picked, begun),
        carried=np.einsum("nij,rjn->rin", places.spread(response[:, degree:]), state),
        last=inverse[:, degree:],
        places=places,
    )


def _solved(panel: Panel, moments: MomentMap, position: Array) -> tuple[Array, Array]:
    core = slice(moments.core)
    return panel.solve(panel.length * moments.part(position, core, core), moments.drive[core])
