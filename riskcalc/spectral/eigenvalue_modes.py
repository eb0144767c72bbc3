"""Modes without a sketch: the eigenvalues themselves, those of a long power law gathered by Gauss's rule.

Formula: z_j = lambda_j, f_j = lambda_j w_j^2, k_j = lambda_j^2, floor 0. For power laws, the sum over each block
of what is smooth in j is replaced by Gauss's rule for the uniform weight on its whole numbers (discrete Chebyshev
polynomials), at real-valued places: some hundred modes in any dimension. Source: D26, section 6.
"""

from __future__ import annotations

import numpy as np

from riskcalc.numeric.required_sums import require_sums
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import Real
from riskcalc.spectral.blocks import rule_on, smooth_blocks
from riskcalc.spectral.modes import Modes
from riskcalc.spectral.scale import check_scale

_POINTS = 16  # of the rule on a block
_SINGLE = 64  # the first eigenvalues stay as they are
_STEEPEST = 2.0  # blocks are as short as for this exponent where it is smaller
_SUM_RULE = 1e-11


def eigenvalue_modes(problem: Problem, *, reach: float) -> Modes:
    """The modes of SGD on the features themselves; reach: step size times steps."""
    spectrum, signal = problem.spectrum, problem.signal
    if isinstance(spectrum, PowerLaw) and isinstance(signal, PowerLawSignal):
        a, b = float(spectrum.a), float(signal.b)
        places, weights = _gathered(spectrum, reach)
        check_scale(float(spectrum.scale))
        eigenvalues = float(spectrum.scale) * places**-a
        modes = _modes(eigenvalues, weights * float(signal.scale) * places**-b, weights * eigenvalues**2)
        _check_sum_rules(modes, spectrum, signal)
        return modes
    eigenvalues, power = problem.eigenvalues(), problem.signal_power()
    check_scale(float(eigenvalues.max()))
    order = np.argsort(-eigenvalues[eigenvalues > 0], kind="stable")
    eigenvalues, power = eigenvalues[eigenvalues > 0][order], power[eigenvalues > 0][order]
    return _modes(eigenvalues, power, eigenvalues**2)


def _modes(position: Real, signal: Real, kernel: Real) -> Modes:
    return Modes(position=position, signal=signal, kernel=kernel, floor=0.0, paired=False)


def _gathered(spectrum: PowerLaw, reach: float) -> tuple[Real, Real]:
    """Places and weights of a rule for sums over j = 1..dimension of functions of j^-a."""
    laid = smooth_blocks(spectrum, points=_POINTS, single=_SINGLE, steepest=_STEEPEST, reach=reach)
    rules = [rule_on(block) for block in laid]
    return np.concatenate([places for places, _ in rules]), np.concatenate([weights for _, weights in rules])


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
    require_sums(rules, tolerance=_SUM_RULE)
