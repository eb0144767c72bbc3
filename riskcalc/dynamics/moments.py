"""From the buffers of a method to the second moments of one mode, which a small matrix moves.

Formula: with G = drift - z kick drive^T, A = 1 - G moves a coordinate's buffers, and x_ij = z E[u_i u_j] obeys
x' = x - N x + D (k/B)(E + tau), N = N_0 + z N_1 - (1 + 1/B) z^2 D C^T, where 1 - A (x) A = G (x) 1 + 1 (x) G - G (x) G
is formed without cancellation, D = kick (x) kick, and C, R read the squares of drive.u and read.u. E = sum over the
modes of C.x: gradients are noisy as the risk is where they are taken. With one buffer N = 1 - q. Source: D38.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics.method import Method
from riskcalc.optimiser import alike
from riskcalc.quantity import Array, Real


@dataclass(frozen=True, kw_only=True, eq=False)
class MomentMap:
    """T steps of a method, for m = b (b + 1)/2 moments, those of the core first and each later one fed by earlier ones.

    constant, linear: N_0 and N_1, (T, m, m). feed: D, (T, m). drive, read: C and R, (m,). core: how many moments are
    closed among themselves. spread: 1 + 1/B.
    """

    constant: Real
    linear: Real
    feed: Real
    drive: Real
    read: Real
    core: int
    spread: float | np.floating[Any]

    @property
    def size(self) -> int:
        """m."""
        return int(self.drive.size)

    @cached_property
    def quadratic(self) -> Real:
        """D C^T, (T, m, m)."""
        return self.feed[:, :, None] * self.drive

    @cached_property
    def joined(self) -> NDArray[np.bool_]:
        """Which entries of N are not zero for every mode and step, (m, m)."""
        return np.asarray(
            ((self.constant != 0) | (self.linear != 0) | (self.quadratic != 0)).any(axis=0)
        )

    @cached_property
    def _entangled(self) -> bool:
        """Whether a moment is fed by later ones."""
        return bool(np.triu(self.joined, 1).any())

    @property
    def reads_where_it_drives(self) -> bool:
        """Whether the model that is read stands where gradients are taken."""
        return np.array_equal(self.drive, self.read)

    @property
    def remembers(self) -> bool:
        """Whether what is read never dies out by itself, as a sum does not."""
        return bool((~np.diag(self.joined) & (self.read != 0)).any())

    @cached_property
    def blocks(self) -> list[slice]:
        """Moments that have to be solved for together, each block fed by those before it; the first is the core."""
        cuts = [k for k in range(self.core, self.size) if not self.joined[:k, k:].any()]
        return [slice(first, last) for first, last in pairwise([0, *cuts, self.size])]

    def core_of(self, position: Array) -> Array:
        """The core of N of each mode at the first step, (n, core, core)."""
        return self._table(position, self.core)

    def losses(self, position: Array) -> Array:
        """The eigenvalues of N of each mode, (n, m), without those of a core of one buffer.

        That 1 - q is between 0 and B/(B + 1).
        """
        if self._entangled:
            return np.asarray(np.linalg.eigvals(self._table(position, self.size)))
        found = np.empty((position.size, self.size - (self.core == 1)), dtype=position.dtype)
        for place in range(found.shape[1]):
            entry = self.size - found.shape[1] + place
            found[:, place] = self.loss(entry, entry, position)[0]
        return found

    def _table(self, position: Array, size: int) -> Array:
        entries = [[self.loss(i, j, position)[0] for j in range(size)] for i in range(size)]
        return np.moveaxis(np.array(entries), -1, 0)

    def part(self, position: Array, rows: slice, columns: slice) -> Array:
        """Entries of N at every step, (n, rows, columns, T)."""
        every = range(self.size)
        entries = [[self.loss(i, j, position).T for j in every[columns]] for i in every[rows]]
        return np.moveaxis(np.array(entries), 2, 0)

    def loss(self, row: int, column: int, position: Array) -> Array:
        """An entry of N, (T, n)."""
        z = position
        linear, quadratic = self.linear[:, row, column, None], self.quadratic[:, row, column, None]
        return np.asarray(self.constant[:, row, column, None] + z * (linear - self.spread * quadratic * z))


def moment_map(method: Method, steps: Array, sizes: Array, *, batch_size: int) -> MomentMap:
    """The map of the moments at steps with these step sizes; in the numbers of the step sizes, floats or others."""
    found = method.coefficients(steps, sizes)
    layout = _layout(found.read.size, method.core)
    still, moving = found.drift, -found.kick[:, :, None] * found.drive  # G = still + z moving
    unit = np.eye(found.read.size)
    constant = _kron(still, unit - still) + _kron(unit, still)
    linear = _kron(moving, unit - still) + _kron(unit - still, moving)
    one = alike(1, sizes) if sizes.dtype == object else sizes.dtype.type(1)
    return MomentMap(
        constant=layout.of_matrices(constant),
        linear=layout.of_matrices(linear),
        feed=layout.of_vectors(_kron(found.kick[:, :, None], found.kick[:, :, None])[:, :, 0]),
        drive=np.outer(found.drive, found.drive).ravel() @ layout.columns,
        read=np.outer(found.read, found.read).ravel() @ layout.columns,
        core=method.core * (method.core + 1) // 2,
        spread=1 + one / batch_size,
    )


@dataclass(frozen=True)
class _Layout:
    """Entries i <= j of a symmetric matrix among all b^2: `rows` picks them, `columns` writes all from them."""

    rows: Real
    columns: Real

    def of_matrices(self, matrices: Array) -> Array:
        """(T, b^2, b^2); a product with 1 costs as much as all else of a step."""
        return matrices if self.rows.size == 1 else np.asarray(self.rows @ matrices @ self.columns)

    def of_vectors(self, vectors: Array) -> Array:
        """(T, b^2)."""
        return vectors if self.rows.size == 1 else np.asarray(vectors @ self.rows.T)


@lru_cache
def _layout(buffers: int, core: int) -> _Layout:
    pairs = _pairs(buffers, core)
    rows, columns = np.zeros((len(pairs), buffers**2)), np.zeros((buffers**2, len(pairs)))
    for place, (i, j) in enumerate(pairs):
        rows[place, i * buffers + j] = 1
        columns[[i * buffers + j, j * buffers + i], place] = 1
    return _Layout(rows, columns)


def _kron(left: Real, right: Real) -> Real:
    """left (x) right, of one or of T matrices each: (T, b^2, b^2)."""
    product = left[..., :, None, :, None] * right[..., None, :, None, :]
    rows, columns = (left.shape[-k] * right.shape[-k] for k in (2, 1))
    return product.reshape(*product.shape[:-4], rows, columns)


def start_state(method: Method, signal: Array) -> Array:
    """The moments of both responses, (2, m, n): the bias starts from the signal, the variance from nothing."""
    start = np.array(method.start)
    weights = np.array([start[i] * start[j] for i, j in _pairs(start.size, method.core)])
    bias = np.multiply.outer(weights, signal)
    return np.stack([bias, np.zeros_like(bias)])


def with_followers(method: Method, core: Array) -> Array:
    """Moments whose core is given, (2, core, n), and whose followers have just started from zero."""
    buffers = len(method.start)
    found = np.zeros((len(core), buffers * (buffers + 1) // 2, core.shape[2]), dtype=core.dtype)
    found[:, : core.shape[1]] = core
    return found


def _pairs(buffers: int, core: int) -> list[tuple[int, int]]:
    """Entries i <= j of a symmetric matrix: those of the core, of core and followers, of the followers."""
    every = [(i, j) for i in range(buffers) for j in range(i, buffers)]
    return sorted(every, key=lambda pair: (pair[0] >= core) + (pair[1] >= core))
