"""What the descent needs of a sketched problem: a source of samples, and the risk of given parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from riskcalc.quantity import Real


class SampleStream(Protocol):
    """The endless sequence of fresh samples that one run sees."""

    def fill(self, samples: Real) -> None:
        """Overwrite every row of `samples` with the next sample: its M features, then its P labels."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Runs:
    """Some runs side by side: their start, shape (runs, P, M), their samples, and the excess of each, (runs, P)."""

    start: Real
    streams: Sequence[SampleStream]
    excess: Callable[[Real], Real]


class Source(Protocol):
    """One sketched problem of P outputs, P = 1 included, as something to run SGD on."""

    @property
    def shape(self) -> tuple[int, int]:
        """(P, M) of a run's parameters."""

    @property
    def approximation(self) -> Real:
        """The excess risk of the best linear model on the features, of every output; of drawn targets the mean."""

    @property
    def tile(self) -> int:
        """A stream is read in multiples of so many samples, except for the last read of a run."""

    @property
    def kept(self) -> int:
        """How many numbers each run keeps beside its parameters."""

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        """The runs with these seeds."""


_MOST_MISSED = 2**20  # numbers formed at a time when parameters are scored (8 MB)


def in_parts(score: Callable[[slice], Real], *, runs: int, size: int) -> Real:
    """What `score` gives of each of so many runs, a few at a time: it forms `size` numbers a run."""
    most = max(1, _MOST_MISSED // size)
    return np.concatenate([score(slice(first, first + most)) for first in range(0, runs, most)])


def row_sums(values: Real) -> Real:
    """The sum of each row, rounded the same whatever other rows there are."""
    return np.asarray(np.sum(np.ascontiguousarray(values), axis=-1))
