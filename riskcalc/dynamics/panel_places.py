"""Few real places at which a panel of three moments is solved, in place of every mode.

Formula: what a panel makes of a mode at z is rational in z. Its equations are M_0 + z M_1 + z^2 U V, whose determinant
has degree 3 p, so that its values at m > 3 p places c_j say it everywhere,
    r(z) = sum_j w_j r(c_j)/(z - c_j) / sum_j w_j/(z - c_j),
    w_j = det(c_j) prod_i (c_j + v_i)/prod_{i /= j} (c_j - c_i),
exactly, wherever the places lie and whatever the spare poles -v_i. Few digits are lost where the places are those of
rational Chebyshev interpolation between the ends of the spectrum: with t^2 = (z - low)/(high - z) and t_k that of a
pole, in the upper half plane, sum_k arg((t - t_k*)/(t - t_k)) over both signs of t_k passes (2 j - 1) pi. Spare poles,
a geometric sequence over the spectrum, keep what far places hold from being felt. The poles choose the places only:
their error costs digits, no accuracy. Source: D26.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.collocation import Panel
from riskcalc.dynamics.moments import MomentMap
from riskcalc.quantity import Array, Real

_SPARE = 1.5  # log of the ratio of spare poles
_WORTH = 10  # real systems saved for a place: what it costs to find it and to spread what it says
_MOST_LOST = 500.0  # what sums over places may add up to, of what they return
_BEYOND = 1e-2  # of the ends of the spectrum
_COUNTED = 1000  # points at which the places are counted
_LOOKED_AT = 160  # modes at which it is looked which power loses least


@dataclass(frozen=True, kw_only=True, eq=False)
class Places:
    """position: (m,), ascending. table: (n, m), of values there to those at the modes.

    steep: z + sigma at the modes and at the places, where sigma is about the position that dies out in the panel: what
    falls beyond it like 1/z, or rises before, is interpolated times this.
    """

    position: Real
    table: Array
    steep: tuple[Array, Real]

    def powers(self, values: Array) -> NDArray[np.int_]:
        """Which power of `steep` loses least digits, of each function; values: (m, ...)."""
        sizes = np.abs(values).reshape(self.position.size, -1)
        every = max(1, len(self.table) // _LOOKED_AT)
        table, (modes, places) = np.abs(self.table[::every]), self.steep
        nearest = np.argmax(table, axis=1)
        expected = np.maximum(sizes[nearest], np.finfo(float).tiny)
        lost = [
            (table @ (places[:, None] ** power * sizes) / np.abs(modes[::every, None]) ** power / expected).max(axis=0)
            for power in (0, 1)
        ]
        return np.asarray(np.argmin(lost, axis=0).reshape(values.shape[1:]))

    def spread(self, values: Array) -> Array:
        """Functions at the places, (m, ...), at the modes, (n, ...)."""
        flat = values.reshape(self.position.size, -1)
        powers = self.powers(flat)
        modes, places = self.steep
        found = (self.table @ (places[:, None] ** powers * flat)) / modes[:, None] ** powers
        return np.asarray(found.reshape(-1, *values.shape[1:]))

    def gathered(self, weights: Array, power: int) -> Real:
        """Weights of the modes (last axis) as weights of the places: those of conjugate partners are understood."""
        modes, places = self.steep
        return np.asarray(np.real(weights / modes**power @ self.table) * places**power)


def places_for(panel: Panel, moments: MomentMap, position: Array) -> Places | None:
    """None where modes are few, or digits would be lost."""
    per_place = 4 if np.iscomplexobj(position) else 1  # real systems that a mode costs
    if moments.core != 3 or position.size * per_place < _WORTH * 3 * panel.degree:
        return None
    size = np.abs(position)
    low, high = size.min() * (1 - _BEYOND), size.max() * (1 + _BEYOND)
    spare = np.geomspace(low, high, 1 + round(np.log(high / low) / _SPARE)) if high > low > 0 else np.zeros(0)
    if spare.size * 2 > 3 * panel.degree + spare.size:
        return None
    chosen = _between(np.concatenate([_poles(panel, moments), -spare, [np.inf, np.inf]]), low, high)
    weights = _weights(_determinant(panel, moments, chosen), chosen, spare)
    parts = weights / (position[:, None] - chosen)
    table = parts / parts.sum(axis=1)[:, None]
    if not np.abs(table).sum(axis=1).max() < _MOST_LOST:
        return None
    dying = 1 / (panel.length * np.abs(moments.linear).max())
    return Places(position=chosen, table=table, steep=(position + dying, chosen + dying))


def _poles(panel: Panel, moments: MomentMap) -> Array:
    """Where the panel's equations have no solution, the 3 p nearest to the origin.

    Formula: with y = z V x they are (M_0 + z M_1) x + z U y, linear in z.
    """
    degree, size = panel.degree, moments.core
    core = slice(size)
    still = panel.matrix(panel.length * np.moveaxis(moments.constant[:, core, core], 0, -1)[None])[1][0]
    moving = panel.weighted(panel.length * np.moveaxis(moments.linear[:, core, core], 0, -1)[None])[1][0]
    own = -moments.spread * panel.length * moments.feed[:, core].T[:, :, None] * np.eye(degree)
    seen = (moments.drive[core, None, None] * panel.shift[:, 1:]).swapaxes(0, 1).reshape(degree, -1)
    upper = np.linalg.solve(still, np.concatenate([moving, own.reshape(-1, degree)], axis=1))
    lower = np.concatenate([-seen, np.zeros((degree, degree))], axis=1)
    inverse = np.linalg.eigvals(np.concatenate([upper, lower]))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(-1 / inverse[np.argsort(-np.abs(inverse))][: size * degree])


def _between(poles: Array, low: float, high: float) -> Real:
    """As many places as poles."""
    with np.errstate(invalid="ignore"):
        squares = np.where(np.isfinite(poles), (poles - low) / (high - poles), -1.0)
    roots = np.sqrt(squares.astype(complex))
    away, height = roots.real, np.maximum(np.abs(roots.imag), np.finfo(float).tiny)
    ends = np.log(np.sqrt(low / high) / 1e4), np.log(1e4)
    points = np.exp(np.linspace(*ends, _COUNTED))
    turned = (np.arctan((points[:, None] - away) / height) + np.arctan((points[:, None] + away) / height)).sum(axis=1)
    wanted = np.interp((np.arange(poles.size) + 0.5) * np.pi, turned, np.log(points))
    found = np.exp(2 * wanted)
    return np.asarray((low + high * found) / (1 + found))


def _determinant(panel: Panel, moments: MomentMap, position: Real) -> tuple[Real, NDArray[np.int_]]:
    """Of the panel's equations at each place: a float and a power of 2."""
    core = slice(moments.core)
    matrix = panel.matrix(panel.length * moments.part(position, core, core))[1]
    factors = np.diagonal(np.linalg.qr(matrix, mode="r"), axis1=1, axis2=2)
    value, power = _product(np.abs(factors))
    return np.linalg.slogdet(matrix).sign * value, power


def _weights(determinant: tuple[Real, NDArray[np.int_]], places: Real, spare: Real) -> Real:
    """w_j, the largest of them near 1; products of so many factors leave the floats, and logs would lose digits."""
    gaps = places[:, None] - places
    np.fill_diagonal(gaps, 1.0)
    (above, up), (below, down) = _product(places[:, None] + spare), _product(gaps)
    value, more = np.frexp(determinant[0] * above / below)
    power = determinant[1] + up - down + more
    return np.asarray(np.ldexp(value, power - power.max()))


def _product(values: Real) -> tuple[Real, NDArray[np.int_]]:
    """Over the last axis: a float and a power of 2."""
    value, power = np.frexp(values)
    return value.prod(axis=-1), power.sum(axis=-1)
