"""The model size at a fixed number of samples: one-pass SGD beside the ridgeless fit of the same samples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from riskcalc.curve import RiskCurve, Run
from riskcalc.equivalent import Equivalent
from riskcalc.errors import InvalidInput
from riskcalc.least_squares import LeastSquaresRisk, ridge_risk
from riskcalc.problem import Problem
from riskcalc.quantity import Number, NumberLike, Real, listed, number, of_type, plain, whole
from riskcalc.schedule import Custom, Geometric, listed_sizes

_STEPWISE = 5000  # samples up to which going step by step is the faster way
_NEAREST = 1 / 64  # relative distance from M = n at which the peak of the ridgeless fit is cut off
_SIZES = "a list of model sizes"
_FEWEST_SAMPLES = 4  # two halvings
_TAIL = 4096  # terms of the effective dimension that are summed one by one


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelSizeSweep:
    """At n samples, over the model size M.

    sgd: a curve with one recorded step, t = n, for each of `model_sizes`: one pass, batch size 1, geometric schedule
    with peak `step_size`. fits: the ridgeless fit for each of `fit_sizes`, whose grid is fine near its peak at M = n.
    effective_samples: N_eff = n/log2(n). effective_dimension: D, one a model size.
    """

    samples: int
    step_size: Number
    model_sizes: Real
    sgd: tuple[RiskCurve, ...]
    fit_sizes: Real
    fits: tuple[LeastSquaresRisk, ...]
    effective_samples: float
    effective_dimension: Real
    asked: dict[str, Any]

    @property
    def sgd_excess(self) -> Real:
        return np.array([curve.excess[-1] for curve in self.sgd])

    @property
    def sgd_variance(self) -> Real:
        return np.array([np.nan if curve.variance is None else curve.variance[-1] for curve in self.sgd])

    @property
    def fit_excess(self) -> Real:
        return np.array([fit.excess for fit in self.fits])

    @property
    def noise_level(self) -> Real:
        """sigma2 + approximation, which every sample carries, one a model size."""
        return np.array([curve.irreducible + curve.approximation for curve in self.sgd])

    @property
    def variance_bound(self) -> Real:
        """noise level * D/N_eff, D the effective dimension: the variance without its constant (D35)."""
        return self.noise_level * self.effective_dimension / self.effective_samples


def model_size_sweep(
    problem: Problem,
    *,
    samples: NumberLike,
    step_size: NumberLike,
    model_sizes: Sequence[NumberLike] | None = None,
    points: NumberLike = 13,
    decades: NumberLike = 2,
) -> ModelSizeSweep:
    """One-pass SGD and ridgeless least squares on the same n samples, for model sizes below and far above n.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    samples : number
        n, the number of samples; a whole number where it is not said otherwise.
    step_size : number
        Of the first step; the schedule halves it.
    model_sizes : sequence of number or None, default None
        By default `points` of them, evenly in log M from 2 to 10^decades n, or to just below the dimension where
        that is finite.
    points : number, default 13
        How many model sizes, where they are not given.
    decades : number, default 2
        How far they reach above n.

    Returns
    -------
    ModelSizeSweep
        Excess and variance of both methods over the model sizes, shape (points,).

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Formula: SGD with gamma_t = step_size/2^floor(t/N_eff), t = 1..n, N_eff = n/log2(n); the fit of D34 without a
    ridge; D = sum_{j <= M} min(1, (N_eff step_size lambda_j)^2). All by the deterministic equivalent.

    Valid: n >= 4; step_size stable.

    Source: D34, D35; Lin et al. (arXiv 2406.08466), their Var.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> found = model_size_sweep(problem, samples=64, step_size="1/10", model_sizes=[10, 1000])
    >>> len(found.model_sizes)
    2
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    count, peak = whole(samples, "samples", least=_FEWEST_SAMPLES), number(step_size, "step_size")
    many, span = whole(points, "points", least=2), float(number(decades, "decades"))
    if not -10 <= span <= 20:
        raise InvalidInput(f"decades must lie between -10 and 20, not {decades}")
    sizes = _default_sizes(problem, count, many, span) if model_sizes is None else _given_sizes(model_sizes)
    fit_sizes = _fit_sizes(sizes, count)
    effective = count / math.log2(count)
    schedule = Geometric(peak)
    steps = Custom(listed_sizes(schedule, 0, count, horizon=count)) if count <= _STEPWISE else schedule
    road = Equivalent()
    return ModelSizeSweep(
        samples=count,
        step_size=peak,
        model_sizes=sizes,
        sgd=tuple(road.curve(Run(problem, model_size=size, schedule=steps, steps=[count])) for size in sizes.tolist()),
        fit_sizes=fit_sizes,
        fits=tuple(ridge_risk(problem, model_size=size, samples=count) for size in fit_sizes.tolist()),
        effective_samples=effective,
        effective_dimension=np.array([_dimension(problem, effective * float(peak), size) for size in sizes.tolist()]),
        asked={**problem.describe(), "samples": count, "step_size": plain(peak)},
    )


