"""The fit of one mean curve, or of many at once, as statistics: exponents, coefficients, floor, drifts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.fitting.loss import Loss
from riskcalc.fitting.power_sum import PowerSum, columns, curve_sum
from riskcalc.fitting.robust import robust_descent, robust_fit, sensitivity
from riskcalc.quantity import Real

_EXPONENTS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0)
_STARTS = 12
_SAME = 1e-4  # exponents of two terms that are no nearer together are told apart
_INVISIBLE = 1e-6  # largest share of the curve, anywhere in the window, of a term that is not there
_ROUNDING = 1e-12  # of log E
_NO_SECOND = "the data show no second term in this window: fit one term, or widen the window"
_FAINT = 1e-4  # a part that a start leaves out comes in at this share, so that it can grow


@dataclass(frozen=True, kw_only=True, eq=False)
class CurveFit:
    """E = floor + sum of power laws, fitted to log E; a `Functional` of the mean curve.

    start: parameters of the fit of the whole sample, from which those of resamples begin.
    Statistics, for each term: exponent, drift, logarithm of the coefficient; then log floor where it is fitted.
    The drift of a term is found with that term's size, exponent and drift free, all else held at the fit.
    """

    model: PowerSum
    steps: Real
    terms: int
    fits_floor: bool
    loss: Loss
    start: Real

    @property
    def free(self) -> tuple[int, ...]:
        names = [f"{name}{term}" for term in range(1, self.terms + 1) for name in ("size", "exponent")]
        return columns(self.model, [*names, "floor"] if self.fits_floor else names)

    @property
    def names(self) -> tuple[str, ...]:
        each = [f"{name}{term}" for term in range(1, self.terms + 1) for name in ("exponent", "drift", "coefficient")]
        return (*each, "floor") if self.fits_floor else tuple(each)

    def floor_is_visible(self) -> bool:
        """Whether the floor contributes anything anywhere in the window."""
        parts = self.model.parts(self.start[None])[0]
        return bool((parts[-1] > _INVISIBLE * parts.sum(axis=0)).any())

    def parameters(self, means: Real) -> Real:
        """Of the fit of each row, shape (sets, parameters); nan where it did not converge."""
        start = np.repeat(self.start[None], len(means), axis=0)
        found = robust_fit(self.model, np.log(means), start, free=self.free, loss=self.loss)
        return np.where(found.converged[:, None], found.parameters, np.nan)

    def statistics(self, means: Real) -> Real:
        found = np.full((len(means), len(self.names)), np.nan)
        parameters = self.parameters(means)
        good = ~np.isnan(parameters).any(axis=1)
        found[good] = self._statistics(np.log(means[good]), parameters[good])[0]
        return found

    def influence(self, means: Real) -> tuple[Real, Real]:
        found = np.full((len(means), len(self.names)), np.nan)
        slopes = np.full((len(means), len(self.names), means.shape[1]), np.nan)
        parameters = self.parameters(means)
        good = ~np.isnan(parameters).any(axis=1)
        logarithms = np.log(means[good])
        found[good], drifting = self._statistics(logarithms, parameters[good])
        slopes[good] = self._slopes(logarithms, parameters[good], drifting) / means[good][:, None, :]
        return found, slopes

    def _drift_free(self, term: int) -> tuple[int, ...]:
        return columns(self.model, [f"size{term}", f"exponent{term}", f"drift{term}"])

    def _statistics(self, logarithms: Real, parameters: Real) -> tuple[Real, list[Real]]:
        centre = self._centre()
        found, drifting = [], []
        for term in range(1, self.terms + 1):
            size, exponent, drift = self._drift_free(term)
            bent = robust_fit(self.model, logarithms, parameters, free=(size, exponent, drift), loss=self.loss)
            drifting.append(bent.parameters)
            found += [
                parameters[:, exponent],
                np.where(bent.converged, bent.parameters[:, drift], np.nan),
                parameters[:, size] + centre * parameters[:, exponent],
            ]
        if self.fits_floor:
            found.append(parameters[:, -1])
        return np.column_stack(found), drifting

    def _slopes(self, logarithms: Real, parameters: Real, drifting: list[Real]) -> Real:
        """Derivatives of the statistics by log E."""
        free, centre = self.free, self._centre()
        answer = sensitivity(self.model, parameters, logarithms, free=free, loss=self.loss)
        by_column = {column: answer[:, place] for place, column in enumerate(free)}
        found = []
        for term in range(1, self.terms + 1):
            size, exponent, _ = bending = self._drift_free(term)
            own = sensitivity(self.model, drifting[term - 1], logarithms, free=bending, loss=self.loss)[:, 2:]
            held = [column for column in free if column not in bending]
            if held:
                # The held parameters follow the data too.
                jacobian = self.model.evaluate(drifting[term - 1])[1][:, :, held]
                own = own - own @ jacobian @ np.stack([by_column[column] for column in held], axis=1)
            found += [by_column[exponent], own[:, 0], by_column[size] + centre * by_column[exponent]]
        if self.fits_floor:
            found.append(by_column[free[-1]])
        return np.stack(found, axis=1)

    def _centre(self) -> float:
        logarithms = np.log(self.steps)
        return float(logarithms.min() + logarithms.max()) / 2


def curve_fit(steps: Real, mean: Real, *, terms: int, floor: float | None, loss: Loss) -> CurveFit:
    """Fit one mean curve from many starts; floor None is fitted, else held.

    Terms come slowest first. A fit whose terms or floor cannot be told from each other converges all the same:
    its intervals say so.
    """
    model = curve_sum(steps, terms=terms)
    fit = CurveFit(
        model=model, steps=steps, terms=terms, fits_floor=floor is None, loss=loss, start=np.zeros(len(model.names))
    )
    starts = _starts(steps, mean, terms=terms, floor=floor, model=model)
    found = robust_descent(model, np.log(mean), starts, free=fit.free, loss=loss)
    if not found.converged.any():
        raise ToleranceNotMet(
            f"the fit of {terms} term{'s' * (terms > 1)} did not converge from any start: "
            "fit fewer terms, hold the floor, or use a wider window"
        )
    best = int(np.argmin(np.where(found.converged, found.cost, np.inf)))
    chosen = _slowest_first(found.parameters[best], terms)
    _check_visible(model, chosen, terms)
    if terms > 1 and _is_followed(curve_fit(steps, mean, terms=terms - 1, floor=floor, loss=loss), mean):
        raise InvalidInput(_NO_SECOND)
    return replace(fit, start=chosen)


def _is_followed(fit: CurveFit, mean: Real) -> bool:
    """Whether a fit leaves nothing but rounding."""
    return bool(np.abs(np.log(mean) - fit.model.values(fit.start[None])[0]).max() < _ROUNDING)


def _check_visible(model: PowerSum, parameters: Real, terms: int) -> None:
    """An exponent of a term that contributes nothing means nothing."""
    parts = model.parts(parameters[None])[0]
    shares = (parts / parts.sum(axis=0)).max(axis=1)[:terms]
    if (shares < _INVISIBLE).any():
        raise InvalidInput(
            "nothing decays above the floor in this window: fit another window, or over a lower floor"
            if terms == 1
            else _NO_SECOND
        )
    exponents = parameters[1 : 3 * terms : 3]
    if (np.diff(exponents) < _SAME).any():
        raise InvalidInput(
            f"both terms came out with the exponent {exponents[0]:.6g}: the data show no second term in this window; "
            "fit one term, or widen the window"
        )


def _slowest_first(parameters: Real, terms: int) -> Real:
    order = np.argsort(parameters[1 : 3 * terms : 3])
    blocks = parameters[: 3 * terms].reshape(terms, 3)[order]
    return np.concatenate([blocks.ravel(), parameters[3 * terms :]])


def _starts(steps: Real, mean: Real, *, terms: int, floor: float | None, model: PowerSum) -> Real:
    """The most promising exponents of a grid, with the best nonnegative coefficients for them."""
    from scipy.optimize import nnls

    x = np.log(steps)
    x = x - (x.min() + x.max()) / 2
    target = np.ones_like(mean) if floor is None else 1 - floor / mean
    unit = float(np.log(mean).mean())  # in units of the curve itself, whose squares stay floats
    inverse = np.exp(unit - np.log(mean))
    found = []
    for exponents in combinations(_EXPONENTS, terms):
        design = np.exp(-np.outer(x, exponents)) * inverse[:, None]
        if floor is None:
            design = np.column_stack([design, inverse])
        scale = np.linalg.norm(design, axis=0)
        coefficients, distance = nnls(design / scale, target)
        smallest = _FAINT * max(float(coefficients.max()), 1e-9)
        sizes = unit + np.log(np.maximum(coefficients, smallest) / scale)
        start = np.zeros(len(model.names))
        start[0 : 3 * terms : 3], start[1 : 3 * terms : 3] = sizes[:terms], exponents
        level = sizes[terms] if floor is None else (np.log(floor) if floor > 0 else -np.inf)
        found.append((distance, [*start[:-1], level]))
    found.sort(key=lambda pair: pair[0])
    return np.array([start for _, start in found[:_STARTS]])
