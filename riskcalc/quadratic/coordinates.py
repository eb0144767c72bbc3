"""The first M coordinates of a problem as w = v*v sees them: eigenvalues, targets, and the signal beyond."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, Real, of_type, whole
from riskcalc.spectral.of_problem import spectral_sums

_LARGEST = 10**7


@dataclass(frozen=True, kw_only=True, eq=False)
class Coordinates:
    """eigenvalue, target: lambda_j and w*_j > 0, one a place. count: coordinates at that place. beyond: signal power of
    all others, which to these is label noise."""

    eigenvalue: Real
    target: Real
    count: Real
    beyond: float
    noise: float

    @property
    def signal(self) -> float:
        """Signal power of these coordinates."""
        return float(self.count @ (self.eigenvalue * self.target**2))

    def gathered(self, places: int) -> Coordinates:
        """On fewer places: the first ones as they are, then blocks of coordinates in a row with their means.

        A block keeps its sum of eigenvalues and its signal power.
        """
        number = len(self.eigenvalue)
        if number <= places:
            return self
        ends = np.geomspace(1, number, places)
        edges = np.unique(np.maximum(np.round(ends), np.arange(1, places + 1)).astype(int))
        starts = np.concatenate([[0], edges[:-1]])
        size = np.diff(np.concatenate([starts, [number]]))
        eigenvalue = np.add.reduceat(self.eigenvalue, starts) / size
        power = np.add.reduceat(self.eigenvalue * self.target**2, starts) / size
        return Coordinates(
            eigenvalue=eigenvalue,
            target=np.sqrt(power / eigenvalue),
            count=size.astype(float),
            beyond=self.beyond,
            noise=self.noise,
        )


def coordinates_of(problem: Problem, model_size: NumberLike) -> Coordinates:
    """The first M coordinates, in the order of the spectrum."""
    of_type(problem, Problem, "problem", "a Problem(...)")
    if problem.random_target:
        raise InvalidInput(
            "the quadratic parameterisation is followed for one target, and its risk is no mean over a prior: give "
            "PowerLawSignal(b=...) or ExplicitSignal(...), not GaussianPrior(...)"
        )
    size = whole(model_size, "model_size", least=1)
    if size > _LARGEST:
        raise InvalidInput(f"coordinates are gone through one by one: model_size goes up to {_LARGEST}, not {size}")
    if problem.dimension is not None and size > problem.dimension:
        raise InvalidInput(f"model_size {size} exceeds the dimension {problem.dimension}: use at most that many")
    endless = problem.dimension is None
    listed = replace(problem, spectrum=problem.spectrum.resized(size)) if endless else problem
    eigenvalue, target = listed.eigenvalues()[:size], np.abs(listed.target_size()[:size])
    beyond = float(np.sum(listed.signal_power()[size:]))
    if endless:
        beyond = spectral_sums(problem).moments().signal - float(np.sum(eigenvalue * target**2))
    return Coordinates(
        eigenvalue=eigenvalue,
        target=target,
        count=np.ones(size),
        beyond=max(beyond, 0.0),
        noise=float(problem.noise),
    )
