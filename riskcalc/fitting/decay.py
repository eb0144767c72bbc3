"""Whether a curve decays at all: no exponent is stated of one in which no decay is visible, or which rises."""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.fitting.autoregression import Noise, residual_noise
from riskcalc.fitting.estimate import CurveFit
from riskcalc.fitting.one_run import ROUNDING, Residuals
from riskcalc.fitting.power_sum import centred
from riskcalc.fitting.table import Table
from riskcalc.quantity import Real

_LEVEL = 0.999  # of one curve, at which a decay must be seen
_LEVEL_OF_RUNS = 0.99  # of runs, few as they often are
_FALLING = (
    "and a decay is fitted: of an accuracy fit what it lacks (1 - accuracy), else cut the window where the curve falls"
)
_FREEDOM = 3  # size, exponent and floor: what a fit can adapt to noise without a decay


def check_decay(table: Table, judged: Residuals) -> None:
    """Refuse a fit of a curve that does not visibly fall."""
    _check_moves(table)
    if table.sampled:
        _check_runs(table)
    elif not table.computed and judged.spread > ROUNDING:
        _check_one(judged)
    _check_falls(judged.fit)


def check_visible(table: Table) -> None:
    """The same of a curve that no power law could be fitted to, with a line and a cubic of log t in its place."""
    _check_moves(table)
    if np.polyfit(np.log(table.steps), np.log(table.excess), 1)[0] > 0:
        raise InvalidInput(f"the curve rises in this window, {_FALLING}")
    if table.sampled or table.computed or len(table.steps) < 2 * _FREEDOM + 2:
        return
    x, _ = centred(table.steps)
    cubic = np.vander(x / max(float(np.abs(x).max()), 1e-300), _FREEDOM + 1)
    logarithms = np.log(table.excess)
    left = logarithms - cubic @ np.linalg.lstsq(cubic, logarithms, rcond=None)[0]
    if np.sqrt(np.mean(left**2)) > ROUNDING:
        _check_seen(logarithms, left, residual_noise(left, cubic, np.zeros((0, left.size))))


def _check_moves(table: Table) -> None:
    """A constant has no exponent, not that of its rounding."""
    change = float(np.ptp(np.log(table.excess)))
    if change <= ROUNDING:
        raise InvalidInput(
            f"no decay is visible in this window: log E changes by {change:.2g}, which is rounding; widen the window"
        )


def _check_one(judged: Residuals) -> None:
    logarithms = np.log(judged.excess)
    _check_seen(logarithms, judged.residuals, judged.noise(np.zeros((0, logarithms.size))))


def _check_seen(logarithms: Real, residuals: Real, noise: Noise) -> None:
    """Formula: noise alone goes as far beyond a constant with a chance of at most 0.1 %, by F(3, nu).

    Source: D60.
    """
    level = np.ones((logarithms.size, 1))
    if noise.chance(logarithms - logarithms.mean(), level, freedom=_FREEDOM) > 1 - _LEVEL:
        change = np.ptp(logarithms - residuals)
        raise InvalidInput(
            f"no decay is visible in this window beyond doubt: log E changes by {change:.2g}, its noise is "
            f"{noise.deviation:.2g} a record as far as {noise.spare} residuals to spare can tell, and such noise alone "
            f"does as much with a chance above {100 * (1 - _LEVEL):.2g} %; record more steps, widen the window, or "
            "average runs"
        )


def _check_runs(table: Table) -> None:
    """Formula: mean of the first half of the steps less that of the second, against its standard error over runs.

    With standard errors alone, their mean stands for it.
    """
    from scipy.stats import norm, t

    middle = len(table.steps) // 2
    if table.replicates is not None:
        falls = table.replicates[:, :middle].mean(axis=1) - table.replicates[:, middle:].mean(axis=1)
        fall, error = float(falls.mean()), float(falls.std(ddof=1)) / np.sqrt(len(falls))
        least = error * t.ppf(_LEVEL_OF_RUNS, len(falls) - 1)
    else:
        fall = float(table.excess[:middle].mean() - table.excess[middle:].mean())
        least = 0.0 if table.standard_error is None else norm.ppf(_LEVEL_OF_RUNS) * float(table.standard_error.mean())
    if fall <= least:
        raise InvalidInput(
            f"no decay is visible in this window: its first half is above the second by {fall:.3g} on average, and "
            f"{least:.3g} is needed to tell that from noise; widen the window, or give more runs"
        )


def _check_falls(fit: CurveFit) -> None:
    """A power law that decays has a positive exponent."""
    exponents = fit.start[1 : 3 * fit.terms : 3]
    if (exponents <= 0).any():
        whose = "the curve rises" if fit.terms == 1 else "one of the two terms rises"
        raise InvalidInput(
            f"{whose} in this window (exponent {exponents.min():.3g}), {_FALLING}"
        )
