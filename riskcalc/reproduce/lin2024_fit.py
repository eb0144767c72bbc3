"""The fit of Lin et al.: excess = c1 M^-a1 + c2 N^-a2 with the Huber loss of its logarithm, N_eff for N in figure 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.fitting import Percentile, ScalingLawFit, fit_scaling_law
from riskcalc.reproduce.lin2024_setting import Grid, Real

_ONE_SIGMA = "0.6827"
_RESAMPLES = 200


@dataclass(frozen=True, kw_only=True)
class Additive:
    """c1 M^-model + c2 N^-data; data_error: over replicates, None where there is one grid only."""

    law: ScalingLawFit
    data_error: float | None = None

    @property
    def model(self) -> float:
        return self.law.estimates["a1"]

    @property
    def data(self) -> float:
        return self.law.estimates["a2"]


def fit_additive(grid: Grid, excess: Real, *, seed: int = 0) -> Additive:
    """excess: shape (model sizes, samples), or (replicates, model sizes, samples): these are resampled whole.

    Its irreducible part is 0: the noise is known, and so is not fitted. The standard error is half of the interval of
    68.27 %.
    """
    sizes, counts = np.meshgrid(grid.model_sizes, grid.counted, indexing="ij")
    law = fit_scaling_law(
        sizes.ravel(),
        counts.ravel(),
        excess.reshape(*excess.shape[:-2], -1),
        irreducible=0,
        level=_ONE_SIGMA,
        interval=Percentile(resamples=_RESAMPLES, seed=seed),
    )
    if law.intervals is None:
        return Additive(law=law)
    low, high = law.intervals["a2"]
    return Additive(law=law, data_error=(high - low) / 2)
