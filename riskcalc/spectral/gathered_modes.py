"""Any real modes, gathered: within a factor four of positions, a few of Gauss's for many.

Formula: risks are sums over modes of f_n or k_n times products of q(z_n), which are smooth in z: on a block of
positions they are replaced by Gauss's rules of the two measures, sum_n f_n delta(z - z_n) and sum_n k_n delta(z - z_n),
found by Lanczos' process. Weights stay positive, so that nothing cancels and D37 holds for them; clusters, gaps and
weights on a few modes need no care, since a rule for as many points as there are modes is the measure itself.
Valid: real modes. What a rule leaves out is relative to the weight of its block, not to what a long run leaves of it:
two rules have to be compared. Source: D66.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.quantity import Real
from riskcalc.spectral.modes import Modes

_FACTOR = 4.0  # by which positions differ in a block
_SAVED = 8  # modes that the rules of a block must save at least
_EXHAUSTED = 1e-14  # of the width of a block: the next direction of Lanczos' process is rounding


def gathered(modes: Modes, *, points: tuple[int, ...]) -> tuple[Modes, ...]:
    """The modes by rules of so many points a block and measure, one list for each; as they are where none is saved.

    All come from one process: the rule of fewer points lies on the way to that of more.
    """
    order = np.argsort(-modes.position, kind="stable")
    position, signal, kernel = (values[order] for values in (modes.position, modes.signal, modes.kernel))
    blocks = list(_blocks(position))
    long = [block for block in blocks if block.stop - block.start >= 2 * max(points) + _SAVED]
    if not long:
        return (modes,) * len(points)
    lists: list[list[Real]] = [[] for _ in points]
    for block in blocks:
        if block not in long:
            for found in lists:
                found.append(np.stack([position[block], signal[block], kernel[block]]))
            continue
        signals, kernels = (_lanczos(position[block], weights[block], max(points)) for weights in (signal, kernel))
        for found, count in zip(lists, points, strict=True):
            (places, weights), (others, masses) = signals.rule(count), kernels.rule(count)
            found.append(np.stack([places, weights, np.zeros_like(places)]))
            found.append(np.stack([others, np.zeros_like(others), masses]))
    return tuple(_replaced(modes, np.concatenate(found, axis=1)) for found in lists)


def _replaced(modes: Modes, found: Real) -> Modes:
    position, signal, kernel = found[:, np.argsort(-found[0], kind="stable")]
    return replace(modes, position=position, signal=signal, kernel=kernel)


def _blocks(position: Real) -> Iterator[slice]:
    """Of descending positions."""
    start = 0
    while start < position.size:
        stop = int(np.searchsorted(-position, -position[start] / _FACTOR, side="left"))
        stop = max(stop, start + 1)
        yield slice(start, stop)
        start = stop


@dataclass(frozen=True, kw_only=True, eq=False)
class _Process:
    """Lanczos' process of a measure: multiplication by (z - middle)/half in the basis of its orthogonal polynomials."""

    middle: float
    half: float
    mass: float
    diagonal: Real
    beside: Real

    def rule(self, points: int) -> tuple[Real, Real]:
        """Gauss's places and weights, at most so many."""
        if not self.diagonal.size:
            return self.diagonal, self.diagonal
        matrix = np.diag(self.diagonal[:points])
        places = np.arange(len(matrix) - 1)
        matrix[places + 1, places] = self.beside[: len(places)]  # the lower triangle is read
        found, vectors = np.linalg.eigh(matrix)
        return self.middle + self.half * np.clip(found, -1, 1), self.mass * vectors[0] ** 2


def _lanczos(position: Real, weights: Real, points: int) -> _Process:
    """As many steps as there are points, or places that carry weight; none without weight."""
    middle, half = (position[0] + position[-1]) / 2, (position[0] - position[-1]) / 2
    mass = float(weights.sum())
    places = (position - middle) / half if half else np.zeros_like(position)
    basis = np.empty((points, position.size))
    diagonal, beside = [], []
    new = np.sqrt(weights / mass) if mass else weights
    for step in range(points if mass else 0):
        basis[step] = new
        new = places * new
        diagonal.append(float(basis[step] @ new))
        for _ in range(2):
            new = new - (basis[: step + 1] @ new) @ basis[: step + 1]
        size = float(np.sqrt(new @ new))
        if size < _EXHAUSTED:
            break
        beside.append(size)
        new = new / size
    return _Process(
        middle=float(middle), half=float(half), mass=mass, diagonal=np.array(diagonal), beside=np.array(beside)
    )
