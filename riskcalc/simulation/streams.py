"""Random streams: which random numbers a run sees. They depend on the seed and the run's place alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

# Runs are spawned one level below sketches, so that a sketch and a run never share their random numbers, even
# where their seeds are equal.
_RUNS_KEY = 0


class Seeds(Protocol):
    """One seed for each run."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> np.random.SeedSequence: ...


@dataclass(frozen=True, kw_only=True)
class RunSeeds:
    """The seeds of runs first, ..., first + runs - 1 below one root seed, made when asked for."""

    root: int
    first: int
    runs: int

    def __len__(self) -> int:
        return self.runs

    def __getitem__(self, index: int, /) -> np.random.SeedSequence:
        return np.random.SeedSequence(self.root, spawn_key=(_RUNS_KEY, self.first + index))


def part_of(seed: np.random.SeedSequence, part: int) -> np.random.SeedSequence:
    """The seed of one of several streams of a run; unlike `spawn`, the same at every call."""
    return np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, part))


def generator(seed: np.random.SeedSequence) -> np.random.Generator:
    """The generator of every stream: SFC64, the bit generator with the fastest normals."""
    return np.random.Generator(np.random.SFC64(seed))
