"""Intervals from replicates: whole runs are resampled, so what the steps of a run share is kept."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.progress import progress
from riskcalc.quantity import Array, GivenWhole, Real, frozen, given, of_type, whole

_MOST_RESAMPLES = 100_000
_ROUNDING = 1e-12  # relative; replicates that differ by no more are the same
_MOST_FAILED = 0.01  # of the resamples; a fit that fails more often has no distribution to speak of


class Functional(Protocol):
    """Statistics of a mean curve: what a fit of it says."""

    def statistics(self, means: Real) -> Real:
        """Shape (sets, statistics) for means of shape (sets, points); nan in rows whose fit did not converge."""

    def influence(self, means: Real) -> tuple[Real, Real]:
        """The statistics, and their derivatives by the means, shape (sets, statistics, points)."""


@runtime_checkable
class Interval(Protocol):
    """A way to an interval."""

    def limits(self, functional: Functional, replicates: Real, *, level: float) -> Real:
        """Lower and upper limits, shape (2, statistics); replicates of shape (runs, points)."""

    def describe(self) -> str:
        """The way in words."""


def read_interval(interval: object, *, default: Interval) -> Interval:
    """The interval that was asked for, or `default` for None."""
    ways = "Studentised(), Percentile() or BCa()"
    return default if interval is None else of_type(interval, Interval, "interval", ways)


@frozen(kw_only=True)
class Studentised:
    """Symmetric studentised bootstrap over whole replicates: the interval whose coverage was found to hold.

    Formula: estimate -+ q SE, q the level quantile of |statistic* - statistic| / SE* over resamples, SE from the
    influence of each replicate. Its error of coverage is O(1/n^2) for smooth statistics of n replicates, against
    O(1/n) for percentiles.
    Source: D28; Hall (1988), symmetric percentile-t.
    """

    resamples: GivenWhole = given(default=1000)
    seed: GivenWhole = given(default=0)

    def __post_init__(self) -> None:
        _check(self)

    def limits(self, functional: Functional, replicates: Real, *, level: float) -> Real:
        runs = len(replicates)
        estimate, slopes = functional.influence(replicates.mean(axis=0)[None])
        if (np.ptp(replicates, axis=0) <= _ROUNDING * replicates.mean(axis=0)).all():
            return np.vstack([estimate, estimate])  # replicates that all agree leave nothing open
        error = _error(slopes, replicates, np.ones((1, runs)))
        counts = np.random.default_rng(self.seed).multinomial(runs, np.full(runs, 1 / runs), self.resamples)
        ratios = []
        parts = np.array_split(counts, max(1, self.resamples * replicates.shape[1] // 2**17))
        with progress(len(parts), "parts of the resamples") as more:
            for part in parts:
                found, slopes = functional.influence(_means(part, replicates))
                with np.errstate(divide="ignore", invalid="ignore"):
                    ratios.append(np.abs(found - estimate) / _error(slopes, replicates, part))
                more(1)
        every = np.vstack(ratios)
        quantiles = np.array([_quantile(column, level) for column in every.T])
        return np.asarray(np.vstack([estimate - quantiles * error, estimate + quantiles * error]))

    def describe(self) -> str:
        return f"symmetric studentised bootstrap of whole replicates, {self.resamples} resamples, seed {self.seed}"


@frozen(kw_only=True)
class Percentile:
    """Percentile bootstrap over whole replicates, by SciPy; at 20 replicates a few per cent short of its level."""

    resamples: GivenWhole = given(default=1000)
    seed: GivenWhole = given(default=0)

    def __post_init__(self) -> None:
        _check(self)

    def limits(self, functional: Functional, replicates: Real, *, level: float) -> Real:
        return _scipy_limits(functional, replicates, level=level, method="percentile", ask=self)

    def describe(self) -> str:
        return f"percentile bootstrap of whole replicates, {self.resamples} resamples, seed {self.seed}"


@frozen(kw_only=True)
class BCa:
    """Bias-corrected accelerated bootstrap over whole replicates, by SciPy."""

    resamples: GivenWhole = given(default=1000)
    seed: GivenWhole = given(default=0)

    def __post_init__(self) -> None:
        _check(self)

    def limits(self, functional: Functional, replicates: Real, *, level: float) -> Real:
        return _scipy_limits(functional, replicates, level=level, method="BCa", ask=self)

    def describe(self) -> str:
        return f"BCa bootstrap of whole replicates, {self.resamples} resamples, seed {self.seed}"


def worst_case_limits(
    functional: Functional, excess: Real, standard_error: Real, *, level: float, runs: int | None
) -> Real:
    """Limits where only a standard error at each step is known, whatever the correlation between the steps.

    Formula: estimate -+ q sum_t |d statistic/d E_t| SE_t, q the Student quantile for the number of runs: by the
    triangle inequality no correlation gives a larger standard error.
    """
    from scipy.stats import norm, t

    estimate, slopes = functional.influence(excess[None])
    error = (np.abs(slopes) * standard_error).sum(axis=-1)
    quantile = norm.ppf((1 + level) / 2) if runs is None or runs < 2 else t.ppf((1 + level) / 2, runs - 1)
    return np.asarray(np.vstack([estimate - quantile * error, estimate + quantile * error]))


def standard_errors(slopes: Real, replicates: Real) -> Real:
    """Of statistics with these derivatives by the mean, shape (sets, statistics)."""
    return _error(slopes, replicates, np.ones((len(slopes), len(replicates))))


def _error(slopes: Real, replicates: Real, counts: Array) -> Real:
    """Standard errors when replicate i is there counts[i] times."""
    runs = len(replicates)
    influence = slopes @ replicates.T  # sets, statistics, runs
    weights = counts[:, None, :] / runs
    centre = (weights * influence).sum(axis=-1, keepdims=True)
    return np.asarray(np.sqrt((weights * (influence - centre) ** 2).sum(axis=-1) / (runs - 1)))


def _means(counts: Array, replicates: Real) -> Real:
    means = counts @ replicates / len(replicates)
    if not (means > 0).all():
        raise InvalidInput("a resampled mean of the replicates is not positive: cut the window before the noise")
    return np.asarray(means)


def _quantile(values: Real, level: float) -> float:
    good = values[np.isfinite(values)]
    if good.size < (1 - _MOST_FAILED) * values.size:
        return np.inf  # no statement is honest here
    return float(np.quantile(good, level))


def _scipy_limits(
    functional: Functional, replicates: Real, *, level: float, method: str, ask: Percentile | BCa
) -> Real:
    import inspect
    import warnings

    from scipy.stats import bootstrap

    def statistic(index: NDArray[np.intp], axis: int = -1) -> Real:
        rows = index.reshape(-1, index.shape[-1])
        counts = np.apply_along_axis(np.bincount, 1, rows, minlength=len(replicates))
        found = functional.statistics(_means(counts * (len(replicates) / rows.shape[1]), replicates))
        return np.moveaxis(found.reshape(*index.shape[:-1], -1), -1, 0)

    # The name changed in SciPy 1.15.
    source = "rng" if "rng" in inspect.signature(bootstrap).parameters else "random_state"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of degenerate samples; their limits are nan and refused below
        drawn = bootstrap(
            (np.arange(len(replicates)),),
            statistic,
            n_resamples=ask.resamples,
            vectorized=True,
            axis=-1,
            confidence_level=level,
            method=method,
            **{source: np.random.default_rng(ask.seed)},
        )
    limits = np.vstack([drawn.confidence_interval.low, drawn.confidence_interval.high])
    if not np.isfinite(limits).all():
        raise ToleranceNotMet(
            "the bootstrap gave no limits: a resampled fit did not converge, or all replicates agree; use a wider "
            "window, more replicates, or the studentised interval"
        )
    return np.asarray(limits)


def _check(ask: Studentised | Percentile | BCa) -> None:
    object.__setattr__(ask, "resamples", whole(ask.resamples, "resamples", least=100))
    if ask.resamples > _MOST_RESAMPLES:
        raise InvalidInput(f"resamples={ask.resamples} is more than {_MOST_RESAMPLES}: ask for fewer, 1000 are plenty")
    object.__setattr__(ask, "seed", whole(ask.seed, "seed"))
