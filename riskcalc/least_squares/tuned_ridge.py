"""`tuned_ridge`: the ridge of smallest expected risk, found in the u-plane, where ridge and risk are explicit.

Formula: every u above the floor d1(u) = min(M, n) is the solution at the ridge u (1 - d1/M)(1 - d1/n); D34 gives its
risk. The smallest is looked for along log u on a grid, then where the derivative of a Chebyshev series is zero.
Closed form: a = b = 2, infinite dimension, no label noise, up to terms of relative order exp(-4 (x + 1/2)) at
x = M n/(M + n):
    ridge = (scale) pi^2/(4 M n),   excess = (signal scale)(pi^2/4) M n (M + n + 1)/((M + 1/2)^2 (n + 1/2)^2).
Source: D69.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.curve.wording import problem_sentence
from riskcalc.display import Displayed, Facts, Page
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.equivalent import (
    State,
    approximation_of,
    check,
    lowest,
    risk_of,
    solved,
    spectral_sums_of,
    states,
)
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.problem import PowerLaw, Problem
from riskcalc.quantity import Number, NumberLike, Real, of_type
from riskcalc.spectral.sums import SpectralSums

_NEAREST = 1e-12  # of u to the floor, relative: beyond it lies no ridge
_FARTHEST = 1e12  # u over what the trace and the noise make of it, where nothing is learnt
_MOST_NOISE = 1e10  # over signal power and samples, beyond which the gain of the best ridge is rounding
_A_DECADE = 12  # points of the grid
_ZOOM, _DEGREE = 0.4, 16  # of log u round the best point, and of its series
_CLOSED_FROM = 9  # x, from which on exp(-4 (x + 1/2)) is below rounding


@dataclass(frozen=True, kw_only=True)
class TunedRidge(Displayed):
    """ridge: 0 where none is best. fit: the fit with it, and its parts. closed: whether both are a closed form."""

    ridge: float
    fit: LeastSquaresRisk
    closed: bool

    def page(self) -> Page:
        """The ridge and the parts of the risk there, for a reader."""
        best = ("ridge", f"{self.ridge:.9g}{' (closed form)' if self.closed else ''}")
        return Page("best ridge", (Facts((("problem", problem_sentence(self.fit.asked)), best, *self.fit.facts())),))

    @property
    def excess(self) -> float:
        """Of the best fit."""
        return self.fit.excess

    @property
    def risk(self) -> float:
        """Of the best fit: irreducible + excess."""
        return self.fit.risk


def tuned_ridge(problem: Problem, *, model_size: NumberLike, samples: NumberLike) -> TunedRidge:
    """The best ridge of least squares with `model_size` random features on `samples` samples, and the risk there.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features.
    samples : number
        n.

    Returns
    -------
    TunedRidge
        `ridge`, `excess` and the risk there.

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
    Valid: the deterministic equivalent; M and n also at or above the number of eigenvalues. Negative ridges are not
    looked at. Where the risk falls to the end, the ridge is 0; where none is refused there, the smallest that is told
    from none.

    Source: D69.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2))
    >>> found = tuned_ridge(problem, model_size=1000, samples=3000)
    >>> f"{found.ridge:.12e} {found.excess:.12e}"
    '8.224670334241e-07 3.286306849600e-03'
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    asked = LeastSquares(problem=problem, model_size=model_size, samples=samples, ridge=1)
    closed = closed_ridge(problem, asked.model_size, asked.samples)
    if closed is not None:
        ridge, excess = closed
        fit = replace(asked, ridge=ridge)
        return TunedRidge(ridge=ridge, fit=replace(risk_of(fit, *solved(fit)), excess=excess), closed=True)
    return searched_ridge(asked)


