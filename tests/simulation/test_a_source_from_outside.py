"""A source of samples written elsewhere: all that the descent asks of one is in `Source`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from riskcalc.curve import IterateAverage, LastIterate, Run
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.schedule import Constant
from riskcalc.simulation.descent import excess_of_runs
from riskcalc.simulation.source import Runs

PROBLEM = Problem(spectrum=PowerLaw(a=2, dimension=9), signal=PowerLawSignal(b=2))


@dataclass(frozen=True)
class Repeated:
    """Every sample is the same: one feature of size 1 and a label for each output, by which the run is named."""

    outputs: int
    tile: int = 1
    kept: int = 0

    @property
    def shape(self):
        return self.outputs, 1

    @property
    def approximation(self):
        return np.zeros(self.outputs)

    def runs(self, seeds):
        labels = np.array([[seed.spawn_key[-1] + output for output in range(self.outputs)] for seed in seeds])
        return Runs(
            start=np.zeros((len(seeds), *self.shape)),
            streams=[_Row(own) for own in labels],
            excess=lambda parameters: (parameters[:, :, 0] - labels) ** 2,
        )


@dataclass(frozen=True)
class _Row:
    labels: np.ndarray

    def fill(self, samples):
        samples[:] = [1.0, *self.labels]


@pytest.mark.parametrize("outputs", [1, 3])
@pytest.mark.parametrize("averaging", [LastIterate(), IterateAverage()], ids=["last", "average"])
def test_the_descent_runs_any_source(outputs, averaging):
    """theta_t = y (1 - (1 - gamma)^t): each run and output has its own y."""
    gamma, steps, seeds = 0.25, (0, 1, 2, 30), np.random.SeedSequence(0).spawn(5)
    run = Run(PROBLEM, model_size=1, schedule=Constant("1/4"), steps=steps, averaging=averaging)
    found = excess_of_runs(Repeated(outputs), seeds, run=run, chunk=2, force=False)
    share = [(1 - gamma) ** t for t in range(30)]
    left = [1, *(np.mean(share[:t]) if isinstance(averaging, IterateAverage) else (1 - gamma) ** t for t in steps[1:])]
    labels = np.arange(5)[:, None, None] + np.arange(outputs)
    np.testing.assert_allclose(found, (np.array(left)[:, None] * labels) ** 2, rtol=1e-12)
