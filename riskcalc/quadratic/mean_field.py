"""The mean-field chain: every coordinate by itself, with the risk of all as the one number that they share.

Formula: given v the residual is x_j e_j + r_j with e = w* - w and r_j independent of x_j, Gaussian, of variance
R - lambda_j e_j^2, exactly. The random R of a run is replaced by its mean over particles,
    v_j <- v_j (1 + 2 gamma x (x e_j + sqrt(R - lambda_j e_j^2) g)),   R = sigma2 + beyond + sum_j lambda_j <e_j^2>.
Coordinates are gathered on few places, so that a step costs the same for any M. Source: D71.
"""

from __future__ import annotations

import numpy as np

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.quadratic.coordinates import Coordinates
from riskcalc.quadratic.curve import QuadraticCurve
from riskcalc.quadratic.sgd import MOST_HELD, MOST_WORK
from riskcalc.quantity import GivenWhole, Real, frozen, given, whole


@frozen(kw_only=True)
class MeanField:
    """The chain of one coordinate in the mean field of the risk, for `quadratic_risk`.

    Parameters
    ----------
    particles : whole number, default 100
        Of each place and replica.
    replicas : whole number, default 6
        Independent ones, whose scatter is the standard error.
    places : whole number, default 80
        At most so many, of the coordinates.
    seed : whole number, default 0
        Of all of them.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: an approximation: it leaves out what the random risk of one run does, and with few particles the mean is
    off by the order 1/particles.

    Source: D71.

    Examples
    --------
    >>> MeanField(particles=10).particles
    10
    """

    particles: GivenWhole = given(default=100)
    replicas: GivenWhole = given(default=6)
    places: GivenWhole = given(default=80)
    seed: GivenWhole = given(default=0)

    def __post_init__(self) -> None:
        for name, least in (("particles", 2), ("replicas", 2), ("places", 2), ("seed", 0)):
            object.__setattr__(self, name, whole(getattr(self, name), name, least=least))

    def simulate(self, run: Run, coordinates: Coordinates, *, start: float) -> QuadraticCurve:
        """Mean of the replicas."""
        found = self._excess(run, coordinates.gathered(self.places), start)
        if not np.isfinite(found).all():
            place = int(np.argmin(np.isfinite(found).all(axis=1)))
            raise InvalidInput(
                f"the chain diverges before step {run.steps[place]}: use a smaller step size, or QuadraticSGD(), which "
                "counts the runs that do"
            )
        mean = found.mean(axis=1)
        return QuadraticCurve(
            steps=run.steps,
            excess=mean,
            mean=mean,
            standard_error=found.std(axis=1, ddof=1) / np.sqrt(self.replicas),
            low=None,
            high=None,
            lost=None,
            runs=self.replicas,
            irreducible=coordinates.noise,
            approximation=coordinates.beyond,
            claim=f"mean-field chain, mean of {self.replicas} replicas",
            asked=run.question,
        )

    def _excess(self, run: Run, places: Coordinates, start: float) -> Real:
        """Of every replica, at each recorded step."""
        shape = (self.replicas, len(places.target), self.particles)
        work = 2.0 * np.prod(shape) * run.steps[-1] * run.batch_size
        if work > MOST_WORK:
            raise InvalidInput(f"this chain draws {work:.1e} normals, more than {MOST_WORK:.0e}: use fewer particles")
        if np.prod(shape) > MOST_HELD:
            raise InvalidInput(
                f"{shape[0]} replicas of {shape[1]} places with {shape[2]} particles are held at once, more than "
                f"{MOST_HELD:.0e} numbers: use fewer"
            )
        generator = np.random.Generator(np.random.SFC64(self.seed))
        eigenvalue, target = places.eigenvalue[:, None], places.target[:, None]
        root, weight = np.sqrt(eigenvalue), places.count * places.eigenvalue
        v = np.full(shape, np.sqrt(start))
        sizes = run.schedule.step_sizes(0, run.steps[-1], horizon=run.horizon).tolist()
        found, recorded = [], set(run.steps)
        with np.errstate(over="ignore", invalid="ignore"):
            for step, size in enumerate([*sizes, 0.0]):
                error = target - v * v
                square = error**2
                excess = places.beyond + square.mean(axis=2) @ weight
                if step in recorded:
                    found.append(excess)
                if step == len(sizes):
                    break
                spread = np.sqrt(np.maximum((places.noise + excess)[:, None, None] - eigenvalue * square, 0.0))
                pushed = np.zeros(shape)
                for _ in range(run.batch_size):
                    x = root * generator.standard_normal(shape)
                    pushed += x * (x * error + spread * generator.standard_normal(shape))
                v *= 1 + 2 * size / run.batch_size * pushed
        return np.array(found)
