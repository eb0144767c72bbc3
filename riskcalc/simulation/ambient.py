"""SGD as it is written: covariates drawn in the ambient space, then sketched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from riskcalc.problem import Regression
from riskcalc.quantity import Real, of_type
from riskcalc.simulation.best_linear import learnt, square_root
from riskcalc.simulation.covariates import CovariateLaw, Gaussian
from riskcalc.simulation.data_rows import DataRows
from riskcalc.simulation.source import Runs, Source, in_parts
from riskcalc.simulation.streams import generator, part_of
from riskcalc.simulation.targets import Targets
from riskcalc.simulation.tiles import TILE, mixed, tiled

# A multiply-add inside a matrix product takes about a hundredth of the time of drawing a normal.
_PRODUCT_COST = 0.01


@dataclass(frozen=True, kw_only=True)
class Ambient:
    """Simulate the covariates x themselves, of any law.

    Parameters
    ----------
    covariates : CovariateLaw or DataRows, optional
        The law of xi, Gaussian(), Rademacher(), StudentT(df), KernelFeatures(kernel) or any CovariateLaw; or
        DataRows(features, labels), whose rows are drawn as they are, with their own labels.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: x_j = sqrt(lambda_j) xi_j, y = <w, x> + sqrt(sigma2) eps with eps standard normal; features S x.

    Valid: finite dimension, whole model size; a step costs O(v M B).

    Source: D04, D31; the update itself.

    Examples
    --------
    >>> from riskcalc import Rademacher
    >>> Ambient(covariates=Rademacher()).covariates
    Rademacher()
    """

    name: ClassVar[str] = "ambient"
    covariates: CovariateLaw | DataRows = field(default_factory=Gaussian)

    def __post_init__(self) -> None:
        laws = "Gaussian(), Rademacher(), StudentT(df), KernelFeatures(kernel) or DataRows(features, labels)"
        of_type(self.covariates, CovariateLaw | DataRows, "covariates", laws)

    def source(self, problem: Regression, sketch: Real) -> Source:
        """The samples for one sketch, shape (M, v)."""
        if isinstance(self.covariates, DataRows):
            return self.covariates.source(problem, sketch)
        targets = Targets.of(problem)
        return AmbientSource(
            features=sketch * np.sqrt(problem.eigenvalues()),
            targets=targets,
            law=self.covariates,
            noise_root=square_root(problem.noise_covariance()),
            approximation=learnt(problem, targets, sketch).approximation,
        )

    def cost(self, *, model_size: int, dimension: int) -> float:
        """Element updates a sample."""
        if isinstance(self.covariates, DataRows):
            return 2 * model_size
        return model_size + dimension + _PRODUCT_COST * model_size * dimension

    def describe(self) -> dict[str, Any]:
        return {"name": self.name, "covariates": self.covariates.describe()}


@dataclass(frozen=True, kw_only=True, eq=False)
class AmbientSource:
    """features: what takes xi to S x, shape (M, v). Label noises are noise_root times independent normals, (P, P)."""

    features: Real
    targets: Targets
    law: CovariateLaw
    noise_root: Real
    approximation: Real
    tile: int = TILE

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.noise_root), len(self.features)

    @property
    def kept(self) -> int:
        """Each run's targets, where they are drawn."""
        return self.targets.spread.size if self.targets.drawn else 0

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        targets = self.targets.of_runs(seeds)

        def excess(parameters: Real) -> Real:
            def score(part: slice) -> Real:
                return self.targets.squared(np.matmul(parameters[part], self.features) - targets[part])

            return in_parts(score, runs=len(parameters), size=targets[0].size)

        streams = [
            _AmbientStream(
                covariates=generator(part_of(seed, 0)), noise=generator(part_of(seed, 1)), source=self, targets=own
            )
            for seed, own in zip(seeds, targets, strict=True)
        ]
        return Runs(start=np.zeros((len(seeds), *self.shape)), streams=streams, excess=excess)


@dataclass(frozen=True, kw_only=True, eq=False)
class _AmbientStream:
    """The samples of one run: covariates and label noises have streams of their own."""

    covariates: np.random.Generator
    noise: np.random.Generator
    source: AmbientSource
    targets: Real

    def fill(self, samples: Real) -> None:
        # joined only while samples are drawn: runs with targets of their own share the features
        mixing = np.vstack([self.source.features, self.targets])
        for first in range(0, len(samples), TILE):
            part = samples[first : first + TILE]
            drawn = self.source.law.draw(self.covariates, (len(part), mixing.shape[1]))
            part[:] = (tiled(drawn)[0] @ mixing.T)[: len(part)]
        outputs = len(self.targets)
        normals = self.noise.standard_normal((len(samples), outputs))
        samples[:, -outputs:] += mixed(normals, self.source.noise_root)
