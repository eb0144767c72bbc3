"""Exponents of a data set: power laws through its eigenvalues and its signal, with intervals over resampled rows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.dataset.coefficient_fit import coefficient_fit, require_convergence
from riskcalc.dataset.directions import Directions, resolved, visible
from riskcalc.dataset.eigen import Eigen
from riskcalc.dataset.noise import LabelNoise
from riskcalc.dataset.resampling import Resampled, resampled
from riskcalc.errors import ToleranceNotMet
from riskcalc.fitting.estimate import curve_fit
from riskcalc.fitting.loss import SoftL1
from riskcalc.fitting.power_sum import curve_sum
from riskcalc.fitting.report import ExponentFit, Term
from riskcalc.fitting.table import Table
from riskcalc.fitting.window import Window
from riskcalc.quantity import Real

_POINTS = 40  # evenly in log j, so that the many late eigenvalues do not decide alone
_SPARE = 1.5  # directions kept for resampling over the last of the window
_LEAST_SPARE = 10
_MOST_FAILED = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class DataExponents:
    """spectrum: the fit of a; signal: the fit of b. None, with the reason, where the data do not determine them."""

    spectrum: ExponentFit | None
    signal: ExponentFit | None
    reason: str


def data_exponents(
    eigen: Eigen, noise: LabelNoise, *, window: object, level: float, resamples: int, seed: int
) -> DataExponents:
    """Fit both exponents.

    Formula: lambda_j = c j^-a, robustly in logarithms; p_j = c' j^-b + sigma2/n by quasi-likelihood. An exponent is
        estimate - bias, its interval that +- q SE: bias and SE from the resamples, q normal. To the SE of b the scatter
        of the coefficients about the law is added in quadrature.
    Source: D36.
    """
    across = resolved(eigen, window)
    if not across.enough:
        reason = f"{across.too_few}: use more features, or a kernel with more directions, such as rbf"
        return DataExponents(spectrum=None, signal=None, reason=reason)
    count = min(eigen.dimension, max(round(_SPARE * across.last), across.last + _LEAST_SPARE), eigen.rows - 2)
    drawn = resampled(eigen, count=count, resamples=resamples, seed=seed)
    spectrum = _spectrum(eigen, drawn, across, level)
    along = across if window is not None else visible(eigen.power, noise.variance / eigen.rows, across)
    if not along.enough:
        reason = f"the signal sinks into the noise at direction {along.last}: too few above it for an exponent"
        return DataExponents(spectrum=spectrum, signal=None, reason=reason)
    try:
        signal = _signal(eigen, noise, drawn, along, level)
    except ToleranceNotMet as error:
        return DataExponents(spectrum=spectrum, signal=None, reason=str(error))
    return DataExponents(spectrum=spectrum, signal=signal, reason="")


def _spectrum(eigen: Eigen, drawn: Resampled, window: Directions, level: float) -> ExponentFit:
    places = np.unique(np.geomspace(window.first, window.last, _POINTS).round().astype(int)) - 1
    values, loss = eigen.eigenvalues[places], SoftL1()
    fit = curve_fit((places + 1).astype(np.float64), values, terms=1, floor=0.0, loss=loss)
    found = fit.statistics(values[None])[0]
    bias, error = _bias_and_error(found, fit.statistics(drawn.eigenvalues[:, places]))
    estimate = _Estimate(found=found - bias, error=error, bias=float(bias[0]), floor=0.0, level=level)
    return _report(eigen.eigenvalues, places, estimate, drawn, window, loss.describe())


def _signal(eigen: Eigen, noise: LabelNoise, drawn: Resampled, window: Directions, level: float) -> ExponentFit:
    places = np.arange(window.first - 1, window.last)
    floor, power = noise.variance / eigen.rows, eigen.power[places]
    fit = coefficient_fit(np.arange(window.first, window.last + 1, dtype=np.float64))
    found = fit.statistics(power[None], np.array([floor]))[0]
    # among the resamples the rows are the whole population, whose coefficients carry no noise
    truth = fit.statistics(power[None], np.zeros(1))[0]
    require_convergence(np.concatenate([found, truth]))
    bias, error = _bias_and_error(truth, fit.statistics(drawn.powers[:, places], drawn.noises / eigen.rows))
    error[0] = math.hypot(error[0], fit.scatter(power, fit.parameters(power, floor)))
    estimate = _Estimate(found=found - bias, error=error, bias=float(bias[0]), floor=floor, level=level)
    return _report(eigen.power, places, estimate, drawn, window, "Gamma quasi-likelihood of the coefficients")


def _bias_and_error(truth: Real, spread: Real) -> tuple[Real, Real]:
    good = spread[np.isfinite(spread).all(axis=1)]
    if len(good) < (1 - _MOST_FAILED) * len(spread):
        raise ToleranceNotMet(
            f"{len(spread) - len(good)} of {len(spread)} resamples give no power law: the data do not determine one in "
            "this window"
        )
    return good.mean(axis=0) - truth, good.std(axis=0, ddof=1)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Estimate:
    """found: exponent, drift, log coefficient, without their bias; error: of each. bias: of the exponent."""

    found: Real
    error: Real
    bias: float
    floor: float
    level: float

    @property
    def limits(self) -> Real:
        from scipy.stats import norm

        reach = float(norm.ppf((1 + self.level) / 2)) * self.error
        return np.stack([self.found - reach, self.found + reach], axis=1)


def _report(
    values: Real, places: NDArray[np.intp], estimate: _Estimate, drawn: Resampled, window: Directions, loss: str
) -> ExponentFit:
    exponent, drift, logarithm = estimate.limits.tolist()
    found, steps = estimate.found, (places + 1).astype(np.float64)
    size = found[2] - found[0] * float(np.log(steps[0]) + np.log(steps[-1])) / 2
    parameters = np.array([size, found[0], 0.0, math.log(estimate.floor) if estimate.floor > 0 else -math.inf])
    fitted = curve_sum(steps, terms=1).values(parameters[None])[0]
    return ExponentFit(
        terms=(
            Term(
                exponent=float(found[0]),
                interval=(exponent[0], exponent[1]),
                coefficient=float(np.exp(found[2])),
                coefficient_interval=(float(np.exp(logarithm[0])), float(np.exp(logarithm[1]))),
                drift=float(found[1]),
                drift_interval=(drift[0], drift[1]),
            ),
        ),
        floor=estimate.floor,
        floor_interval=None,
        floor_source="label noise over rows" if estimate.floor > 0 else "none",
        window=Window(first=window.first, last=window.last, points=len(places), chosen=window.chosen),
        level=estimate.level,
        uncertainty=f"{len(drawn.noises)} resamples of the rows; their bias, {estimate.bias:+.3f}, taken off",
        loss=loss,
        spread=float(np.sqrt(np.mean((np.log(values[places]) - fitted) ** 2))),
        data=Table(steps=steps, excess=values[places]),
        whole=Table(steps=np.arange(1.0, len(values) + 1), excess=values),
        parameters=parameters,
    )
