"""Bounds of Lin et al. on the approximation error and on the sketched spectrum, for any problem of finite dimension."""

from __future__ import annotations

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.problem import Problem
from riskcalc.problem.spectrum import LARGEST_ARRAY
from riskcalc.quantity import NumberLike, Real, of_type, whole
from riskcalc.theorems.power_laws import power_laws
from riskcalc.theorems.setting import MANY_FEATURES
from riskcalc.theorems.statement import Kind, Statement


def theorem_63(problem: Problem, *, model_size: int, kept: int | None = None) -> Statement:
    """Approximation from above, for any spectrum and target.

    Parameters
    ----------
    problem : Problem
        Of finite dimension.
    model_size : int
        M.
    kept : int or None, default None
        k, the number of leading directions; the best k <= M/3 if none is given.

    Returns
    -------
    Statement
        The terms of the bound by the parts that they bound, without the constants in front of them.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: |w_{k:}|_H^2 + (sum_{i>k} lambda_i/M + lambda_{k+1} + sqrt(sum_{i>k} lambda_i^2/M)) |w_{:k}|^2 with k =
    kept, the number of leading directions; the best k <= M/3 if none is given.

    Valid: finite dimension, 0 <= k <= M/3.

    Source: Lin et al. (arXiv 2406.08466), theorem 6.3.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=40), signal=PowerLawSignal(b=2))
    >>> list(theorem_63(problem, model_size=9).terms)
    ['approximation']
    """
    size, eigenvalues = _size(problem, model_size)
    most = size // 3
    leading = None if kept is None else whole(kept, "kept")
    if leading is not None and leading > most:
        raise InvalidInput(f"theorem 6.3 needs kept <= M/3 = {most}, not {kept}")
    tail = _tails(eigenvalues)[: most + 1]
    tail_of_squares = _tails(eigenvalues**2)[: most + 1]
    missed = _tails(problem.signal_power())[: most + 1]
    norm = np.concatenate([[0.0], np.cumsum(_squares(problem))])[: most + 1]
    following = np.concatenate([eigenvalues, [0.0]])[: most + 1]
    bounds = missed + (tail / size + following + np.sqrt(tail_of_squares / size)) * norm
    bound = bounds.min() if leading is None else bounds[leading]
    terms = {"approximation": float(bound)}
    return Statement(theorem="6.3", kind=Kind.UPPER, terms=terms, provided=(MANY_FEATURES,))


def theorem_64(problem: Problem, *, model_size: int) -> Statement:
    """Approximation from below, on average over an isotropic prior.

    Parameters
    ----------
    problem : Problem
        Of finite dimension.
    model_size : int
        M.

    Returns
    -------
    Statement
        The terms of the bound by the parts that they bound, without the constants in front of them.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: sum_{i >= M} lambda_i, times the prior's variance.

    Valid: finite dimension; an isotropic prior, that is signal power proportional to the spectrum.

    Source: Lin et al. (arXiv 2406.08466), theorem 6.4.

    Examples
    --------
    >>> from riskcalc import GaussianPrior, PowerLaw, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=40), signal=GaussianPrior())
    >>> list(theorem_64(problem, model_size=9).terms)
    ['approximation']
    """
    size, eigenvalues = _size(problem, model_size)
    squares = _squares(problem)[eigenvalues > 0]
    if not np.allclose(squares, squares[0], rtol=1e-12, atol=0):
        raise InvalidInput("theorem 6.4 is about an isotropic prior, E w_j^2 the same for all j: use b = a")
    terms = {"approximation": float(eigenvalues[size - 1 :].sum() * squares[0])}
    return Statement(theorem="6.4", kind=Kind.LOWER, terms=terms)


def lemma_62(problem: Problem, *, model_size: int) -> Real:
    """The order of the eigenvalues of S H S^T, j = 1..M.

    Parameters
    ----------
    problem : Problem
        Of a power-law spectrum.
    model_size : int
        M.

    Returns
    -------
    array, shape (M,)
        The orders, largest first.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: scale j^-a.

    Valid: power-law spectrum with a > 1, all j up to M at once with probability at least 1 - exp(-Omega(M)).

    Source: Lin et al. (arXiv 2406.08466), lemma 6.2.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=2))
    >>> lemma_62(problem, model_size=2)
    array([1.  , 0.25])
    """
    laws = power_laws(of_type(problem, Problem, "problem", "a Problem(...)"))
    size = whole(model_size, "model_size", least=1)
    if size > LARGEST_ARRAY:
        raise InvalidInput(f"model_size {size:.6g} is too large to be held as a vector: at most {LARGEST_ARRAY}")
    return np.asarray(laws.spectrum_scale * np.arange(1.0, size + 1) ** -float(laws.a))


def _squares(problem: Problem) -> Real:
    """w_j^2, or its mean over the prior."""
    power, eigenvalues = problem.signal_power(), problem.eigenvalues()
    return np.divide(power, eigenvalues, out=np.zeros_like(power), where=eigenvalues > 0)


def _size(problem: Problem, model_size: NumberLike) -> tuple[int, Real]:
    of_type(problem, Problem, "problem", "a Problem(...)")
    size = whole(model_size, "model_size", least=1)
    if problem.dimension is None:
        raise InvalidInput("the bound is a sum over all eigenvalues: give the problem a finite dimension")
    if size > problem.dimension:
        raise InvalidInput(f"model_size {size} exceeds the dimension {problem.dimension}")
    return size, problem.eigenvalues()


def _tails(values: Real) -> Real:
    """sum_{i > k} for k = 0, 1, ..., summed from the small end."""
    return np.concatenate([np.cumsum(values[::-1])[::-1], [0.0]])
