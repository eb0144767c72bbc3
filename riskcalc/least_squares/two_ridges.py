"""Two ridges on the same features and samples: the mean product of the errors of both fits.

Formula: with kappa_i = u_i (1 - d1(u_i)/M), psi_i = u_i sig(u_i) and ridge lambda_i = kappa_i (1 - d1(u_i)/n),
    E (y - f_1)(y - f_2) = [kappa_1 (sigma2 + psi_2) - kappa_2 (sigma2 + psi_1)]/(lambda_1 - lambda_2),
on fresh samples. Where both ridges are one this is D34. Neither difference is taken: both are u_1 - u_2 times sums of
what is positive, in p = (lambda + u_1)(lambda + u_2), with u_2 the smaller, m = 1 - d1/M and nu = 1 - d1/n:
    D = sum lambda/p,   bracket without noise = m_1 sum h u_1 u_2/p + u_2 D psi_1/M,
    lambda_1 - lambda_2 -> nu_1 (m_1 + u_2 D/M) + u_2 m_2 D/n.
Everything that is linear in the labels of one data set is made of it: gradient descent (D56), and any mean of ridge
fits. Source: D55.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Claim, Question, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.equivalent import LeastSquaresEquivalent, solved, spectral_sums_of, spread_of
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, NumbersLike, listed, number
from riskcalc.spectral.sums import SpectralSums

_PANEL, _POINTS = 2.0, 12  # of log u; the sums are analytic to pi on either side


def two_ridges(
    problem: Problem, *, model_size: NumberLike, samples: NumberLike, ridges: NumbersLike
) -> LeastSquaresRisk:
    """Mean product of the errors of two ridge fits with `model_size` random features on the same `samples` samples.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features, any real one.
    samples : number
        n, any real one.
    ridges : number or sequence of numbers
        Two numbers, at least 0. The parts are those of the product; it is a risk where both ridges are one.

    Returns
    -------
    LeastSquaresRisk
        The mean product of the two errors and its parts.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: ridges >= 0; M and n >= 1, M also at or above the number of positive eigenvalues; without a ridge n may not
    be the smaller of the two.

    Source: D55.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> fits = {"model_size": 60, "samples": 80}
    >>> [round(two_ridges(problem, ridges=pair, **fits).risk, 4) for pair in (("1e-3", "1e-3"), ("1e-3", "1"))]
    [1.3733, 1.0961]
    """
    asked = [number(ridge, "ridges") for ridge in listed(ridges, "ridges", "ridges")]
    if len(asked) != 2:
        raise InvalidInput(f"ridges must be two numbers, not {len(asked)}")
    fits = [LeastSquares(problem=problem, model_size=model_size, samples=samples, ridge=ridge) for ridge in asked]
    small, large = sorted(asked)
    if small == large:
        return LeastSquaresEquivalent().risk(fits[0])
    near, far = sorted(fits, key=lambda fit: fit.ridge)
    (approximation, low), (_, high) = solved(near), solved(far)
    size, count, noise = float(near.model_size), float(near.samples), float(near.problem.noise)
    mixed = _mixed(spectral_sums_of(near.problem), low.u, high.u)
    gap = high.kappa / high.u
    rise = gap + mixed.freed / size
    fall = high.rest * rise + (low.kappa / low.u * mixed.freed / count if low.u > 0 else 0.0)
    used = (gap * mixed.taken + mixed.freed * low.freedom * count / size) / count / fall
    bias = (gap * (mixed.missed - approximation) + mixed.freed * (high.left - approximation) / size) / fall
    variance = (noise + approximation) * used
    return LeastSquaresRisk(
        excess=approximation + bias + variance,
        irreducible=noise,
        approximation=approximation,
        bias=bias,
        variance=variance,
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.COMPUTED,
        asked=Question.of({**fits[0].describe(), "second_ridge": fits[1].describe()["ridge"]}),
        method={"name": "least squares equivalent", "u": [low.u, high.u] if near is fits[0] else [high.u, low.u]},
    )


@dataclass(frozen=True, kw_only=True)
class _Mixed:
    """Sums at both u: freed = sum lambda u_2/p, taken = sum lambda^2/p, missed = sum h u_1 u_2/p, with
    p = (lambda + u_1)(lambda + u_2)."""

    freed: float
    taken: float
    missed: float


def _mixed(sums: SpectralSums, low: float, high: float) -> _Mixed:
    """As means over u between both, by Gauss's rule in log u: 1/p is the mean of 1/(lambda + u)^2."""
    if low == 0:  # all is fitted
        return _Mixed(freed=0.0, taken=float(sums.freedom_at(np.array([high]))[0]), missed=0.0)
    ends = math.log(low), max(math.log(low), math.log(high))
    nodes, weights = np.polynomial.legendre.leggauss(_POINTS)
    edges = np.linspace(*ends, 2 + math.floor((ends[1] - ends[0]) / _PANEL))
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1] - edges[0]) / 2
    u = np.exp(middle[:, None] + half * nodes).ravel()
    d1, d2, _, twice = sums.unfitted_at(u)
    weight = np.tile(weights, len(middle))
    whole = float(weight @ (u / high))
    return _Mixed(
        freed=float(weight @ spread_of(sums, u, d1, d2)) * (low / high) / whole,
        taken=float(weight @ (d2 * (u / high))) / whole,
        missed=float(weight @ (twice * (low / u))) / whole,
    )
