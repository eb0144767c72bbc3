"""Intervals of a single run: from its residuals, correlated along the run, and the profile of the fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.fitting.autoregression import Noise, residual_noise
from riskcalc.fitting.estimate import CurveFit
from riskcalc.fitting.profile import Profile, inverse_normal
from riskcalc.quantity import Real

ROUNDING = 1e-9  # root mean square of log residuals; a curve that is followed so closely has no noise


@dataclass(frozen=True, kw_only=True, eq=False)
class Residuals:
    """A fit of one curve as its residuals judge it. hidden: whether a floor was looked for and none is visible."""

    fit: CurveFit
    excess: Real
    hidden: bool

    @property
    def residuals(self) -> Real:
        """Of log E."""
        return np.asarray(np.log(self.excess) - self.fit.model.values(self.fit.start[None])[0])

    @property
    def spread(self) -> float:
        """Their root mean square."""
        return float(np.sqrt(np.mean(self.residuals**2)))

    @property
    def _profile(self) -> Profile:
        free = (*self.fit.free, len(self.fit.start) - 1) if self.hidden else self.fit.free
        start, data = self.fit.start, np.log(self.excess)
        return Profile(model=self.fit.model, data=data, parameters=start, free=free, loss=self.fit.loss)

    def noise(self, statistics: Real) -> Noise:
        """The noise of statistics of the data, linear to first order, from what is left of the data.

        A robust loss counts a residual as its weight says.
        """
        jacobian, residuals = self.fit.model.evaluate(self.fit.start[None])[1], self.residuals
        moving = [column for column in self._profile.free if np.isfinite(self.fit.start[column])]
        return residual_noise(residuals * self.fit.loss.weight(residuals), jacobian[0][:, moving], statistics)

    def limits(self, slopes: Real, level: float) -> tuple[Real, Noise]:
        """Lower and upper limits, shape (2, statistics); slopes: of the statistics by the excess.

        Exponents, coefficients and the floor by profile; drifts, which are found with all else held, by their slope.
        """
        found, profile = [], self._profile
        inverse, places, share = inverse_normal(profile)
        jacobian = profile.model.evaluate(profile.parameters[None])[1][0][:, places]
        linear = inverse @ jacobian.T / share
        rows = []
        for name, slope in zip(self.fit.names, slopes, strict=True):
            direction = self._direction(name)
            rows.append(slope * self.excess if direction is None else direction[places] @ linear)
        noise = self.noise(np.array(rows))
        estimates = self.fit.statistics(self.excess[None])[0]
        for name, estimate, reach in zip(self.fit.names, estimates, noise.reach(level), strict=True):
            direction = self._direction(name)
            if direction is None:
                found.append((estimate - reach, estimate + reach))
            else:
                found.append(profile.limits(direction, reach))
        return np.array(found).T, noise

    def _direction(self, name: str) -> Real | None:
        """The statistic as a combination of the parameters; None for a drift."""
        model, direction = self.fit.model, np.zeros(len(self.fit.start))
        if name.startswith("drift"):
            return None
        if name.startswith("coefficient"):
            term = name.removeprefix("coefficient")
            logarithms = np.log(self.fit.steps)
            direction[model.index(f"size{term}")] = 1.0
            direction[model.index(f"exponent{term}")] = (logarithms.min() + logarithms.max()) / 2
        else:
            direction[model.index(name)] = 1.0
        return direction

    def describe(self, noise: Noise) -> str:
        """Where the limits come from, in words."""
        if noise.correlation is None:
            few = self.excess.size
            how = f"if its {few} records are independent: so few show no correlation, and with one the error is unknown"
        else:
            how = f"correlation of neighbouring records {noise.correlation:.2f}, its uncertainty allowed for"
        return f"from the residuals of this one curve, {how}; what the model misses counts as noise"
