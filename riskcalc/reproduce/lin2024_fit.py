"""The fit of Lin et al.: excess = c1 M^-a1 + c2 N^-a2 with the Huber loss of its logarithm, N_eff for N in figure 1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.fitting import Huber, ScalingLawFit, fit_scaling_law
from riskcalc.fitting.forms import surface_sum
from riskcalc.fitting.robust import robust_fit
from riskcalc.quantity import Real
from riskcalc.reproduce.lin2024_setting import Grid

_RESAMPLES = 100


@dataclass(frozen=True, kw_only=True)
class Additive:
    """c1 M^-model + c2 N^-data; data_error: over replicates, None where there is one grid only."""

    law: ScalingLawFit
    data_error: float | None = None

    @property
    def model(self) -> float:
        return self.law.estimates["alpha"]

    @property
    def data(self) -> float:
        return self.law.estimates["beta"]


def fit_additive(grid: Grid, excess: Real) -> Additive:
    """excess: shape (model sizes, samples). Its irreducible part is 0: the noise is known, and so is not fitted."""
    sizes, counts = _axes(grid)
    return Additive(law=fit_scaling_law(sizes, counts, excess.ravel(), irreducible=0))


def fit_replicates(grid: Grid, excess: Real, *, seed: int) -> Additive:
    """The fit to the mean over replicates, with its standard error by resampling them whole.

    excess: shape (replicates, model sizes, samples); the points of one share a sketch. Few replicates may make a
    degenerate resample, in which no end of a1 is found; it is kept, and says so by the spread of a2.
    """
    law = fit_additive(grid, excess.mean(axis=0)).law
    generator = np.random.default_rng(np.random.SeedSequence([1964, seed]))
    counts = generator.multinomial(len(excess), np.full(len(excess), 1 / len(excess)), _RESAMPLES)
    means = counts @ excess.reshape(len(excess), -1) / len(excess)
    of = law.estimates
    start = [-np.inf, np.log(of["A"]), of["alpha"], np.log(of["B"]), of["beta"]]
    model = surface_sum(*_axes(grid))
    free = range(1, len(start))
    again = robust_fit(model, np.log(means), np.tile(start, (_RESAMPLES, 1)), free=free, loss=Huber()).parameters
    return Additive(law=law, data_error=float(np.std(again[:, model.index("beta")], ddof=1)))


def _axes(grid: Grid) -> tuple[Real, Real]:
    sizes, counts = np.meshgrid(np.array(grid.model_sizes, dtype=float), grid.counted, indexing="ij")
    return sizes.ravel(), counts.ravel()
