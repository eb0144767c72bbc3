"""Modes without a sketch: the eigenvalues themselves, those of a long power law gathered by Gauss's rule.

Formula: z_j = lambda_j, f_j = lambda_j w_j^2, k_j = lambda_j^2, floor 0. For power laws, the sum over each block
J <= j < J (1 + r) of what is smooth in j is replaced by Gauss's rule for the uniform weight on those whole numbers
(discrete Chebyshev polynomials), at real-valued places: some hundred modes in any dimension. Blocks shrink towards the
last eigenvalue, which dies out last: late in a run without a drive, however late that is, the sums are those of
exp(-c t (lambda_j - lambda_v)). Source: D26, section 6.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from riskcalc.dynamics import Modes
from riskcalc.errors import ConsistencyError, InvalidInput
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem

Real = NDArray[np.float64]

_POINTS = 16  # of the rule on a block
_WHOLE = 24  # blocks of so few whole numbers stay as they are
_SINGLE = 64  # the first eigenvalues stay as they are
_NEARER = 2.25  # how many times as far from the last eigenvalue a block begins as it ends
_LINEAR = 0.01  # of the dimension: nearer to the end eigenvalues lie evenly
_LARGEST_DIMENSION = 10**18
_SUM_RULE = 1e-11


def eigenvalue_modes(problem: Problem) -> Modes:
    """The modes of SGD on the features themselves."""
    spectrum, signal = problem.spectrum, problem.signal
    if isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal):
        if spectrum.dimension is None or spectrum.dimension > _LARGEST_DIMENSION:
            raise InvalidInput(
                "without a sketch the dimension must be finite, at most 1e18: give one, "
                "or use the equivalent road with a large model"
            )
        a, b = float(spectrum.a), float(signal.b)
        places, weights = _gathered(spectrum.dimension, a)
        eigenvalues = float(spectrum.scale) * places**-a
        modes = _modes(eigenvalues, weights * float(signal.scale) * places**-b, weights * eigenvalues**2)
        _check_sum_rules(modes, spectrum, signal)
        return modes
    eigenvalues, power = problem.eigenvalues(), problem.signal_power()
    order = np.argsort(-eigenvalues[eigenvalues > 0], kind="stable")
    eigenvalues, power = eigenvalues[eigenvalues > 0][order], power[eigenvalues > 0][order]
    return _modes(eigenvalues, power, eigenvalues**2)


def _modes(position: Real, signal: Real, kernel: Real) -> Modes:
    return Modes(position=position, signal=signal, kernel=kernel, floor=0.0, paired=False)


def _gathered(dimension: int, a: float) -> tuple[Real, Real]:
    """Places and weights of a rule for sums over j = 1..dimension of functions of j^-a."""
    single = min(dimension, _SINGLE)
    places, weights = [np.arange(1.0, single + 1)], [np.ones(single)]
    start = single + 1
    while start <= dimension:
        # eigenvalues in a block differ by about a factor of four at most
        stop = min(math.ceil(start * 4 ** (1 / max(a, 2.0))), _nearer(start, dimension, a))
        stop = min(dimension + 1, max(start + _WHOLE, stop))
        block, weight = _rule(start, stop - start)
        places.append(block)
        weights.append(weight)
        start = stop
    return np.concatenate(places), np.concatenate(weights)


def _nearer(start: int, dimension: int, a: float) -> int:
    """The first place that is nearer to the last eigenvalue than `start` by the factor allowed within a block."""
    left = dimension - start
    if left < _LINEAR * dimension:
        return dimension - int(left / _NEARER)
    last, first = float(dimension) ** -a, float(start) ** -a
    return math.floor((last + (first - last) / _NEARER) ** (-1 / a))


def _rule(start: int, count: int) -> tuple[Real, Real]:
    """Gauss's rule for the sum over start, ..., start + count - 1."""
    if count <= _WHOLE:
        return start + np.arange(float(count)), np.ones(count)
    order = np.arange(1.0, _POINTS)
    # three-term recurrence of the discrete Chebyshev polynomials, over the half-width count/2
    off = order / (2 * np.sqrt(4 * order**2 - 1)) * np.sqrt(1 - (order / count) ** 2)
    points, vectors = np.linalg.eigh(np.diag(off, 1) + np.diag(off, -1))
    return start + (count - 1) / 2 + count * points, count * vectors[0] ** 2


def _check_sum_rules(modes: Modes, spectrum: PowerLaw, signal: PowerLawSignal) -> None:
    """The signal power, the trace and the sum of squares, against sums by Euler and Maclaurin."""
    from riskcalc.numeric.spectral_sum import power_law_sums

    a, scale = spectrum.a, float(spectrum.scale)
    exponents = ((signal.b, 0), (a, 0), (2 * a, 0))
    expected = [float(one.real) for one in power_law_sums(1.0, a=a, dimension=spectrum.dimension, exponents=exponents)]
    rules = {
        "signal power": (modes.signal.sum(), float(signal.scale) * expected[0]),
        "trace": ((modes.kernel / modes.position).sum(), scale * expected[1]),
        "sum of squares": (modes.kernel.sum(), scale**2 * expected[2]),
    }
    for name, (found, right) in rules.items():
        if not abs(found - right) <= _SUM_RULE * abs(right):
            raise ConsistencyError(f"the sum rule '{name}' is violated: {found:.15g}, but {right:.15g} exactly")