def closed_ridge(problem: Problem, model_size: Number, samples: Number) -> tuple[float, float] | None:
    """Best ridge and excess where they are closed; None elsewhere."""
    spectrum, signal = problem.spectrum, problem.power_law_signal
    if not isinstance(spectrum, PowerLaw) or signal is None:
        return None
    if (spectrum.a, signal.b, problem.noise, spectrum.dimension) != (2, 2, 0, None):
        return None
    size, count = float(model_size), float(samples)
    if size * count < _CLOSED_FROM * (size + count):
        return None
    quarter = math.pi**2 / 4
    shares = size * (size + count + 1) / (size + 0.5) ** 2 * count / (count + 0.5) ** 2
    return float(spectrum.scale) * quarter / size / count, float(signal.scale) * quarter * shares


def searched_ridge(asked: LeastSquares) -> TunedRidge:
    """The same by search, whatever the problem."""
    sums = spectral_sums_of(asked.problem)
    check(asked.model_size, asked.samples, 1e-300, sums)
    if sums.moments().signal == 0:
        raise InvalidInput("the target is zero: the larger the ridge the better, and none is best")
    noise, approximation = float(asked.problem.noise), approximation_of(sums, asked.model_size)
    most = _MOST_NOISE * sums.moments().signal * float(asked.samples)
    if noise > most:
        raise InvalidInput(
            f"the noise hides what {float(asked.samples):.6g} samples say: float64 tells no ridge from another beyond "
            f"a noise of {most:.4g}, not {noise:.4g}"
        )

    def seen(u: Real) -> list[State]:
        return states(sums, asked.model_size, asked.samples, u)

    def excess(u: Real) -> Real:
        return np.array([(one.unfitted + noise * one.used) / one.left_over for one in seen(u)])

    places = _grid(sums, asked, noise)
    values = excess(places)
    best = int(np.nanargmin(values))
    (found,) = seen(np.array([_refined(excess, places, best)]))
    ridge = found.kappa * found.rest
    without = _without(asked, sums)
    fit = risk_of(replace(asked, ridge=ridge), approximation, found)
    if without is not None and without.excess <= fit.excess:
        return TunedRidge(ridge=0.0, fit=without, closed=False)
    if best == len(places) - 1:
        raise ToleranceNotMet("no ridge is best: the risk falls as far as ridges are looked at; use less noise")
    return TunedRidge(ridge=ridge, fit=fit, closed=False)


def _grid(sums: SpectralSums, asked: LeastSquares, noise: float) -> Real:
    """u from the floor on, in steps of log(u - floor)."""
    moments = sums.moments()
    floor = lowest(sums, min(asked.model_size, asked.samples))
    most = moments.trace * (1 + (1 + noise / moments.signal) / float(min(asked.model_size, asked.samples)))
    # without a floor the noise alone keeps u from 0; with neither, everything is fitted
    least = _NEAREST * (floor if floor > 0 else moments.trace / float(max(asked.samples, asked.model_size)))
    decades = math.log10(most * _FARTHEST / least)
    return np.asarray(floor + np.geomspace(least, most * _FARTHEST, math.ceil(_A_DECADE * decades)))


def _refined(excess: Callable[[Real], Real], places: Real, best: int) -> float:
    """Where the derivative of a Chebyshev series of the excess in log u is zero, near the best point of the grid."""
    if best in (0, len(places) - 1):
        return float(places[best])
    low, high = (math.log(places[place]) for place in (best - 1, best + 1))
    middle, half = (low + high) / 2, min(_ZOOM, (high - low) / 2)
    series = np.polynomial.Chebyshev.interpolate(
        lambda x: excess(np.exp(middle + half * x)) / excess(places[best : best + 1]), _DEGREE
    )
    turns = [float(turn.real) for turn in series.deriv().roots() if abs(turn.imag) < 1e-6 and abs(turn.real) <= 1]
    at = min(turns, key=series, default=(math.log(places[best]) - middle) / half)
    return math.exp(middle + half * at)


def _without(asked: LeastSquares, sums: SpectralSums) -> LeastSquaresRisk | None:
    """The fit without a ridge, None where its risk is infinite."""
    if asked.samples == min(asked.model_size, sums.rank):
        return None
    bare = replace(asked, ridge=0)
    return risk_of(bare, *solved(bare))