def _default_sizes(problem: Problem, samples: int, points: int, decades: float) -> Real:
    most = samples * 10.0**decades
    if problem.dimension is not None:
        most = min(most, 0.9 * problem.dimension)
    if most <= 2:
        raise InvalidInput("a sweep needs a dimension above 2, and samples above 2")
    return np.geomspace(2.0, most, points)


def _given_sizes(model_sizes: Sequence[NumberLike]) -> Real:
    sizes = np.unique([float(number(size, "model_sizes")) for size in listed(model_sizes, "model_sizes", _SIZES)])
    if sizes.size < 2:
        raise InvalidInput("a sweep needs at least two different model sizes")
    return np.asarray(sizes)


def _fit_sizes(sizes: Real, samples: int) -> Real:
    """A finer grid, closing in on M = n from both sides in steps of a factor of sqrt 2."""
    low, high = float(sizes[0]), float(sizes[-1])
    grid = np.geomspace(low, high, 3 * sizes.size)
    distances = np.exp2(-np.arange(2, 2 * math.log2(1 / _NEAREST) + 1) / 2)
    near = samples * np.concatenate([1 - distances, 1 + distances])
    every = np.concatenate([grid, near[(near > low) & (near < high)]])
    return np.unique(every[np.abs(every / samples - 1) >= _NEAREST * (1 - 1e-9)])


def _dimension(problem: Problem, time: float, size: float) -> float:
    """sum over j <= M of min(1, (time lambda_j)^2); where M is not whole, the next term counts in proportion."""
    from riskcalc.problem import PowerLaw

    if isinstance(problem.spectrum, PowerLaw):
        return _power_law_dimension(problem.spectrum.a, time * float(problem.spectrum.scale), size)
    counted = np.minimum(1.0, time * np.sort(problem.eigenvalues())[::-1]) ** 2
    whole_part = math.floor(size)
    return float(counted[:whole_part].sum() + (size - whole_part) * counted[whole_part : whole_part + 1].sum())


def _power_law_dimension(a: Number, time: float, size: float) -> float:
    """Directions that are resolved count one each, the others (time j^-a)^2; their tail by the midpoint rule."""
    slope, rate = float(a), float(1 - 2 * Fraction(a))
    log_resolved = math.log(time) / slope
    if math.log(size + 1) <= log_resolved:
        return size

    def counted(place: Any) -> Any:
        return np.exp(2 * slope * np.minimum(0.0, log_resolved - np.log(place)))

    whole_part = math.floor(size)
    resolved = min(whole_part, math.floor(math.exp(log_resolved)))
    near = resolved + np.arange(1.0, min(_TAIL, whole_part - resolved) + 1)
    total = resolved + float(counted(near).sum() + (size - whole_part) * counted(whole_part + 1))
    start, end = resolved + len(near) + 0.5, whole_part + 0.5
    if end > start:
        span = math.log(end / start)
        total += float(counted(start)) * start * (math.expm1(rate * span) / rate if rate else span)
    return total
