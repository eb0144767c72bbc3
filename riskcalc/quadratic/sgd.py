"""SGD on v as it is done, run by run: v_j <- v_j (1 + 2 gamma mean over the batch of r x_j), f = <x, v*v>.

Each step is a polynomial in Gaussians of a degree that grows with the steps, and a run diverges with positive
probability: runs that did are counted, and medians stated. Source: D71.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.stats import binom

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.quadratic.coordinates import Coordinates
from riskcalc.quadratic.curve import QuadraticCurve
from riskcalc.quantity import GivenWhole, Real, frozen, given, whole

MOST_WORK = 1e12  # normals
MOST_HELD = 10**8  # numbers of one kind at a time, of which there are four
_LOST = 1e3  # times the power of the labels, or what the start makes it: no run comes back from there
_LEVEL = 0.95


@frozen(kw_only=True)
class QuadraticSGD:
    """Simulated runs, all coordinates of each, for `quadratic_risk`.

    Parameters
    ----------
    runs : whole number, default 200
        At least 2; from 6 on the median has an interval.
    seed : whole number, default 0
        Of the samples.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: finite model size; memory of runs x M.

    Source: D71; the update itself.

    Examples
    --------
    >>> QuadraticSGD(runs=10).runs
    10
    """

    runs: GivenWhole = given(default=200)
    seed: GivenWhole = given(default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "runs", whole(self.runs, "runs", least=2))
        object.__setattr__(self, "seed", whole(self.seed, "seed"))

    def simulate(self, run: Run, coordinates: Coordinates, *, start: float) -> QuadraticCurve:
        """Medians, and how many runs were lost."""
        found = np.array(list(self.excess(run, coordinates, start=start)))
        begun = float((coordinates.target - start) ** 2 @ coordinates.eigenvalue)
        usual = max(coordinates.signal, begun) + coordinates.beyond + coordinates.noise
        with np.errstate(invalid="ignore"):
            gone = np.logical_or.accumulate(~(found <= _LOST * usual), axis=0)
        ranked = np.sort(np.where(gone, np.inf, found), axis=1)
        left = self.runs - gone.sum(axis=1)
        mean = np.array([row[:count].mean() if count else np.inf for row, count in zip(ranked, left, strict=True)])
        error = [
            row[:count].std(ddof=1) / np.sqrt(count) if count > 1 else np.inf
            for row, count in zip(ranked, left, strict=True)
        ]
        below = int(binom.ppf((1 - _LEVEL) / 2, self.runs, 0.5)) - 1  # the chance that so few lie below the median
        ends = (None, None) if below < 0 else (ranked[:, below], ranked[:, self.runs - 1 - below])
        middle = ranked[:, [(self.runs - 1) // 2, self.runs // 2]].mean(axis=1)
        return QuadraticCurve(
            steps=run.steps,
            excess=middle,
            mean=mean,
            standard_error=np.array(error),
            low=ends[0],
            high=ends[1],
            lost=tuple(int(count) for count in gone.sum(axis=1)),
            runs=self.runs,
            irreducible=coordinates.noise,
            approximation=coordinates.beyond,
            claim=f"median of {self.runs} simulated runs",
            asked=run.question,
        )

    def excess(self, run: Run, coordinates: Coordinates, *, start: float) -> Iterator[Real]:
        """Of every run, at each recorded step."""
        for w in self.weights(run, coordinates, start=start):
            with np.errstate(over="ignore", invalid="ignore"):
                yield (coordinates.target - w) ** 2 @ coordinates.eigenvalue + coordinates.beyond

    def weights(self, run: Run, coordinates: Coordinates, *, start: float) -> Iterator[Real]:
        """w = v*v of every run at each recorded step, (runs, M)."""
        number = len(coordinates.target)
        work = float(self.runs) * number * run.steps[-1] * run.batch_size
        if work > MOST_WORK:
            raise InvalidInput(f"this simulation draws {work:.1e} normals, more than {MOST_WORK:.0e}: use fewer runs")
        if self.runs * number > MOST_HELD:
            raise InvalidInput(
                f"{self.runs} runs of {number} coordinates are held at once, more than {MOST_HELD:.0e} numbers: use "
                "fewer runs, or MeanField()"
            )
        generator = np.random.Generator(np.random.SFC64(self.seed))
        root, spread = np.sqrt(coordinates.eigenvalue), np.sqrt(coordinates.beyond + coordinates.noise)
        v = np.full((self.runs, number), np.sqrt(start))
        recorded = iter(run.steps)
        following = next(recorded)
        sizes = run.schedule.step_sizes(0, run.steps[-1], horizon=run.horizon).tolist()
        with np.errstate(over="ignore", invalid="ignore"):
            for step, size in enumerate([*sizes, 0.0]):
                if step == following:
                    yield v * v
                    following = next(recorded, -1)
                pushed = np.zeros_like(v)
                for _ in range(run.batch_size if step < len(sizes) else 0):
                    x = generator.standard_normal(v.shape) * root
                    labels = x @ coordinates.target + spread * generator.standard_normal(self.runs)
                    missed = labels - np.einsum("rj,rj->r", x, v * v)
                    pushed += missed[:, None] * x
                v *= 1 + 2 * size / run.batch_size * pushed
