"""What the descent needs of a sketched problem: a source of samples, and the risk of given parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


class SampleStream(Protocol):
    """The endless sequence of fresh samples that one run sees."""

    def fill(self, samples: Values) -> None:
        """Overwrite every row of `samples` with the next sample: its features, then its label or labels."""


class SampleSource(Protocol):
    """One sketched problem, as something to run SGD on."""

    @property
    def start(self) -> Values:
        """The parameters before the first step, one for each feature; a row for each output where there are several."""

    @property
    def approximation(self) -> float | Values:
        """The excess risk of the best linear model on the features, of every output where there are several."""

    @property
    def tile(self) -> int:
        """A stream is read in multiples of so many samples, except for the last read of a run."""

    def stream(self, seed: np.random.SeedSequence) -> SampleStream:
        """The samples of the run with this seed."""

    def excess(self, parameters: Values) -> Values:
        """The population excess risk of each run's `parameters`, of every output where there are several."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Runs:
    """Some runs side by side: their start, shape (runs, M) or (runs, P, M), their samples, and the excess of each."""

    start: Values
    streams: Sequence[SampleStream]
    excess: Callable[[Values], Values]


@runtime_checkable
class SourceOfTargets(Protocol):
    """A sketched problem whose runs each have a target of their own."""

    @property
    def start(self) -> Values:
        """Something of the shape of a run's parameters."""

    @property
    def approximation(self) -> float | Values:
        """The excess risk of the best linear model, averaged over targets; of every output where there are several."""

    @property
    def tile(self) -> int:
        """As for `SampleSource`."""

    @property
    def kept(self) -> int:
        """How many numbers each run keeps beside its parameters."""

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        """The runs with these seeds."""


Source = SampleSource | SourceOfTargets


def runs_of(source: Source, seeds: Sequence[np.random.SeedSequence]) -> Runs:
    """The runs with these seeds, on one target or each on its own."""
    if isinstance(source, SourceOfTargets):
        return source.runs(seeds)
    return Runs(
        start=np.stack([source.start] * len(seeds)),
        streams=[source.stream(seed) for seed in seeds],
        excess=source.excess,
    )


_MOST_MISSED = 2**20  # numbers formed at a time when parameters are scored (8 MB)


def squared_norms(missed: Callable[[Values], Values], parameters: Values, *, size: int) -> Values:
    """|missed(theta)|^2 of each row theta of `parameters`, in parts: `missed` gives `size` numbers a row."""
    most = max(1, _MOST_MISSED // size)
    parts = [parameters[first : first + most] for first in range(0, len(parameters), most)]
    return np.concatenate([row_sums(missed(part) ** 2) for part in parts])


def row_sums(values: Values) -> Values:
    """The sum of each row, rounded the same whatever other rows there are."""
    return np.asarray(np.sum(np.ascontiguousarray(values), axis=-1))
