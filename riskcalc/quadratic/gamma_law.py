"""Constant step size for ever: each coordinate of w = v*v has a gamma law, or dies.

Formula, small steps: with the risk R (noise included) and c = gamma R/B,
    w_j ~ Gamma(shape w*_j/(2 c) - 1/2, scale 2 c) where w*_j > c, with mean w*_j - c and variance 2 c (w*_j - c);
    w_j -> 0 where w*_j <= c;
    R = sigma2 + beyond + sum_{w*_j > c} lambda_j c (2 w*_j - c) + sum_{w*_j <= c} lambda_j w*_j^2.
The right side is concave in R and positive at 0, so that there is one R. Source: D71.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from riskcalc.errors import InvalidInput
from riskcalc.problem import Problem
from riskcalc.quadratic.coordinates import Coordinates, coordinates_of
from riskcalc.quantity import NumberLike, Real, number, whole

_LEAST = 1e-300  # of R


@dataclass(frozen=True, kw_only=True, eq=False)
class GammaLaw:
    """risk: R. threshold: c, below which targets die. target: w*_j. shape, scale: of the gamma laws; shape 0: dead.

    mean, variance: of w_j. excess: R less the noise.
    """

    risk: float
    irreducible: float
    threshold: float
    target: Real
    shape: Real
    scale: float

    @property
    def excess(self) -> float:
        """R - sigma2."""
        return self.risk - self.irreducible

    @property
    def mean(self) -> Real:
        """w*_j - c of those that live."""
        return np.asarray(np.maximum(self.target - self.threshold, 0.0))

    @property
    def variance(self) -> Real:
        """2 c (w*_j - c) of those that live."""
        return np.asarray(2 * self.threshold * self.mean)

    @property
    def alive(self) -> int:
        """How many coordinates live: the dimension that the step size selects."""
        return int((self.target > self.threshold).sum())


def quadratic_stationary(
    problem: Problem, *, model_size: NumberLike, step_size: NumberLike, batch_size: NumberLike = 1
) -> GammaLaw:
    """Where SGD on v at constant step size ends, f(x) = <x, v*v> on the first M coordinates.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, coordinates.
    step_size : number
        The step size gamma, constant; exact where it is text, such as "3/10".
    batch_size : number, default 1
        B, samples a step.

    Returns
    -------
    GammaLaw
        The risk where it ends, and how many coordinates are alive.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: small steps; the mean field of the risk; a run may diverge before, and slow coordinates need steps of the
    order 1/(gamma lambda_j |w*_j - c|) to come there.

    Source: D71.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a="3/2"), signal=PowerLawSignal(b="7/2"), noise=1)
    >>> found = quadratic_stationary(problem, model_size=10**5, step_size="1/10")
    >>> f"{found.risk:.9f}", found.alive
    ('1.314144243', 7)
    """
    places = coordinates_of(problem, model_size)
    size, batch = float(number(step_size, "step_size")), whole(batch_size, "batch_size", least=1)
    if size <= 0:
        raise InvalidInput(f"step_size must be positive, not {step_size}")
    share = size / batch
    most = places.noise + places.beyond + places.signal
    if _gap(places, share, _LEAST) <= 0:  # no noise at all: every coordinate is found
        risk = 0.0
    else:
        risk = float(brentq(lambda level: _gap(places, share, level), _LEAST, 2 * most, xtol=_LEAST, rtol=1e-15))
    threshold = share * risk
    living = places.target > threshold
    with np.errstate(divide="ignore"):  # without noise every coordinate ends at its target
        shape = np.where(living, places.target / np.float64(2 * threshold) - 0.5, 0.0)
    return GammaLaw(
        risk=risk,
        irreducible=places.noise,
        threshold=threshold,
        target=places.target,
        shape=shape,
        scale=2 * threshold,
    )


def _gap(places: Coordinates, share: float, level: float) -> float:
    """What the noise at this risk would make the risk, less it: lambda (w*^2 - (w* - c)^2) of those that live."""
    left = np.maximum(places.target - share * level, 0.0)
    made = places.eigenvalue * (places.target - left) * (places.target + left)
    return places.noise + places.beyond + float(places.count @ made) - level
