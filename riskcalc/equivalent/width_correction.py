"""What a finite width costs at first order, at any time of gradient flow: M (R_M - R_oo) -> c(2 gamma t).

Formula: c(x) = int_0^x T1(x - y) T2(y) dy,  T1 = sum lambda e^(-lambda x),  T2 = x sum h lambda e^(-lambda x),
the inverse Laplace transform of d1(u) (u sig(u))': by the cotangent contour, the derivative by Cauchy's formula on a
circle round each node. Source: D12, D72.
"""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.numeric.inversion import cotangent
from riskcalc.problem import Problem
from riskcalc.quantity import Complex, NumberLike, NumbersLike, Real, is_several, listed, number, of_type
from riskcalc.spectral.of_problem import spectral_sums
from riskcalc.spectral.sums import SpectralSums

# over the largest eigenvalue: the derivative loses as many digits as the time is shorter; squares have to be numbers
_EARLIEST, _LATEST = 1e-6, 1e100
_NODES = 30  # digits of the transform grow by half a digit a node, to those of floats
_POINTS, _RADIUS = 32, 0.4  # of a circle, and of what it has of the way to the spectrum


def width_correction(problem: Problem, *, times: NumbersLike | NumberLike) -> Real:
    """c, where R_M = R_oo + c/M + O(1/M^2) for M features without a sketch's scatter, one value a time.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    times : number or sequence of numbers or number
        Gamma t, from 1e-6 over the largest eigenvalue to 1e100, of gradient flow (small steps) on fresh data without
        end; one or several.

    Returns
    -------
    array, shape (times,)
        c, in the unit of the labels squared.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: gamma t well below M^a. Float64 leaves some 1e-14 of the largest c of all times: what a finite dimension
    leaves late, exponentially little, is below that. The deterministic equivalent, whose distance from the average
    over sketches, of the same order, is `Equivalent(finite_size=True)`'s shift.

    Source: D72.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal
    >>> problem = Problem(spectrum=PowerLaw(a="3/2", dimension=4000), signal=PowerLawSignal(b=2))
    >>> print(width_correction(problem, times=[1, 10, 100]).round(4))
    [1.4642 2.7869 3.1566]
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    asked = [number(time, "times") for time in (listed(times, "times", "times") if is_several(times) else (times,))]
    if not asked:
        raise InvalidInput("times is empty: give at least one time")
    sums = spectral_sums(problem)
    earliest = _EARLIEST / sums.largest
    for time in asked:
        if not earliest <= float(time) <= _LATEST:
            raise InvalidInput(
                f"times must lie between {earliest:.3g}, where nothing is learnt yet, and {_LATEST:.0e}, not {time}"
            )
    return np.array([_at(sums, 2 * float(time)) for time in asked])


def _at(sums: SpectralSums, x: float) -> float:
    curve = cotangent(start=x, nodes=_NODES)
    d1, _, _ = sums.at(curve.nodes)
    return float(curve.invert(d1 * _slope(sums, curve.nodes), np.array([x]))[0])


def _slope(sums: SpectralSums, u: Complex) -> Complex:
    """(u sig(u))' off the negative axis, the mean of u sig(u)/(u' - u) over a circle."""
    reach = np.where(u.real > 0, np.abs(u), np.abs(u.imag))
    turn = np.exp(2j * np.pi * (np.arange(_POINTS) + 0.5) / _POINTS)
    away = _RADIUS * reach[:, None] * turn
    places = u[:, None] + away
    _, _, signal = sums.at(places)
    found: Complex = (places * signal / away).mean(axis=1)
    return found
