"""Scaling laws L(N, D) fitted as published ones are, with what the points say of their own fit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import Interrupted, InvalidInput, RiskcalcError, ToleranceNotMet
from riskcalc.fitting.crossover import crossover
from riskcalc.fitting.determined import check_determined, check_layout, check_visible, cure
from riskcalc.fitting.forms import FLOOR, Additive, Coupled, Form
from riskcalc.fitting.interval import Interval, Percentile, read_interval
from riskcalc.fitting.loss import Huber, Loss, read_loss
from riskcalc.fitting.one_run import ROUNDING
from riskcalc.fitting.points import LossPoints, load_points
from riskcalc.fitting.report import Limits
from riskcalc.fitting.resampled_rows import groups_of, let_in, resampled
from riskcalc.fitting.robust import robust_descent, robust_fit, sensitivity
from riskcalc.fitting.scaling_law import HoldOut, ScalingLawFit
from riskcalc.fitting.table import FEWEST_REPLICATES
from riskcalc.fitting.theory_form import Theory
from riskcalc.quantity import Array, NumberLike, Real, chosen, number, real_array

FORMS = ("additive", "coupled", "theory")
_EXPONENTS = (0.1, 0.25, 0.5, 0.8, 1.2, 2.0)
_STARTS = 16
_COUPLINGS = (0.0, 0.7, -0.5)  # log g from which the coupled form starts
_UNSEEN = 1e-6  # share of the loss, anywhere, of a constant that is not there
_FEWEST_FOR_ROWS = 12  # rows that can be resampled
_RESAMPLES, _RESAMPLES_OF_THEORY = 300, 100  # each fit of the theory takes a tenth of a second


@dataclass(frozen=True, kw_only=True, eq=False)
class SurfaceFit:
    """The fit as a `Functional` of the mean losses; statistics are the free parameters, sizes as logarithms."""

    model: Form
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

    def residuals(self, mean: Real) -> Real:
        """Of log L."""
        return np.asarray(np.log(mean) - self.model.values(self.start[None])[0])

    def _fit(self, means: Real) -> Real:
        start = np.repeat(let_in(self.start, self.free, np.log(means))[None], len(means), axis=0)
        found = robust_fit(self.model, np.log(means), start, free=self.free, loss=self.loss)
        return np.where(found.converged[:, None], found.parameters, np.nan)


def fit_scaling_law(
    sizes: ArrayLike | LossPoints | str | Path,
    samples: ArrayLike | None = None,
    risks: ArrayLike | None = None,
    *,
    form: str = "additive",
    irreducible: NumberLike | None = None,
    groups: ArrayLike | None = None,
    holdout: NumberLike = "2/5",
    level: NumberLike = "0.95",
    interval: Interval | None = None,
    loss: Loss | None = None,
) -> ScalingLawFit:
    """Fit a scaling law L(N, D) with a robust loss of log L, from many starts.

    Parameters
    ----------
    sizes : array_like or LossPoints or str or Path
        N of each point, shape (points,); or all three in one, from `load_points` or in a file that it reads.
    samples : array_like or None, default None
        D of each point, shape (points,).
    risks : array_like or None, default None
        The losses, shape (points,), or (replicates, points) with one replicate a row, resampled whole for the
        intervals.
    form : str, default "additive"
        "additive", E + A N^-alpha + B D^-beta; "coupled", E + [(A N^-alpha)^g + (B D^-beta)^g]^(1/g); "theory", E +
        S M^(1 - b) Phi(tau D/M^a) with M = N^(1/2) and Phi computed.
    irreducible : number or None, default None
        E where it is known, else it is fitted.
    groups : array_like or None, default None
        Of the points that belong to one run each; without replicates the points, or these groups, are resampled.
    holdout : number, default "2/5"
        Share of the points, of the largest budgets N D, that a fit of the others is asked for; 0 for none.
    level : number, default "0.95"
        Of the intervals, between 0 and 1.
    interval : Interval or None, default None
        Percentile() by default; a Huber loss of so small a scale has no useful studentisation.
    loss : Loss or None, default None
        Huber("1e-3") by default, as published fits.

    Returns
    -------
    ScalingLawFit
        `estimates` and their intervals, and how the hold-out was predicted.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: at least 6 points that determine every term: where one can change by a factor e with the fit still within
    its residuals, as where the loss does not depend on D, or N and D grow together, the fit is refused.

    Source: Hoffmann et al. 2022, section 3.3; Lin et al. 2024, figure 1; D61 for the theory, D62 for resampled
    rows.

    Examples
    --------
    >>> N, D = np.meshgrid([10, 30, 100, 300], [100, 1000, 10_000, 100_000])
    >>> law = fit_scaling_law(N.ravel(), D.ravel(), (1 + 2 / N + 3 * D**-0.5).ravel())
    >>> {name: round(value, 4) for name, value in law.estimates.items()}
    {'E': 1.0, 'A': 2.0, 'alpha': 1.0, 'B': 3.0, 'beta': 0.5}
    """
    asked = read_interval(interval, default=Percentile())
    name = chosen(form, "form", FORMS)
    across, along, table = _read(*_columns(sizes, samples, risks))
    mean = np.atleast_2d(table).mean(axis=0)
    confidence, share = float(number(level, "level")), float(number(holdout, "holdout"))
    held = None if irreducible is None else float(number(irreducible, "irreducible"))
    if not 0.5 <= confidence < 1:
        raise InvalidInput(f"level must be at least 0.5 and less than 1, not {level}")
    if not 0 <= share < 1:
        raise InvalidInput(f"holdout is a share of the points, at least 0 and less than 1, not {holdout}")
    if held is not None and not 0 <= held < mean.min():
        raise InvalidInput(f"irreducible={irreducible} must lie between 0 and the smallest risk, {mean.min():.6g}")
    robust, together = read_loss(loss, default=Huber()), groups_of(groups, len(mean))
    fit = _fitted(name, across, along, mean, held=held, loss=robust)
    residuals = fit.residuals(mean)
    kept, missing = _held_out(name, across, along, mean, held=held, loss=robust, share=share)
    stopped = False
    try:
        limits, draws, words = _spread(fit, table, asked, level=confidence, groups=together, residuals=residuals)
    except KeyboardInterrupt:
        limits, draws, words, stopped = None, None, "none: stopped while the points were resampled", True
    answer = ScalingLawFit(
        form=name,
        law=fit.model,
        parameters=fit.start,
        draws=draws,
        estimates={key: _plain(fit.model, key, fit.start[place]) for place, key in enumerate(fit.model.names)},
        intervals=None if limits is None else _intervals(fit, limits),
        holds_irreducible=held is not None,
        level=confidence,
        uncertainty=words,
        loss=robust.describe(),
        spread=float(np.sqrt(np.mean(residuals**2))),
        worst=float(np.abs(residuals).max()),
        points=len(mean),
        data=(across, along, mean),
        holdout=kept,
        no_holdout=missing,
        notes=_notes(name, fit, held),
        grid={"N": (float(across.min()), float(across.max())), "D": (float(along.min()), float(along.max()))},
    )
    if stopped:
        raise Interrupted("interrupted: the fit is finished, its intervals are not", partial=answer)
    return answer


def _columns(sizes: Any, samples: Any, risks: Any) -> tuple[Any, Any, Any]:
    """Sizes, samples and risks, which may be the columns of one table."""
    points = load_points(sizes) if isinstance(sizes, str | Path) else sizes
    if isinstance(points, LossPoints):
        if samples is not None or risks is not None:
            raise InvalidInput("a loss table has its samples and losses: leave samples and risks out")
        return points.sizes, points.samples, points.losses
    if samples is None or risks is None:
        raise InvalidInput("samples and risks are needed with sizes, or a loss table, or the name of its file")
    return sizes, samples, risks


def _fitted(name: str, across: Real, along: Real, mean: Real, *, held: float | None, loss: Loss) -> SurfaceFit:
    """The best fit of this form, refused where the points do not determine it."""
    check_layout(across, along)
    plain = _best(Additive(sizes=across, samples=along), _starts(across, along, mean, held), mean, held, loss)
    check_visible(plain.model, plain.start)
    if name == "additive":
        check_determined(plain.model, plain.start, mean)
        return plain
    if name == "coupled":
        starts = np.array([[*plain.start, coupling] for coupling in _COUPLINGS])
        fit = _best(Coupled(sizes=across, samples=along), starts, mean, held, loss)
    else:
        fit = _best(Theory(sizes=across, samples=along), _theory_start(plain.start), mean, held, loss)
    check_determined(fit.model, fit.start, mean)
    return fit


def _best(model: Form, starts: Real, mean: Real, held: float | None, loss: Loss) -> SurfaceFit:
    free = tuple(place for place, name in enumerate(model.names) if held is None or name != "E")
    data = np.log(mean)
    fine = robust_descent(model, data, starts, free=free, loss=loss)
    parameters, cost, converged = fine.parameters, fine.cost, fine.converged
    if held is None:
        # A floor that is not there is approached for ever; the fit without it says where to.
        bare = starts.copy()
        bare[:, 0] = -np.inf
        without = robust_descent(model, data, bare, free=free[1:], loss=loss)
        parameters = np.vstack([without.parameters, parameters])
        cost, converged = np.append(without.cost, cost), np.append(without.converged, converged)
    if not converged.any():
        raise ToleranceNotMet(f"the scaling law did not converge from any start; {cure(model.sizes, model.samples)}")
    best = int(np.argmin(np.where(converged, cost, np.inf)))
    fit = SurfaceFit(model=model, free=free, loss=loss, start=parameters[best])
    if np.isneginf(fit.start[0]):
        return fit
    again = fit._fit(mean[None])[0]
    return replace(fit, start=again) if np.isfinite(again[list(free)]).all() else fit


def _starts(across: Real, along: Real, mean: Real, held: float | None) -> Real:
    """Exponents from a grid, with the best nonnegative coefficients for them."""
    from scipy.optimize import nnls

    target = np.ones_like(mean) if held is None else 1 - held / mean
    found = []
    for first, second in product(_EXPONENTS, _EXPONENTS):
        design = np.column_stack([across**-first, along**-second]) / mean[:, None]
        if held is None:
            design = np.column_stack([design, 1 / mean])
        scale = np.linalg.norm(design, axis=0)
        coefficients, distance = nnls(design / scale, target)
        logarithms = np.log(np.maximum(coefficients, 1e-4 * max(float(coefficients.max()), 1e-9)) / scale)
        level = logarithms[2] if held is None else (np.log(held) if held > 0 else -np.inf)
        found.append((distance, [level, logarithms[0], first, logarithms[1], second]))
    found.sort(key=lambda pair: pair[0])
    return np.array([start for _, start in found[:_STARTS]])


def _theory_start(additive: Real) -> Real:
    """The theory with the exponents, and the terms alone, of an additive fit: b = 1 + 2 alpha, a = 2 alpha/beta."""
    floor, size, alpha, sample, beta = additive
    a = float(np.clip(2 * alpha / beta, 1.2, 3.5))
    b = float(np.clip(1 + 2 * alpha, 1.2, a + 0.8))
    phi = crossover(a, b)
    scale = size - phi.floor
    return np.array([[floor, scale, (scale + phi.decay - sample) * a / (b - 1), a, b]])


def _spread(
    fit: SurfaceFit, table: Real, asked: Interval, *, level: float, groups: Array, residuals: Real
) -> tuple[Real | None, Real | None, str]:
    """Limits of the free parameters, parameters over resamples, and where they come from."""
    if table.ndim == 2:
        limits = asked.limits(fit, table, level=level)
        counts = np.random.default_rng(0).multinomial(len(table), np.full(len(table), 1 / len(table)), _RESAMPLES)
        draws = fit._fit(counts @ table / len(table))
        return limits, draws[~np.isnan(draws).any(axis=1)], f"{asked.describe()} ({len(table)} replicates)"
    if float(np.sqrt(np.mean(residuals**2))) <= ROUNDING:
        return None, None, "none: the law is followed to rounding, so no noise is seen"
    units = int(groups.max()) + 1
    if units < _FEWEST_FOR_ROWS and units == len(residuals):
        return None, None, f"unknown: {units} points are too few to be resampled"
    logarithms = residuals + fit.model.values(fit.start[None])[0]
    draws = resampled(
        *(fit.model, logarithms, fit.start),
        free=fit.free,
        loss=fit.loss,
        groups=groups,
        resamples=_RESAMPLES_OF_THEORY if isinstance(fit.model, Theory) else _RESAMPLES,
        seed=0,
    )
    share = (1 - level) / 2
    limits = np.quantile(draws[:, fit.free], [share, 1 - share], axis=0, method="inverted_cdf")
    what = "points" if units == len(residuals) else "groups of points"
    return limits, draws, f"percentiles over {len(draws)} resamples of the {units} {what}"


def _held_out(
    name: str, across: Real, along: Real, mean: Real, *, held: float | None, loss: Loss, share: float
) -> tuple[HoldOut | None, str]:
    """A fit of the smaller budgets, asked for the larger ones."""
    budgets = across * along
    order = np.argsort(budgets, kind="stable")
    count = round((1 - share) * len(order))
    if share == 0 or count == len(order):
        return None, "none asked for"
    low, high = order[:count], order[count:]
    try:
        _check_counts(across[low], along[low])
        fit = _fitted(name, across[low], along[low], mean[low], held=held, loss=loss)
    except RiskcalcError as error:
        return None, f"none: the {count} points of the smaller budgets do not determine the law ({error})"
    missed = np.log(mean[high]) - fit.model.at(across[high], along[high]).values(fit.start[None])[0]
    return HoldOut(
        fitted=count,
        asked=len(high),
        budget=float(budgets[high].min()),
        error=float(np.abs(missed).mean()),
        bias=float(-missed.mean()),
    ), ""


def _notes(name: str, fit: SurfaceFit, held: float | None) -> tuple[str, ...]:
    notes = []
    parts = fit.model.parts(fit.start[None])[0]
    if held is None and (parts[FLOOR] < _UNSEEN * np.exp(fit.model.values(fit.start[None])[0])).all():
        notes.append("no floor is visible: E came out as 0, and losses predicted far away are too low")
    if name == "coupled":
        _, _, alpha, _, beta, coupling = fit.start
        a, b = 2 * alpha / beta, 1 + 2 * alpha
        try:
            derived = crossover(a, b).coupling
            notes.append(
                f"the theory with these exponents (a = {a:.3g}, b = {b:.3g}, M ~ N^(1/2)) has g = {derived:.3g} at the "
                f"crossover; fitted {np.exp(coupling):.3g}"
            )
        except RiskcalcError:
            notes.append(f"the theory has no surface with these exponents (a = {a:.3g}, b = {b:.3g})")
    return tuple(notes)


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
    _check_counts(across, along)
    if table.ndim == 2 and len(table) < FEWEST_REPLICATES:
        raise InvalidInput(f"{len(table)} replicates are too few for an interval: give at least {FEWEST_REPLICATES}")
    return across, along, table


def _check_counts(across: Real, along: Real) -> None:
    if across.size < 6 or len(np.unique(across)) < 3 or len(np.unique(along)) < 3:
        raise InvalidInput("a scaling law needs at least 6 points, with 3 different sizes and 3 different samples")


def _plain(model: Form, name: str, value: float) -> float:
    return float(np.exp(value)) if name in model.logarithms else float(value)


def _intervals(fit: SurfaceFit, limits: Real) -> dict[str, Limits]:
    names = [fit.model.names[place] for place in fit.free]
    return {
        name: (_plain(fit.model, name, low), _plain(fit.model, name, high))
        for name, low, high in zip(names, *limits, strict=True)
    }

