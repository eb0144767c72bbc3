"""Exponents of a data set: power laws through its eigenvalues and its signal, with intervals over resampled rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.dataset.coefficient_fit import CoefficientFit, coefficient_fit, require_convergence
from riskcalc.dataset.eigen import Eigen
from riskcalc.dataset.noise import LabelNoise
from riskcalc.dataset.resampling import Resampled, resampled
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.fitting.estimate import curve_fit
from riskcalc.fitting.loss import SoftL1
from riskcalc.fitting.power_sum import Values
from riskcalc.fitting.report import ExponentFit, Term
from riskcalc.fitting.table import Table
from riskcalc.fitting.window import Window
from riskcalc.quantity import number

_TRUSTED = 10  # rows a direction: eigenvalue j of n rows is off by about j/n
_WIDTH = 30  # last over first direction of the window that is chosen by itself
_FEWEST = 6  # directions in a window
_POINTS = 40  # evenly in log j, so that the many late eigenvalues do not decide alone
_SPARE = 1.5  # directions kept for resampling over the last of the window
_LEAST_SPARE = 10
_VISIBLE = 1.0  # signal over noise floor, averaged over a factor of two in j, down to which a signal is fitted
_MOST_FAILED = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class DataExponents:
    """spectrum: the fit of a. signal: the fit of b, None with the reason where the labels do not determine it."""

    spectrum: ExponentFit
    signal: ExponentFit | None
    reason: str


def data_exponents(
    eigen: Eigen, noise: LabelNoise, *, window: object, level: float, resamples: int, seed: int
) -> DataExponents:
    """Fit both exponents.

    Formula: lambda_j = c j^-a, robustly in logarithms; p_j = c' j^-b + sigma2/n by quasi-likelihood. An exponent is
        estimate - bias, its interval that +- q SE: bias and SE from the resamples, q normal. To the SE of b the scatter of
        the coefficients about the law is added in quadrature.
    Source: D36.
    """
    low, high, chosen = _window(eigen, window)
    count = min(eigen.dimension, max(round(_SPARE * high), high + _LEAST_SPARE), eigen.rows - 2)
    drawn = resampled(eigen, count=count, resamples=resamples, seed=seed)
    spectrum = _spectrum(eigen, drawn, (low, high), chosen, level)
    ends = (low, high)
    if window is None:
        sunk = _sinks(eigen.power, noise.variance / eigen.rows, high)
        if sunk < high:
            ends, chosen = (max(1, sunk // _WIDTH), sunk), f"as for the spectrum, but cut where the signal sinks to the noise, at {sunk}"
    if ends[1] - ends[0] + 1 < _FEWEST:
        reason = f"the signal sinks into the noise at direction {ends[1]}: too few directions above it for an exponent"
        return DataExponents(spectrum=spectrum, signal=None, reason=reason)
    try:
        signal = _signal(eigen, noise, drawn, ends, chosen, level)
    except ToleranceNotMet as error:
        return DataExponents(spectrum=spectrum, signal=None, reason=str(error))
    return DataExponents(spectrum=spectrum, signal=signal, reason="")


def _window(eigen: Eigen, asked: object) -> tuple[int, int, str]:
    if asked is None:
        trusted = (eigen.rows - 1) // _TRUSTED
        high = eigen.dimension if eigen.dimension < trusted else max(trusted, _FEWEST)
        # the end of a finite spectrum is no power law; kept where there is nothing else
        words = "up to a tenth of the rows"
        if eigen.dimension < trusted:
            half = eigen.dimension // 2
            high, words = (half, "the first half of all directions") if half >= 2 * _FEWEST else (high, "all directions")
        high = min(high, eigen.dimension)
        low = max(1, high // _WIDTH)
    else:
        low, high = _ends(asked)
        if high > eigen.dimension:
            raise InvalidInput(f"the window ends at direction {high}, but there are only {eigen.dimension}")
        words = "asked for"
    if high - low + 1 < _FEWEST:
        raise InvalidInput(
            f"directions {low} to {high} are fewer than {_FEWEST}, too few for an exponent: give a wider window, more "
            "features or another kernel"
        )
    return low, high, words


def _ends(asked: object) -> tuple[int, int]:
    if not isinstance(asked, tuple | list) or len(asked) != 2:
        raise InvalidInput(f"window must be None or a pair (low, high), not {asked!r}")
    low, high = (float(number(end, "window")) for end in asked)
    if not 1 <= low < high or low != int(low) or high != int(high):
        raise InvalidInput(f"a window needs whole directions 1 <= low < high, not {asked[0]} to {asked[1]}")
    return int(low), int(high)


def _sinks(power: Values, floor: float, high: int) -> int:
    """The last direction around which the signal is as large as the noise, at most `high`."""
    sums = np.concatenate([[0.0], np.cumsum(power)])
    for place in range(1, high + 1):
        first, last = int(place / math.sqrt(2)), min(math.ceil(place * math.sqrt(2)), len(power))
        if (sums[last] - sums[first]) / (last - first) < (1 + _VISIBLE) * floor and place > _FEWEST:
            return place - 1
    return high


def _spectrum(eigen: Eigen, drawn: Resampled, ends: tuple[int, int], chosen: str, level: float) -> ExponentFit:
    places = np.unique(np.geomspace(*ends, _POINTS).round().astype(int)) - 1
    steps, loss = places + 1.0, SoftL1()
    fit = curve_fit(steps, eigen.eigenvalues[places], terms=1, floor=0.0, loss=loss)
    found = fit.statistics(eigen.eigenvalues[places][None])[0]
    spread = fit.statistics(drawn.eigenvalues[:, places])
    bias, error = _bias_and_error(found, spread)
    model = np.exp(fit.model.values(fit.start[None])[0])
    return _report(
        eigen.eigenvalues, places, found - bias, error, model, 0.0, "none", chosen, level, loss.describe(), len(spread), bias[0]
    )


def _signal(
    eigen: Eigen, noise: LabelNoise, drawn: Resampled, ends: tuple[int, int], chosen: str, level: float
) -> ExponentFit:
    places = np.arange(ends[0] - 1, ends[1])
    floor = noise.variance / eigen.rows
    fit: CoefficientFit = coefficient_fit(places + 1.0)
    power = eigen.power[places]
    found = fit.statistics(power[None], np.array([floor]))[0]
    require_convergence(found)
    # among the resamples the rows are the whole population, whose coefficients carry no noise
    truth = fit.statistics(power[None], np.zeros(1))[0]
    require_convergence(truth)
    spread = fit.statistics(drawn.powers[:, places], drawn.noises / eigen.rows)
    bias, error = _bias_and_error(truth, spread)
    parameters = fit.parameters(power, floor)
    error[0] = math.hypot(error[0], fit.scatter(power, parameters))
    model = np.exp(fit.model.values(parameters[None])[0])
    return _report(
        eigen.power,
        places,
        found - bias,
        error,
        model,
        floor,
        "noise variance over rows",
        chosen,
        level,
        "Gamma quasi-likelihood of the coefficients",
        len(spread),
        bias[0],
    )


def _bias_and_error(truth: Values, spread: Values) -> tuple[Values, Values]:
    good = spread[np.isfinite(spread).all(axis=1)]
    if len(good) < (1 - _MOST_FAILED) * len(spread):
        raise ToleranceNotMet(
            f"{len(spread) - len(good)} of {len(spread)} resamples give no power law: the data do not determine one in "
            "this window"
        )
    return good.mean(axis=0) - truth, good.std(axis=0, ddof=1)


def _report(
    values: Values,
    places: Values,
    found: Values,
    error: Values,
    model: Values,
    floor: float,
    floor_source: str,
    chosen: str,
    level: float,
    loss: str,
    resamples: int,
    bias: float,
) -> ExponentFit:
    from scipy.stats import norm

    quantile = float(norm.ppf((1 + level) / 2))
    low, high = found - quantile * error, found + quantile * error
    steps = places + 1.0
    everything = Table(steps=np.arange(1.0, len(values) + 1), excess=values)
    inside = Table(steps=steps, excess=values[places])
    term = Term(
        exponent=float(found[0]),
        interval=(float(low[0]), float(high[0])),
        coefficient=float(np.exp(found[2])),
        coefficient_interval=(float(np.exp(low[2])), float(np.exp(high[2]))),
        drift=float(found[1]),
        drift_interval=(float(low[1]), float(high[1])),
    )
    logarithms = np.log(steps)
    size = found[2] - found[0] * (logarithms.min() + logarithms.max()) / 2
    return ExponentFit(
        terms=(term,),
        floor=floor,
        floor_interval=None,
        floor_source=floor_source,
        window=Window(first=float(steps[0]), last=float(steps[-1]), points=len(steps), chosen=chosen),
        level=level,
        uncertainty=f"{resamples} resamples of the rows; their bias, {bias:+.3f}, taken off",
        loss=loss,
        spread=float(np.sqrt(np.mean(np.log(values[places] / model) ** 2))),
        data=inside,
        whole=everything,
        parameters=np.array([size, found[0], 0.0, math.log(floor) if floor > 0 else -math.inf]),
    )
