"""How modes have decayed by each recorded step: logs of products of one factor a step, added up along any schedule.

Formula: sum_s log(1 - x_s), x_s a polynomial in the step size gamma_s at every node. Steps of one size are
counted, not gone through. Beyond the step at which both ends of the spectrum, and so all of it, have fallen to
exp(-60), nothing moves any more, and products are left as they are: contours would have to come ever nearer to 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Complex, Real
from riskcalc.schedule import listed_sizes, name_of

LONGEST = 1_000_000  # steps of a schedule that has no stages
_GONE = 60.0
_TOGETHER = 2**18  # numbers formed at a time


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Steps start, ..., stop - 1. sizes: their distinct step sizes; counts: how many steps have each."""

    start: int
    stop: int
    sizes: Real
    counts: Real


@dataclass(frozen=True, kw_only=True)
class Course:
    """A run, up to where nothing moves. last: that step, or the last recorded one. reach: the sum of its step sizes."""

    run: Run
    last: int
    reach: float

    @classmethod
    def of(cls, run: Run, loss: Callable[[float], Real], *, patience: float = 1.0) -> Course:
        """loss: 1 - the factor by which both ends of the spectrum fall in a step of this size.

        patience: by how much longer than its modes the run remembers.
        """
        fallen, reach, last = np.zeros(2), 0.0, run.steps[-1]
        for start, stop, size in _stages(run, 0, last):
            with np.errstate(divide="ignore"):
                fall = -np.log(np.abs(1 - loss(size)))
            missing = float(np.max((_GONE * patience - fallen) / np.maximum(fall, 1e-300)))
            if missing < stop - start:
                gone = start + math.ceil(max(missing, 0.0))
                return cls(run=run, last=gone, reach=reach + (gone - start) * size)
            fallen, reach = fallen + (stop - start) * fall, reach + (stop - start) * size
        if run.schedule.stages(horizon=run.horizon) is None:
            reach = sum(float(piece.sizes @ piece.counts) for piece in _pieces(run, 0, last))
        return cls(run=run, last=last, reach=reach)

    @property
    def steps(self) -> tuple[int, ...]:
        """The recorded ones, those beyond the last one that moves anything replaced by it."""
        return tuple(min(step, self.last) for step in self.run.steps)

    def logs(self, loss: Callable[[Real], Complex]) -> Iterator[Complex]:
        """At each recorded step the sum of log(1 - x). loss: x of a step size, or of several, shape (s, 1, ...)."""
        at, total = 0, np.zeros_like(loss(np.zeros(())))
        shape = total.shape
        known = -1.0, total  # of the step size last met, which a stage has again at every recorded step
        for step in self.steps:
            for piece in _pieces(self.run, at, step):
                if piece.sizes.size == 1:
                    size = float(piece.sizes[0])
                    if size != known[0]:
                        known = size, log_rest(loss(piece.sizes[0]))
                    total = total + piece.counts[0] * known[1]
                    continue
                together = max(1, _TOGETHER // max(1, total.size))
                for first in range(0, piece.sizes.size, together):
                    part = slice(first, first + together)
                    sizes = piece.sizes[part].reshape(-1, *(1,) * len(shape))
                    added = np.tensordot(piece.counts[part], log_rest(loss(sizes)), axes=1)
                    total = total + added
            at = step
            yield total


def log_rest(x: Complex) -> Complex:
    """log(1 - x) with the digits of x: NumPy's complex logarithm loses them near 1."""
    size = np.log1p(np.maximum(np.real(x) ** 2 + np.imag(x) ** 2 - 2 * np.real(x), -1.0)) / 2
    return np.asarray(size + 1j * np.angle(1 - x))


def _stages(run: Run, start: int, stop: int) -> Iterator[tuple[int, int, float]]:
    for stage in run.schedule.stages(horizon=run.horizon) or ():
        first, last = max(start, stage.start), min(stop, stage.stop)
        if first < last:
            yield first, last, stage.step_size


def _pieces(run: Run, start: int, stop: int) -> Iterator[Piece]:
    if run.schedule.stages(horizon=run.horizon) is not None:
        for first, last, size in _stages(run, start, stop):
            yield Piece(start=first, stop=last, sizes=np.array([size]), counts=np.array([float(last - first)]))
    elif stop > LONGEST:
        raise InvalidInput(
            f"with a data set, the {name_of(run.schedule)} schedule is gone through step by step, and {stop:.6g} steps "
            f"are too many (at most {LONGEST:.0e}): use a constant or geometric schedule, or fewer steps"
        )
    elif start < stop:
        sizes, counts = np.unique(listed_sizes(run.schedule, start, stop, horizon=run.horizon), return_counts=True)
        yield Piece(start=start, stop=stop, sizes=sizes, counts=counts.astype(float))
