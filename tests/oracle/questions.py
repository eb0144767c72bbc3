"""What is asked: a problem and a run in the reference's own words, with every number exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Spectrum:
    """Eigenvalues: scale j^-a; with `logarithmic`, scale j^-1 log^-a(j + 1); or listed ones. v = None is infinite."""

    a: Fraction | None = None
    dimension: int | None = None
    scale: Fraction = Fraction(1)
    logarithmic: bool = False
    listed: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Signal:
    """lambda_j w_j^2 = scale j^-b, or (b = None) scale lambda_j; fixed or, with `prior`, on average; or listed w_j."""

    b: Fraction | None = None
    scale: Fraction = Fraction(1)
    prior: bool = False
    listed: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Step sizes: a name with its peak and numbers, or a list."""

    name: str
    peak: Fraction
    power: Fraction = Fraction(1)
    decay: Fraction = Fraction(1, 5)
    warmup: Fraction = Fraction(0)
    listed: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Memory:
    """A method of training that is not SGD: its name and numbers; rate: of an exponential mean that is read."""

    name: str
    beta: Fraction = Fraction(0)
    delta: Fraction = Fraction(0)
    decay: Fraction = Fraction(0)
    memory: Fraction = Fraction(1)
    rate: Fraction | None = None

    @property
    def steady(self) -> bool:
        """Whether all its steps are alike."""
        return self.name not in ("dana", "schedule-free")


@dataclass(frozen=True, kw_only=True)
class Question:
    """One curve: by which road, on what, with which run. `tail` is the averaged fraction (None: last iterate)."""

    road: str
    spectrum: Spectrum
    signal: Signal
    noise: Fraction
    model_size: Fraction
    batch_size: int
    schedule: Schedule
    steps: tuple[int, ...]
    horizon: int
    tail: Fraction | None = None
    memory: Memory | None = None
    sketch: np.ndarray | None = field(default=None, compare=False, repr=False)
    share: float = 0.0  # of the largest stable step

    @property
    def dimension(self) -> str:
        """Of which kind the dimension is."""
        if self.spectrum.listed:
            return "explicit"
        return "infinite" if self.spectrum.dimension is None else "finite"

    @property
    def kind(self) -> str:
        """Of which kind the run is."""
        if self.memory is not None:
            return self.memory.name if self.memory.rate is None else f"{self.memory.name}, mean"
        if self.tail is not None:
            return "average"
        kinds = {"constant": "constant", "geometric": "stages", "custom": "custom"}
        return kinds.get(self.schedule.name, "smooth")
