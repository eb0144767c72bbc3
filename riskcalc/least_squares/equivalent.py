"""The deterministic equivalent of ridge regression on random features, and its limit without a ridge.

Formula (D34): u > 0 solves u (1 - d1/M) (1 - d1/n) = ridge, and with rho = (M - d1)/(M - d2)
    unfitted = (1 - rho) first + rho second,   edf2 = d1 - rho (d1 - d2),
    risk = (unfitted + sigma2)/(1 - edf2/n),   training loss = (1 - d1/n)^2 risk.
That is the product of the errors of two fits (`two_ridges`) where both ridges are one. M and n may also be the number
v of positive eigenvalues, or more: d1 < v leaves a gap then, which no vanishing ridge closes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from riskcalc.curve import Claim, Question, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.least_squares.decomposition import LeastSquaresRisk
from riskcalc.least_squares.least_squares import LeastSquares
from riskcalc.numeric.roots import decreasing_root
from riskcalc.problem import Problem
from riskcalc.quantity import Number, Real, of_type
from riskcalc.spectral.companion import companion, companions
from riskcalc.spectral.landmarks import floor_of
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.sums import SpectralSums
from riskcalc.spectral.term_by_term import ExplicitSums

_LARGEST = 10**24
_LARGEST_RIDGE = 1e100  # over the trace; nothing is learnt long before
_ROUNDING = 1e-15
_BRACKET = 0.05  # of log u
_MOSTLY = 0.5  # of the directions, from which on v - d1 is the smaller number


@dataclass(frozen=True, kw_only=True)
class LeastSquaresEquivalent:
    """Expected risk over sketch and samples, for many features and samples, by the deterministic equivalent.

    Notes
    -----
    Valid: real M and n in [1, 1e24]; without a ridge n may not be the smaller of M and the number of positive
    eigenvalues. The distance to the true average is O(1/M + 1/n) relative, and without a ridge O(1/|M - n|) near M = n.

    Source: D34.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem, ridge_risk
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2), noise=1)
    >>> round(ridge_risk(problem, model_size=20, samples=100, method=LeastSquaresEquivalent()).excess, 3)
    0.397
    """

    def risk(self, asked: LeastSquares) -> LeastSquaresRisk:
        """The parts and their sum."""
        of_type(asked, LeastSquares, "asked", "LeastSquares(...)")
        approximation, state = solved(asked)
        return risk_of(asked, approximation, state)


def risk_of(asked: LeastSquares, approximation: float, state: State) -> LeastSquaresRisk:
    """The answer, of what was solved."""
    noise = float(asked.problem.noise)
    bias = state.above(approximation) / state.left_over
    variance = (noise + approximation) * state.used / state.left_over
    excess = approximation + bias + variance
    return LeastSquaresRisk(
        excess=excess,
        irreducible=noise,
        approximation=approximation,
        bias=bias,
        variance=variance,
        training=state.rest**2 * (noise + excess),
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.COMPUTED,
        asked=Question.of(asked.describe()),
        method={"name": "least squares equivalent", "u": state.u},
    )


def solved(asked: LeastSquares) -> tuple[float, State]:
    """The approximation, and all that the risk is made of."""
    sums = spectral_sums_of(asked.problem)
    ridge = float(asked.ridge)
    check(asked.model_size, asked.samples, ridge, sums)
    u = _root(sums, asked.model_size, asked.samples, ridge)
    return approximation_of(sums, asked.model_size), state_at(sums, asked.model_size, asked.samples, u, ridge=ridge)


def approximation_of(sums: SpectralSums, model_size: Number) -> float:
    """What the best model on the features misses: nothing, where they are as many as the directions."""
    floor = lowest(sums, model_size)
    return float(sums.unfitted_at(np.array([floor]))[2][0]) if floor > 0 else 0.0


@dataclass(frozen=True, kw_only=True)
class State:
    """At the solution u: rho, the unfitted signal, used = edf2/n, left_over = 1 - used without cancellation.

    kappa: u (1 - d1/M). rest: 1 - d1/n. excess: kappa - ridge = kappa d1/n. left: u sig(u). twice: the sum of
    h (u/(lambda + u))^2. mixed: 1 - rho. freedom, freedom2, spread: d1/n, d2/n and their difference, which like mixed
    is none of two numbers.
    """

    u: float
    kappa: float
    rest: float
    excess: float
    left: float
    twice: float
    rho: float
    mixed: float
    unfitted: float
    used: float
    left_over: float
    freedom: float
    freedom2: float
    spread: float

    def above(self, floor: float) -> float:
        """What is unfitted above a floor: above the approximation nothing, below M = n without a ridge."""
        if floor > 0 and self.rho == 0:
            return 0.0
        return max(self.unfitted - floor, 0.0)


def state_at(sums: SpectralSums, model_size: Number, samples: Number, u: float, *, ridge: float) -> State:
    """Everything at the solution."""
    if u > 0:
        (found,) = states(sums, model_size, samples, np.array([u]), ridge=ridge)
        return found
    # no ridge, and more features and samples than directions: all of them are fitted
    used = sums.rank / float(samples)
    nothing = dict.fromkeys(("u", "kappa", "excess", "left", "twice", "mixed", "unfitted", "spread"), 0.0)
    shares = dict.fromkeys(("used", "freedom", "freedom2"), used)
    return State(**nothing, **shares, rho=1.0, rest=1 - used, left_over=1 - used)


def states(
    sums: SpectralSums, model_size: Number, samples: Number, u: Real, *, ridge: float | None = None
) -> list[State]:
    """The same at several u > 0; each is the solution at a ridge of its own, unless one is given.

    What both gaps make together is then ridge/u, which says them to all digits, also near the floor.
    """
    size, count = float(model_size), float(samples)
    d1, d2, first, second = sums.unfitted_at(u)
    points, seen = u.astype(np.complex128), (d1.astype(np.complex128), d2.astype(np.complex128))
    (size_gap, size_rest), (gap, _) = (
        tuple(value.real for value in companions(sums, number, points, *seen)) for number in (model_size, samples)
    )
    if ridge is not None:
        size_gap, gap = _gaps(model_size, samples, ridge / u)
    spread = spread_of(sums, u, d1, d2)
    rho, kappa = size_gap / size_rest, u * size_gap
    mixed = spread / (size * size_rest)
    values = {
        "u": u,
        "kappa": kappa,
        "rest": gap,
        "excess": kappa * d1 / count,
        "left": first,
        "twice": second,
        "rho": rho,
        "mixed": mixed,
        "unfitted": mixed * first + rho * second,
        "used": (mixed * d1 + rho * d2) / count,
        "left_over": gap + rho * spread / count,
        "freedom": d1 / count,
        "freedom2": d2 / count,
        "spread": spread / count,
    }
    rows = zip(*(value.tolist() for value in values.values()), strict=True)
    return [State(**dict(zip(values, row, strict=True))) for row in rows]


def _gaps(model_size: Number, samples: Number, product: Real) -> tuple[Real, Real]:
    """1 - d1/M and 1 - d1/n of known product, u being exact where they vanish: none is a difference.

    The larger one is apart + (1 - apart) times the smaller, apart = 1 - min/max, and the smaller one the positive root
    of the quadratic equation that this makes.
    """
    most = max(model_size, samples)
    apart, share = float((most - min(model_size, samples)) / most), float(min(model_size, samples) / most)
    small = 2 * product / (apart + np.sqrt(apart**2 + 4 * share * product))
    large = apart + share * small
    return (small, large) if model_size < samples else (large, small)


def spread_of(sums: SpectralSums, u: Real, d1: Real, d2: Real) -> Real:
    """d1 - d2, from the complements where nearly every direction is used."""
    near = d2 > _MOSTLY * sums.rank
    spread = d1 - d2
    if near.any():
        e1, e2 = sums.complements_at(u[near])
        spread[near] = (e2 - e1).real
    return spread


def lowest(sums: SpectralSums, count: Number) -> float:
    """u with d1(u) = count, zero where there are no more directions than that."""
    return floor_of(sums, count) if count < sums.rank else 0.0


def _root(sums: SpectralSums, model_size: Number, samples: Number, ridge: float) -> float:
    """u (1 - d1/M) (1 - d1/n) = ridge: above the root of d1 = min(M, n) the left side grows from zero."""
    floor = lowest(sums, min(model_size, samples))
    if ridge == 0:
        return floor

    def deficit(log_u: Real) -> Real:
        u = np.exp(log_u)
        return ridge - u * np.maximum(companion(sums, model_size, u), 0.0) * companion(sums, samples, u)

    # since (1 - x)(1 - y) > 1 - x - y; twice that, and a little below the root, against rounding at the ends
    high = math.log(2 * (ridge + sums.moments().trace * (1 / float(model_size) + 1 / float(samples))))
    low = min(math.log(max(floor, ridge)), high) - _BRACKET
    return math.exp(decreasing_root(deficit, low, high, width=_ROUNDING * max(1.0, abs(low))))


def spectral_sums_of(problem: Problem) -> SpectralSums:
    """Of a random target of finite dimension, coordinate by coordinate."""
    return ExplicitSums(problem) if problem.random_target and problem.dimension is not None else spectral_sums(problem)


def check(model_size: Number, samples: Number, ridge: float, sums: SpectralSums) -> None:
    """Refuse what has no finite answer, and what float64 cannot carry."""
    trace, directions = sums.moments().trace, min(model_size, sums.rank)
    if ridge > _LARGEST_RIDGE * trace:
        raise InvalidInput(f"the ridge goes up to {_LARGEST_RIDGE:.0e} times the trace {trace:.4g}, not {ridge:g}")
    if max(model_size, samples) > _LARGEST:
        most = float(max(model_size, samples))
        raise InvalidInput(f"model size and samples go up to {float(_LARGEST):.0e}, not {most:.6g}")
    if ridge == 0 and samples == directions:
        what = "features" if model_size <= sums.rank else "positive eigenvalues"
        raise InvalidInput(
            f"as many samples as {what} ({float(samples):.6g}) and no ridge: the expected risk is infinite, unless "
            "there is neither noise nor signal beyond the features; use another number of samples, or a ridge"
        )
