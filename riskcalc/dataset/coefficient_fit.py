"""A power law through scattered signal powers over a known noise floor: by quasi-likelihood, many resamples at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.errors import ToleranceNotMet
from riskcalc.fitting.power_sum import PowerSum, columns, curve_sum
from riskcalc.quantity import Real

_ITERATIONS = 100
_LONGEST_STEP = 2.0  # in logarithms and exponents
_CLOSE = 1e-9

_LAW = ("size1", "exponent1")
_BENT = ("size1", "exponent1", "drift1")


@dataclass(frozen=True, kw_only=True, eq=False)
class CoefficientFit:
    """Statistics (exponent, drift, log coefficient) of mu_j = c j^-b + floor, fitted to powers p_j with mean mu_j.

    Formula: sum_j (p_j/mu_j - 1) d log mu_j = 0, the likelihood equation of p_j/mu_j that follow one Gamma law (chi
        squared for normal coefficients). Only the mean has to be right for it to be consistent: a logarithm of p_j,
        whose mean depends on the number of outputs, is never taken.
    Source: D36.
    """

    model: PowerSum
    steps: Real

    def statistics(self, powers: Real, floors: Real) -> Real:
        """Of each row of powers, shape (sets, points), floors of shape (sets,); nan where the fit did not converge."""
        start = self._start(powers, floors)
        law = self._solve(powers, start, _LAW)
        bent = self._solve(powers, law, _BENT)
        size, exponent, drift = columns(self.model, _BENT)
        logarithms = np.log(self.steps)
        centre = (logarithms.min() + logarithms.max()) / 2
        return np.column_stack([law[:, exponent], bent[:, drift], law[:, size] + centre * law[:, exponent]])

    def parameters(self, powers: Real, floor: float) -> Real:
        """Of one data set."""
        start = self._start(powers[None], np.array([floor]))
        return np.asarray(self._solve(powers[None], start, _LAW)[0])

    def scatter(self, powers: Real, parameters: Real) -> float:
        """Standard error of the exponent from how the coefficients scatter about the law, whatever the rows say."""
        logarithms, jacobian = self.model.evaluate(parameters[None])
        moving = jacobian[0][:, columns(self.model, _LAW)]
        ratio = powers / np.exp(logarithms[0])
        dispersion = float(np.sum((ratio - 1) ** 2) / (len(powers) - 2))
        return float(np.sqrt(dispersion * np.linalg.inv(moving.T @ moving)[1, 1]))

    def _start(self, powers: Real, floors: Real) -> Real:
        """A level line through the middle."""
        start = np.zeros((len(powers), len(self.model.names)))
        above = np.maximum(powers.mean(axis=1) - floors, 0.1 * powers.mean(axis=1))
        logarithms = np.log(self.steps)
        shape = np.exp(-(logarithms - (logarithms.min() + logarithms.max()) / 2)).mean()
        start[:, 0], start[:, 1] = np.log(above / shape), 1.0
        with np.errstate(divide="ignore"):
            start[:, -1] = np.log(floors)
        return start

    def _solve(self, powers: Real, start: Real, names: tuple[str, ...]) -> Real:
        """Fisher scoring; a step that does not raise the likelihood is halved."""
        moving = columns(self.model, names)
        parameters = start.copy()
        bad = np.isnan(parameters).any(axis=1)
        parameters[bad] = 0.0
        cost = self._cost(powers, parameters)
        share = np.ones(len(powers))
        done = np.zeros(len(powers), dtype=np.bool_)
        for _ in range(_ITERATIONS):
            logarithms, jacobian = self.model.evaluate(parameters)
            design = jacobian[:, :, moving]
            ratio = powers / np.exp(logarithms) - 1
            normal = design.transpose(0, 2, 1) @ design + 1e-10 * np.eye(len(moving))
            step = np.linalg.solve(normal, design.transpose(0, 2, 1) @ ratio[:, :, None])[:, :, 0]
            length = np.abs(step).max(axis=1)
            step *= (share * np.minimum(1.0, _LONGEST_STEP / np.maximum(length, 1e-300)))[:, None]
            trial = parameters.copy()
            trial[:, moving] += step
            trial_cost = self._cost(powers, trial)
            better = (trial_cost < cost) & ~done
            parameters[better], cost[better] = trial[better], trial_cost[better]
            share = np.where(better, np.minimum(1.0, 2 * share), share / 2)
            done |= (length * np.minimum(share, 1.0) < _CLOSE) | (length < _CLOSE)
            if done.all():
                break
        parameters[bad | ~done] = np.nan
        return parameters

    def _cost(self, powers: Real, parameters: Real) -> Real:
        logarithms = self.model.values(parameters)
        with np.errstate(over="ignore", invalid="ignore"):
            cost = (powers * np.exp(-logarithms) + logarithms).sum(axis=1)
        return np.asarray(np.where(np.isfinite(cost), cost, np.inf))


def coefficient_fit(steps: Real) -> CoefficientFit:
    """A fit at these directions."""
    return CoefficientFit(model=curve_sum(steps, terms=1), steps=steps)


def require_convergence(statistics: Real) -> None:
    """Refuse where the fit of the data themselves has no minimum."""
    if not np.isfinite(statistics).all():
        raise ToleranceNotMet("no power law fits the signal coefficients above the noise: give another window")
