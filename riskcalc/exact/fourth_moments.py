"""The method `FourthMoments`: the exact expected risk of SGD on covariates that are not Gaussian."""

from __future__ import annotations

import numpy as np

from riskcalc.curve import Claim, RiskCurve, Run, Warrant, checked_run, single_problem
from riskcalc.errors import InvalidInput, UnstableRun
from riskcalc.exact.moment_tensor import Moments, Nodes, Sketched, moment_tensor, pairs, sketched
from riskcalc.problem import gaussian_sketch
from riskcalc.problem.sketch import MaybeSketch, checked_sketch, read_sketch
from riskcalc.quantity import GivenWhole, Real, flag, frozen, given, of_type, whole
from riskcalc.schedule import listed_sizes

_MOST_WORK = 1e11  # multiplications, about a minute
_HALVINGS = 40
_LARGEST_FOR_STABILITY = 24  # features; the matrix whose spectral radius is asked has M(M+1)/2 rows


@frozen(kw_only=True, eq=False)
class FourthMoments:
    """Exact expected risk over the SGD samples, given the sketch, for covariates of any law known as weighted points.

    Parameters
    ----------
    covariates : Nodes
        Such as KernelFeatures(kernel).
    moments : Moments, default Moments.ALL
        ALL for the truth; other members of `Moments` put Gaussian values in the place of some fourth moments, to
        see which of them matter.
    seed : whole number, default 0
        Of the sketch, as for `Exact`: the same seed gives the same sketch.
    sketch : array_like or None, default None
        An M x v matrix to use in place of a drawn one.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: with P the second moments of theta - theta*, e = (theta - theta*, -1) and g = (z, r) as in
    `moment_tensor`, a step maps P to P - gamma (K P + P K) + gamma^2 (1 - 1/B) K P K + (gamma^2/B) (E[z z^T <g,
    e>^2] + sigma2 K), and the mean of theta - theta* is multiplied by 1 - gamma K. The second moments close for
    every law; for Gaussian covariates this is the recursion of D01.

    Valid: one output, its last iterate; finite dimension, small models: memory grows like M^4/4, and so does the
    work of a step.

    Source: D31.

    Examples
    --------
    >>> from riskcalc import Brownian, Constant, KernelFeatures, PiecewisePolynomial, Run
    >>> problem = Brownian().problem(PiecewisePolynomial.monomial(1), dimension=20)
    >>> run = Run(problem, model_size=4, schedule=Constant(1), steps=[0, 10])
    >>> curve = FourthMoments(covariates=KernelFeatures(Brownian())).curve(run)
    >>> print(curve.claim, f"{curve.excess[0]:.6f}")
    given sketch 0.333332
    """

    covariates: Nodes
    moments: Moments = Moments.ALL
    seed: GivenWhole = given(default=0)
    sketch: MaybeSketch = given(default=None)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", whole(self.seed, "seed"))
        object.__setattr__(self, "sketch", read_sketch(self.sketch))
        of_type(self.covariates, Nodes, "covariates", "known as weighted points, such as KernelFeatures(kernel)")
        names = ", ".join(member.name for member in Moments)
        of_type(self.moments, Moments, "moments", f"a member of Moments ({names})")

    def curve(self, run: Run, *, force: bool = False) -> RiskCurve:
        """The curve of a run; `force` lets one that overflows through as infinite."""
        found, let = self._sketched(checked_run(run)), flag(force, "force")
        tensor = moment_tensor(found, self.covariates, self.moments)
        last = run.steps[-1]
        if last * tensor.size > _MOST_WORK:
            raise InvalidInput(
                f"{last} steps with {len(found.best)} features take {last * tensor.size:.2g} multiplications, "
                "more than "
                f"{_MOST_WORK:.0e}: ask for fewer steps or a smaller model, or simulate"
            )
        with np.errstate(over="ignore", invalid="ignore"):
            excess = _excess(found, tensor, run)
        if not (let or np.isfinite(excess).all()):
            raise UnstableRun(
                "the expected risk overflowed: the step size is too large for these covariates; "
                "largest_step_size(run) is the largest that is stable. Use a smaller one, or force the run"
            )
        return RiskCurve(
            steps=run.steps,
            excess=np.where(np.isnan(excess), np.inf, excess),
            irreducible=float(run.problem.noise),
            approximation=found.floor,
            claim=Claim.GIVEN_SKETCH,
            warrant=Warrant.COMPUTED,
            asked=run.question,
            method={
                "name": "fourth moments",
                "covariates": self._name(),
                "moments": self.moments.value,
                "sketch": f"seed {self.seed}" if self.sketch is None else "given",
            },
        )

    def largest_step_size(self, run: Run) -> float:
        """The largest constant step size at which the second moments stay bounded, at the run's batch size.

        Formula: where the spectral radius of P -> E (1 - gamma H) P (1 - gamma H), H the batch mean of z z^T, is 1. The
            stable step sizes are an interval, because the map is quadratic and convex in gamma. Source: D31.
        """
        found = self._sketched(checked_run(run))
        size = len(found.best)
        if size > _LARGEST_FOR_STABILITY:
            raise InvalidInput(
                f"stability is computed for at most {_LARGEST_FOR_STABILITY} features, not {size}: use a smaller model"
            )
        positions, rotation = np.linalg.eigh(found.covariance)
        unit = Sketched(
            rows=np.vstack([rotation.T @ found.rows[:-1], found.rows[-1:]]),
            covariance=np.diag(positions),
            best=rotation.T @ found.best,
            floor=found.floor,
        )
        (i, k), (a, b) = pairs(size), pairs(size + 1)
        tensor = moment_tensor(unit, self.covariates, self.moments)[:, b < size]
        tensor = tensor * np.where(a == b, 1.0, 2.0)[b < size]
        batch = run.batch_size
        drift, square = positions[i] + positions[k], (1 - 1 / batch) * positions[i] * positions[k]

        low, high = 0.0, 2 / float(positions[-1])  # at the upper end the mean itself stops shrinking
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            step = np.diag(1 - middle * drift + middle**2 * square) + middle**2 / batch * tensor
            stable = float(np.abs(np.linalg.eigvals(step)).max()) < 1
            low, high = (middle, high) if stable else (low, middle)
        return low

    def _sketched(self, run: Run) -> Sketched:
        problem = single_problem(run, method="FourthMoments")
        model_size, dimension = whole(run.model_size, "model_size", least=1), problem.dimension
        if self.sketch is None:
            return sketched(problem, gaussian_sketch(model_size=model_size, dimension=dimension, seed=self.seed))
        return sketched(problem, checked_sketch(self.sketch, model_size=model_size, dimension=dimension))

    def _name(self) -> object:
        describe = getattr(self.covariates, "describe", None)
        return describe() if callable(describe) else type(self.covariates).__name__


