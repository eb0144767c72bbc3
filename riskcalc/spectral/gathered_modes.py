"""Any real modes, gathered: within a factor four of positions, a few of Gauss's for many.

Formula: risks are sums over modes of f_n or k_n times products of q(z_n), which are smooth in z: on a block of
positions they are replaced by Gauss's rules of the two measures, sum_n f_n delta(z - z_n) and sum_n k_n delta(z - z_n),
found by Lanczos' process. Weights stay positive, so that nothing cancels and D37 holds for them; clusters, gaps and
weights on a few modes need no care, since a rule for as many points as there are modes is the measure itself.
Valid: real modes. What a rule leaves out is relative to the weight of its block, not to what a long run leaves of it:
two rules have to be compared. Source: D66.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from riskcalc.quantity import Real
from riskcalc.spectral.gauss_rules import blocks_of, process
from riskcalc.spectral.modes import Modes

_FACTOR = 4.0  # by which positions differ in a block
_SAVED = 8  # modes that the rules of a block must save at least


def gathered(modes: Modes, *, points: tuple[int, ...]) -> tuple[Modes, ...]:
    """The modes by rules of so many points a block and measure, one list for each; as they are where none is saved.

    All come from one process: the rule of fewer points lies on the way to that of more.
    """
    order = np.argsort(-modes.position, kind="stable")
    every = _rows(
        modes.position,
        signal=modes.signal,
        kernel=modes.kernel,
        uncertainty=modes.uncertainty,
        exchanged=modes.exchanged,
    )[:, order]
    position, signal, kernel, uncertainty, exchanged = every
    blocks = list(blocks_of(position, factor=_FACTOR))
    long = [block for block in blocks if block.stop - block.start >= 2 * max(points) + _SAVED]
    if not long:
        return (modes,) * len(points)
    lists: list[list[Real]] = [[] for _ in points]
    for block in blocks:
        if block not in long:
            for found in lists:
                found.append(every[:, block])
            continue
        signals, kernels = (process(position[block], weights[block], max(points)) for weights in (signal, kernel))
        for found, count in zip(lists, points, strict=True):
            (places, weights), (others, masses) = signals.rule(count), kernels.rule(count)
            found.append(_rows(places, signal=weights, uncertainty=uncertainty[block].max()))
            found.append(_rows(others, kernel=masses, uncertainty=uncertainty[block].max()))
            if exchanged[block].any():  # as if it went from one end to the other: no less than it does to the risk
                lost, won = (part(exchanged[block], 0.0).sum() for part in (np.minimum, np.maximum))
                found.append(_rows(position[block][[0, -1]], exchanged=np.array([lost, won])))
    return tuple(_replaced(modes, np.concatenate(found, axis=1)) for found in lists)


def _rows(
    position: Real,
    *,
    signal: Real | float = 0.0,
    kernel: Real | float = 0.0,
    uncertainty: Real | float = 0.0,
    exchanged: Real | float = 0.0,
) -> Real:
    return np.stack(np.broadcast_arrays(position, signal, kernel, uncertainty, exchanged))


def _replaced(modes: Modes, found: Real) -> Modes:
    position, signal, kernel, uncertainty, exchanged = found[:, np.argsort(-found[0], kind="stable")]
    return replace(
        modes, position=position, signal=signal, kernel=kernel, uncertainty=uncertainty, exchanged=exchanged
    )
