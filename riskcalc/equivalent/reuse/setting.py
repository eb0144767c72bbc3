"""What the equivalent knows of a problem, a model size and a number of samples, for all runs: found once, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from riskcalc.curve import Run
from riskcalc.numeric.field import Field
from riskcalc.numeric.hashes import has_hash
from riskcalc.problem import Regression
from riskcalc.quantity import Number
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.reuse_landmarks import ReuseLandmarks, reuse_landmarks
from riskcalc.spectral.reuse_nodes import ReuseNodes, Shape, reuse_nodes
from riskcalc.spectral.sums import SpectralSums

_KEPT = 64
_LONGEST = 100_000  # listed eigenvalues; longer lists are not kept


class Road(Protocol):
    """What a data set asks of the road: how well to know the answer."""

    @property
    def tolerance(self) -> float: ...

    @property
    def digits(self) -> int | None: ...

    @property
    def field(self) -> Field | None: ...

    @property
    def certified(self) -> bool: ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """Spectral sums and landmarks of a problem with M features and N samples."""

    sums: SpectralSums
    model_size: Number
    samples: Number
    marks: ReuseLandmarks

    @property
    def approximation(self) -> float:
        return self.marks.sketch.approximation

    def nodes(self, shapes: Sequence[Shape], *, reach: float, limit: float) -> list[ReuseNodes]:
        return reuse_nodes(self.sums, self.model_size, self.samples, self.marks, shapes, reach=reach, limit=limit)


def setting_of(run: Run, samples: Number) -> Setting:
    """What is known, from before where it was asked before."""
    listed = not run.problem.is_power_law and (run.problem.dimension or 0) > _LONGEST
    return (_found if listed or not has_hash(run.problem) else _kept)(run.problem, run.model_size, samples)


def _found(problem: Regression, model_size: Number, samples: Number) -> Setting:
    sums = spectral_sums(problem)
    marks = reuse_landmarks(sums, model_size, samples)
    return Setting(sums=sums, model_size=model_size, samples=samples, marks=marks)


_kept = lru_cache(maxsize=_KEPT)(_found)
