"""The deterministic equivalent of ridge regression on random features, and its limit without a ridge.

Formula (D34): u > 0 solves u (1 - d1/M) (1 - d1/n) = ridge, and with rho = (M - d1)/(M - d2)
    unfitted = (1 - rho) first + rho second,   edf2 = d1 - rho (d1 - d2),
    risk = (unfitted + sigma2)/(1 - edf2/n).
That is the product of the errors of two fits (`two_ridges`) where both ridges are one.
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
from riskcalc.quantity import Real, of_type
from riskcalc.spectral.of_problem import sums_of
from riskcalc.spectral.sums import SpectralSums
from riskcalc.spectral.term_by_term import ExplicitSums

_LOWEST = -340.0  # log u; its square must not underflow
_LARGEST = 1e24
_LARGEST_RIDGE = 1e100  # over the trace; nothing is learnt long before
_ROUNDING = 1e-15
_BRACKET = 0.05  # of log u, before Newton
_NEWTON_STEPS, _CONVERGED = 6, 1e-14


@dataclass(frozen=True, kw_only=True)
class LeastSquaresEquivalent:
    """Expected risk over sketch and samples, for many features and samples, by the deterministic equivalent.

    Notes
    -----
    Valid: real M and n in [1, 1e24], M below the number of positive eigenvalues; M != n without a ridge. The
    distance to the true average is O(1/M + 1/n) relative, and near M = n without a ridge O(1/|M - n|).

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
        noise = float(asked.problem.noise)
        approximation, state = solved(asked)
        # below M = n without a ridge nothing that the features can express is left unfitted
        unfitted = max(state.unfitted - approximation, 0.0) if state.rho > 0 else 0.0
        bias = unfitted / state.left_over
        variance = (noise + approximation) * state.used / state.left_over
        return LeastSquaresRisk(
            excess=approximation + bias + variance,
            irreducible=noise,
            approximation=approximation,
            bias=bias,
            variance=variance,
            claim=Claim.DETERMINISTIC_EQUIVALENT,
            warrant=Warrant.COMPUTED,
            asked=Question.of(asked.describe()),
            method={"name": "least squares equivalent", "u": state.u},
        )


def solved(asked: LeastSquares) -> tuple[float, State]:
    """The approximation, and all that the risk is made of."""
    size, samples = float(asked.model_size), float(asked.samples)
    sums = _sums(asked.problem)
    _check(size, samples, float(asked.ridge), sums)
    floor = _floor(sums, size)
    return _values(sums, floor)[2], _state(sums, size, samples, float(asked.ridge), floor)


@dataclass(frozen=True, kw_only=True)
class State:
    """At the solution u: rho, the unfitted signal, used = edf2/n, left_over = 1 - used without cancellation.

    kappa: u (1 - d1/M). excess: kappa - ridge = kappa d1/n. left: u sig(u).
    """

    u: float
    kappa: float
    excess: float
    left: float
    rho: float
    unfitted: float
    used: float
    left_over: float


def _state(sums: SpectralSums, size: float, samples: float, ridge: float, floor: float) -> State:
    """The gap of the smaller of M and n is ridge/(u other gap): zero without a ridge, and no cancellation near it."""
    small, large = min(size, samples), max(size, samples)
    lowest = floor if size <= samples else _floor(sums, small)
    u = lowest if ridge == 0 else _root(sums, small, large, ridge, lowest)
    d1, d2, first, second = _values(sums, u)
    large_gap = 1 - (small if ridge == 0 else d1) / large
    small_gap = ridge / (u * large_gap)
    size_gap, samples_gap = (small_gap, large_gap) if size < samples else (large_gap, small_gap)
    rho = size_gap / (1 - d2 / size)
    kappa = u * size_gap
    return State(
        u=u,
        kappa=kappa,
        excess=kappa * d1 / samples,
        left=first,
        rho=rho,
        unfitted=(1 - rho) * first + rho * second,
        used=((d1 - d2) / (size - d2) * d1 + rho * d2) / samples,
        left_over=samples_gap + rho * (d1 - d2) / samples,
    )


def _floor(sums: SpectralSums, count: float) -> float:
    """u with d1(u) = count."""

    def surplus(log_u: Real) -> Real:
        return sums.freedom_at(np.exp(log_u)) - count

    high = math.log(sums.moments().trace / count)  # d1(u) < trace/u
    low = high - 4.0
    while surplus(np.array([low]))[0] < 0:
        low -= 2 * (high - low)
        if low < _LOWEST:
            raise InvalidInput(f"{count:.6g} degrees of freedom put the floor u below 1e-147, out of float64")
    log_u = decreasing_root(surplus, low, high, width=_BRACKET)
    low, high = log_u - _BRACKET, log_u + _BRACKET
    for _ in range(_NEWTON_STEPS):  # log d1 is nearly straight in log u, with slope d2/d1 - 1
        d1, d2, _, _ = _values(sums, math.exp(log_u))
        step = math.log(d1 / count) * d1 / (d1 - d2) if d1 > d2 else math.inf
        log_u = min(high, max(low, log_u + step))
        if abs(step) < _CONVERGED * max(1.0, abs(log_u)):
            return math.exp(log_u)
    return math.exp(decreasing_root(surplus, low, high, width=_ROUNDING * abs(low)))


def _root(sums: SpectralSums, small: float, large: float, ridge: float, lowest: float) -> float:
    """u (1 - d1/small) (1 - d1/large) = ridge: above the root of d1 = small the left side grows from zero."""

    def deficit(log_u: Real) -> Real:
        u = np.exp(log_u)
        d1 = sums.freedom_at(u)
        return ridge - u * np.maximum(1 - d1 / small, 0.0) * (1 - d1 / large)

    low = math.log(lowest)
    # since (1 - x)(1 - y) > 1 - x - y; twice that, and a little below the root, against rounding at the ends
    high = math.log(2 * (ridge + sums.moments().trace * (1 / small + 1 / large)))
    return math.exp(decreasing_root(deficit, min(low, high) - _BRACKET, high, width=_ROUNDING * max(1.0, abs(low))))


def _sums(problem: Problem) -> SpectralSums:
    """Of a random target of finite dimension, coordinate by coordinate."""
    return ExplicitSums(problem) if problem.random_target and problem.dimension is not None else sums_of(problem)


def _values(sums: SpectralSums, u: float) -> tuple[float, float, float, float]:
    d1, d2, first, second = (float(value.reshape(-1)[0]) for value in sums.unfitted_at(np.array([u])))
    return d1, d2, first, second


def _check(size: float, samples: float, ridge: float, sums: SpectralSums) -> None:
    trace = sums.moments().trace
    if ridge > _LARGEST_RIDGE * trace:
        raise InvalidInput(f"the ridge goes up to {_LARGEST_RIDGE:.0e} times the trace {trace:.4g}, not {ridge:g}")
    if max(size, samples) > _LARGEST:
        raise InvalidInput(f"model size and samples go up to {_LARGEST:.0e}, not {max(size, samples):.6g}")
    if size >= sums.rank:
        raise InvalidInput(
            f"model size {size:.6g} is not smaller than the {sums.rank:.0f} positive eigenvalues, as the equivalent of "
            "random features needs: use a smaller model, or simulate"
        )
