"""Structured sketches: features whose weights decay along the coordinates are plain ones on another spectrum.

Formula: S = S0 D with D = diag(j^(-c/2)) and S0 plain Gaussian: S x = S0 (D x), D x has the eigenvalues lambda_j j^-c
and the target D^-1 w, whose signal power lambda_j w_j^2 is the same. Exact for every draw. Source: D72.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.problem.problem import Problem
from riskcalc.problem.signal import ExplicitSignal, GaussianPrior
from riskcalc.problem.spectrum import ExplicitSpectrum, PowerLaw
from riskcalc.quantity import NumberLike, number, of_type

_LARGEST_LOG = 600.0  # of a variance, either way: what it multiplies has to stay a number


def structured(problem: Problem, *, decay: NumberLike) -> Problem:
    """The problem that a sketch of column variances j^-decay makes of this one.

    Parameters
    ----------
    problem : Problem
        Of a power law, or of finite dimension.
    decay : number
        c, for a power law above -a, and above 1 - a in infinite dimension: positive favours the first coordinates,
        negative the last.

    Returns
    -------
    Problem
        What the sketch sees.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: a power law of any dimension, which it stays; any spectrum of finite dimension.

    Source: D72.

    Examples
    --------
    >>> from riskcalc.problem import PowerLawSignal
    >>> problem = Problem(spectrum=PowerLaw(a="6/5"), signal=PowerLawSignal(b=2))
    >>> structured(problem, decay="3/5").spectrum.a
    Fraction(9, 5)
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    rate = number(decay, "decay")
    spectrum, signal = problem.spectrum, problem.signal
    if isinstance(spectrum, PowerLaw):
        least, name, why = (0, "-a", "no eigenvalue decays")
        if problem.dimension is None:
            least, name, why = (1, "1 - a", "the trace is infinite")
        if spectrum.a + rate <= least:
            raise InvalidInput(f"decay must lie above {name} = {least - spectrum.a}, where {why}, not {decay}")
    if isinstance(signal, GaussianPrior) and signal.b is None:
        if not isinstance(spectrum, PowerLaw):
            raise InvalidInput("an isotropic prior on this spectrum has no name once features are structured: give b")
        signal = GaussianPrior(spectrum.a, scale=Fraction(spectrum.scale) * Fraction(signal.scale))
    if isinstance(spectrum, PowerLaw) and not isinstance(signal, ExplicitSignal):
        return replace(problem, spectrum=replace(spectrum, a=spectrum.a + rate), signal=signal)
    if problem.dimension is None:
        raise InvalidInput("features are structured on a power law, or on a spectrum of finite dimension")
    if abs(float(rate)) * math.log(problem.dimension) > _LARGEST_LOG:
        raise InvalidInput(
            f"decay {decay} takes the variances of {problem.dimension} columns out of float64: use one nearer to 0"
        )
    weights = np.arange(1, problem.dimension + 1.0) ** -float(rate)
    values = ExplicitSpectrum(problem.eigenvalues() * weights)
    if isinstance(signal, ExplicitSignal):
        signal = ExplicitSignal(signal.values / np.sqrt(weights))
    return replace(problem, spectrum=values, signal=signal)
