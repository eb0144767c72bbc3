"""The scaling-law surface R(M, N) = sigma2 + c1 M^-a1 + c2 N^-a2, fitted as published scaling laws are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.fitting.interval import Interval, Percentile, read_interval
from riskcalc.fitting.loss import Huber, Loss, read_loss
from riskcalc.fitting.power_sum import PowerSum, columns, surface_sum
from riskcalc.fitting.report import Limits
from riskcalc.fitting.robust import robust_descent, robust_fit, sensitivity
from riskcalc.fitting.table import FEWEST_REPLICATES
from riskcalc.quantity import NumberLike, Real, number, real_array

_EXPONENTS = (0.1, 0.25, 0.5, 0.8, 1.2, 2.0)
_INVISIBLE = 1e-9  # largest share of the risk, anywhere on the grid, of a term that is not there
_ALIGNED = 1 - 1e-9  # correlation of log M and log N
_ROUNDING = 1e-9  # of log R: residuals of exact data are no smaller
_MEDIAN = 0.6745  # of |z|, z a standard Gaussian
_SHARE = 0.3  # of a direction in the parameters: those named in the refusal
_STARTS = 16
_LOGARITHMS = ("sigma2", "c1", "c2")


@dataclass(frozen=True, kw_only=True, eq=False)
class ScalingLawFit:
    """The fitted surface. estimates and intervals by name: sigma2, c1, a1 (exponent of M), c2, a2 (exponent of N).

    spread: root mean square of the log residuals; worst: the largest. A spread far above the noise says that the
    risk is not of this form: the exponents then depend on the grid.
    """

    estimates: dict[str, float]
    intervals: dict[str, Limits] | None
    holds_irreducible: bool
    level: float
    uncertainty: str
    loss: str
    spread: float
    worst: float
    points: int
    grid: dict[str, Limits] = field(default_factory=dict)

    def __call__(self, sizes: ArrayLike, samples: ArrayLike) -> Real:
        """The fitted risk."""
        of = self.estimates
        sizes, samples = real_array(sizes, "sizes"), real_array(samples, "samples")
        return np.asarray(of["sigma2"] + of["c1"] * sizes ** -of["a1"] + of["c2"] * samples ** -of["a2"])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "estimates": dict(self.estimates),
            "intervals": None if self.intervals is None else {key: list(pair) for key, pair in self.intervals.items()},
            "irreducible": "held" if self.holds_irreducible else "fitted",
            "level": self.level,
            "uncertainty": self.uncertainty,
            "loss": self.loss,
            "spread": self.spread,
            "worst": self.worst,
            "points": self.points,
            "grid": {name: list(ends) for name, ends in self.grid.items()},
        }

    def __str__(self) -> str:
        ends = ", ".join(f"{name} = {low:.6g} to {high:.6g}" for name, (low, high) in self.grid.items())
        lines = [
            "model:     R = sigma2 + c1 M^-a1 + c2 N^-a2",
            f"grid:      {ends}; {self.points} points",
            f"interval:  {self.uncertainty}",
            f"residuals: {self.spread:.2g} root mean square, {self.worst:.2g} largest, of log R; {self.loss}",
        ]
        for name, value in self.estimates.items():
            if name == "sigma2" and self.holds_irreducible:
                lines.append(f"{name:<7}    {value:.6g} (held)")
            else:
                pair = None if self.intervals is None else self.intervals[name]
                between = "" if pair is None else f"   {100 * self.level:g} % interval [{pair[0]:.6g}, {pair[1]:.6g}]"
                lines.append(f"{name:<7}    {value:.6g}{between}")
        return "\n".join(lines)


@dataclass(frozen=True, kw_only=True, eq=False)
class SurfaceFit:
    """The fit as a `Functional` of the mean risks; statistics are the free parameters, sizes as logarithms."""

    model: PowerSum
    free: tuple[int, ...]
    loss: Loss
    start: Real

    def statistics(self, means: Real) -> Real:
        return self._fit(means)[:, self.free]

    def influence(self, means: Real) -> tuple[Real, Real]:
        parameters = self._fit(means)
        good = ~np.isnan(parameters).any(axis=1)
        slopes = np.full((len(means), len(self.free), means.shape[1]), np.nan)
        found = sensitivity(self.model, parameters[good], np.log(means[good]), free=self.free, loss=self.loss)
        slopes[good] = found / means[good][:, None, :]
        return parameters[:, self.free], slopes

    def _fit(self, means: Real) -> Real:
        start = np.repeat(self.start[None], len(means), axis=0)
        found = robust_fit(self.model, np.log(means), start, free=self.free, loss=self.loss)
        return np.where(found.converged[:, None], found.parameters, np.nan)


def fit_scaling_law(
    sizes: ArrayLike,
    samples: ArrayLike,
    risks: ArrayLike,
    *,
    irreducible: NumberLike | None = None,
    level: NumberLike = "0.95",
    interval: Interval | None = None,
    loss: Loss | None = None,
) -> ScalingLawFit:
    """Fit R(M, N) = sigma2 + c1 M^-a1 + c2 N^-a2 with a robust loss of log R, from many starts.

    sizes, samples: M and N of each point, shape (points,). risks: shape (points,), or (replicates, points) with one
    replicate (a draw of sketch, target or data) a row, resampled whole for the intervals.
    irreducible: sigma2 where it is known, else it is fitted. loss: Huber("1e-3") by default, as published fits.
    interval: Percentile() by default; a Huber loss of so small a scale has no useful studentisation.
    Valid: at least 6 points that determine both terms: where one can change by a factor e with the fit still within its
        residuals, as where the risk does not depend on N, or M and N grow together, the fit is refused.
    Source: Hoffmann et al. 2022, section 3.3; Lin et al. 2024, figure 1.

    >>> M, N = np.meshgrid([10, 30, 100, 300], [100, 1000, 10_000, 100_000])
    >>> law = fit_scaling_law(M.ravel(), N.ravel(), (1 + 2 / M + 3 * N**-0.5).ravel())
    >>> {name: round(value, 4) for name, value in law.estimates.items()}
    {'sigma2': 1.0, 'c1': 2.0, 'a1': 1.0, 'c2': 3.0, 'a2': 0.5}
    """
    asked = read_interval(interval, default=Percentile())
    across, along, table = _read(sizes, samples, risks)
    mean = np.atleast_2d(table).mean(axis=0)
    confidence = float(number(level, "level"))
    held = None if irreducible is None else float(number(irreducible, "irreducible"))
    if not 0.5 <= confidence < 1:
        raise InvalidInput(f"level must be at least 0.5 and less than 1, not {level}")
    if held is not None and not 0 <= held < mean.min():
        raise InvalidInput(f"irreducible={irreducible} must lie between 0 and the smallest risk, {mean.min():.6g}")
    fit = _best(surface_sum(across, along), mean, held=held, loss=read_loss(loss, default=Huber()))
    _check_visible(fit)
    _check_determined(fit, mean)
    limits, words = None, "none: no replicates are given"
    if table.ndim == 2:
        limits = asked.limits(fit, table, level=confidence)
        words = f"{asked.describe()} ({len(table)} replicates)"
    residuals = np.log(mean) - fit.model.values(fit.start[None])[0]
    return ScalingLawFit(
        estimates={name: _plain(name, fit.start[place]) for place, name in enumerate(fit.model.names)},
        intervals=None if limits is None else _intervals(fit, limits),
        holds_irreducible=held is not None,
        level=confidence,
        uncertainty=words,
        loss=fit.loss.describe(),
        spread=float(np.sqrt(np.mean(residuals**2))),
        worst=float(np.abs(residuals).max()),
        points=len(mean),
        grid={"M": (float(across.min()), float(across.max())), "N": (float(along.min()), float(along.max()))},
    )


def _best(model: PowerSum, mean: Real, *, held: float | None, loss: Loss) -> SurfaceFit:
    free = columns(model, [name for name in model.names if held is None or name != "sigma2"])
    starts = _starts(model, mean, held)
    data = np.repeat(np.log(mean)[None], len(starts), axis=0)
    fine = robust_descent(model, data, starts, free=free, loss=loss)
    if not fine.converged.any():
        raise ToleranceNotMet("the scaling law did not converge from any start: widen the grid, or hold irreducible")
    best = int(np.argmin(np.where(fine.converged, fine.cost, np.inf)))
    fit = SurfaceFit(model=model, free=free, loss=loss, start=fine.parameters[best])
    return replace(fit, start=fit._fit(mean[None])[0]) if np.isfinite(fit._fit(mean[None])).all() else fit


def _starts(model: PowerSum, mean: Real, held: float | None) -> Real:
    """Exponents from a grid, with the best nonnegative coefficients for them."""
    from scipy.optimize import nnls

    log_sizes, log_samples = model.design[1, :, 2], model.design[2, :, 4]
    target = np.ones_like(mean) if held is None else 1 - held / mean
    found = []
    for a1, a2 in product(_EXPONENTS, _EXPONENTS):
        design = np.column_stack([np.exp(a1 * log_sizes), np.exp(a2 * log_samples)]) / mean[:, None]
        if held is None:
            design = np.column_stack([design, 1 / mean])
        scale = np.linalg.norm(design, axis=0)
        coefficients, distance = nnls(design / scale, target)
        logarithms = np.log(np.maximum(coefficients, 1e-4 * max(float(coefficients.max()), 1e-9)) / scale)
        level = logarithms[2] if held is None else (np.log(held) if held > 0 else -np.inf)
        found.append((distance, [level, logarithms[0], a1, logarithms[1], a2]))
    found.sort(key=lambda pair: pair[0])
    return np.array([start for _, start in found[:_STARTS]])


def _read(sizes: ArrayLike, samples: ArrayLike, risks: ArrayLike) -> tuple[Real, Real, Real]:
    given = {"sizes": sizes, "samples": samples, "risks": risks}
    across, along, table = (real_array(values, name) for name, values in given.items())
    points = across.shape
    if across.ndim != 1 or along.shape != points or table.shape[-1:] != points or table.ndim > 2:
        raise InvalidInput(
            "sizes and samples of shape (points,) and risks of shape (points,) or (replicates, points) are needed, not "
            f"{across.shape}, {along.shape} and {table.shape}"
        )
    for name, values in (("sizes", across), ("samples", along), ("risks", table)):
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise InvalidInput(f"{name} must be positive and finite")
    if across.size < 6 or len(np.unique(across)) < 3 or len(np.unique(along)) < 3:
        raise InvalidInput("a scaling law needs at least 6 points, with 3 different sizes and 3 different samples")
    logarithms = np.log([across, along])
    if abs(np.corrcoef(logarithms)[0, 1]) > _ALIGNED:
        raise InvalidInput(
            "sizes and samples lie on one line in logarithms: what is the effect of M and what of N cannot be told; "
            "give points off that line"
        )
    if table.ndim == 2 and len(table) < FEWEST_REPLICATES:
        raise InvalidInput(f"{len(table)} replicates are too few for an interval: give at least {FEWEST_REPLICATES}")
    return across, along, table


def _plain(name: str, value: float) -> float:
    return float(np.exp(value)) if name in _LOGARITHMS else float(value)


def _intervals(fit: SurfaceFit, limits: Real) -> dict[str, Limits]:
    names = [fit.model.names[place] for place in fit.free]
    return {name: (_plain(name, low), _plain(name, high)) for name, low, high in zip(names, *limits, strict=True)}


def _check_visible(fit: SurfaceFit) -> None:
    """An exponent of a term that contributes nothing, or a constant, means nothing."""
    parts = fit.model.parts(fit.start[None])[0]
    shares = np.ptp(parts, axis=1) / parts.sum(axis=0).max()
    for share, letter in zip(shares[1:], "MN", strict=True):
        if share < _INVISIBLE:
            raise InvalidInput(
                f"the risks do not depend on {letter} on this grid: its term is not determined, nor is the constant; "
                f"fit a power law of the other letter by fit_exponents, or widen the grid in {letter}"
            )


def _check_determined(fit: SurfaceFit, mean: Real) -> None:
    """A term that can change by a factor e with the fit as good as before is not known.

    Formula: the residual spread, by the median, over the smallest singular value of d log R/d parameters: the standard
        error of the least known direction. The parameters are the logarithm of each term in the middle of the grid, its
        exponent times half the width of the grid in logarithms, and the constant in units of the risk.
    """
    model, parameters = fit.model, fit.start[None]
    values, jacobian = model.evaluate(parameters)
    shares = (model.parts(parameters)[0] / np.exp(values)).max(axis=1)
    columns_of = dict(zip(model.names, jacobian[0].T, strict=True))
    directions = {} if model.index("sigma2") not in fit.free else {"the constant": columns_of["sigma2"] / shares[0]}
    for letter, place, size, exponent in (("M", 1, "c1", "a1"), ("N", 2, "c2", "a2")):
        x = -model.design[place, :, model.index(exponent)]
        middle, half = (x.max() + x.min()) / 2, np.ptp(x) / 2
        directions[f"the term of {letter}"] = columns_of[size]
        directions[f"the exponent of {letter}"] = (columns_of[exponent] + middle * columns_of[size]) / half
    _, sizes, turned = np.linalg.svd(np.column_stack(list(directions.values())), full_matrices=False)
    spread = max(_ROUNDING, float(np.median(abs(np.log(mean) - values[0]))) / _MEDIAN)
    if spread < sizes[-1]:
        return
    loose = [name for name, weight in zip(directions, turned[-1], strict=True) if abs(weight) > _SHARE]
    raise InvalidInput(
        f"these points do not determine {' and '.join(loose)}: changed by a factor e or more they leave the fit within "
        f"its residuals ({spread:.2g} of log R). Hold irreducible, give more points, or widen the grid"
    )