def _excess(found: Sketched, tensor: Real, run: Run) -> Real:
    covariance, size, batch, noise = found.covariance, len(found.best), run.batch_size, float(run.problem.noise)
    (i, k), (a, b) = pairs(size), pairs(size + 1)
    doubled = tensor * np.where(a == b, 1.0, 2.0)
    mean, second = -found.best, np.outer(found.best, found.best)
    joint, fed = np.empty((size + 1, size + 1)), np.empty((size, size))
    joint[size, size] = 1.0
    wanted, excess = {step: place for place, step in enumerate(run.steps)}, np.empty(len(run.steps))
    for step in range(run.steps[-1] + 1):
        if step in wanted:
            excess[wanted[step]] = found.floor + np.sum(covariance * second)
        if step == run.steps[-1]:
            break
        gamma = float(listed_sizes(run.schedule, step, step + 1, horizon=run.horizon)[0])
        joint[:size, :size], joint[:size, size], joint[size, :size] = second, -mean, -mean
        fed[i, k] = fed[k, i] = doubled @ joint[a, b]
        fed += noise * covariance
        moved = covariance @ second
        second = second - gamma * (moved + moved.T) + gamma**2 * ((1 - 1 / batch) * moved @ covariance + fed / batch)
        second = (second + second.T) / 2  # what rounding adds to the antisymmetric part would grow
        mean = mean - gamma * (covariance @ mean)
    return excess
