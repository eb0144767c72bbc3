"""A target function in the eigenfunctions of a kernel."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.kernel.breaks import read_breaks
from riskcalc.kernel.directions import directions
from riskcalc.kernel.kernel import Kernel
from riskcalc.kernel.piecewise import PiecewisePolynomial
from riskcalc.kernel.quadrature import Rule
from riskcalc.kernel.real_values import function_values
from riskcalc.kernel.sphere import Sphere, zonal
from riskcalc.kernel.trigonometric import Trigonometric
from riskcalc.kernel.zonal import Zonal
from riskcalc.problem import ExplicitSignal, ExplicitSpectrum, Problem
from riskcalc.quantity import number, shown

Values = NDArray[np.float64]
Target = PiecewisePolynomial | Zonal | Callable[[Values], Values]

_TOLERANCE = 1e-10  # of coefficients, relative to the norm of the target
_SAME_NORM = 1e-8  # relative: a function that is not square integrable has no norm
_RULES = (4, 8)  # factors of the coarse and of the fine quadrature
_CANCELLED = 8.0  # boundary terms may be larger than the norm of the target by this factor
_HIGHEST = 100  # degree of a target, whose derivatives have to be floats
_FINER = 1.1  # factor by which the frequency where they are not is searched
_BLOCK = 2**22  # values of eigenfunctions held at a time (32 MB)


@dataclass(frozen=True, kw_only=True, eq=False)
class Expansion:
    """What `dimension` eigenfunctions hold of a target.

    coefficients: c_j, shape (v,). eigenvalues: lambda_j, shape (v,).
    squared_norm: the mean square of the target. remainder: the part of it that the coefficients leave out, known to
    rounding relative to the squared norm. error: the largest difference of a coefficient between two quadratures,
    relative to the norm; zero where all integrals are in closed form.
    """

    coefficients: Values
    eigenvalues: Values
    squared_norm: float
    remainder: float
    error: float

    def problem(self, *, noise: object = 0) -> Problem:
        """w_j = c_j/sqrt(lambda_j), in the order of the eigenvalues."""
        return Problem(
            spectrum=ExplicitSpectrum(self.eigenvalues),
            signal=ExplicitSignal(self.coefficients / np.sqrt(self.eigenvalues)),
            noise=number(noise, "noise"),
        )


def expand(kernel: Kernel, target: Target, *, dimension: object, breaks: Iterable[float] = ()) -> Expansion:
    """Coefficients c_j = E target(x) phi_j(x).

    In closed form for a PiecewisePolynomial in sines and cosines, by quadrature otherwise; a quadrature whose
    refinement moves a coefficient by more than 1e-10 of the target's norm is refused.
    """
    v, ends = directions(dimension), read_breaks(breaks)
    eigenvalues = kernel.eigenvalues(v)
    if eigenvalues[-1] <= 0:
        raise InvalidInput(
            f"eigenvalue {v} is zero in floating point: use a dimension of at most {np.count_nonzero(eigenvalues)}"
        )
    if isinstance(target, PiecewisePolynomial):
        if not isinstance(kernel, Trigonometric):
            raise InvalidInput("a PiecewisePolynomial is a target on [0, 1]; on a sphere use Zonal(...)")
        coarse, fine = _closed(kernel, target, v)
        (coefficients, squared_norm), error = fine, _difference(coarse, fine)
    elif isinstance(target, Zonal):
        if not isinstance(kernel, Sphere):
            raise InvalidInput("a Zonal target needs a kernel on a sphere")
        coarse, fine = (_zonal(kernel, target, v, factors) for factors in _RULES)
        (coefficients, squared_norm), error = fine, _difference(coarse, fine)
    elif not isinstance(target, type) and callable(target):
        rules = (kernel.rule(v, factors=factors, breaks=ends) for factors in _RULES)
        coarse, fine = (_by_quadrature(kernel, target, v, rule) for rule in rules)
        (coefficients, squared_norm), error = fine, _difference(coarse, fine)
    else:
        raise InvalidInput(f"target must be a PiecewisePolynomial, a Zonal or a function, not {shown(target)}")
    if not squared_norm > 0:
        raise InvalidInput("the target is zero: there is nothing to learn")
    remainder = math.fsum([squared_norm, *(-(coefficients**2))])
    if remainder < -_SAME_NORM * squared_norm:
        raise ToleranceNotMet(
            f"the squares of the coefficients sum to {squared_norm - remainder:.12g}, more than the mean square of the "
            f"target, {squared_norm:.12g}: use a target that varies less"
        )
    return Expansion(
        coefficients=coefficients,
        eigenvalues=eigenvalues,
        squared_norm=squared_norm,
        remainder=max(0.0, remainder),
        error=error,
    )


def boundary_terms(kernel: Trigonometric, target: PiecewisePolynomial, order: int, dimension: int) -> Values:
    """What the jumps of the derivative of this order add to c_j, times omega_j^(order + 1); zero where omega is.

    Formula: sqrt(2) Im e^(i quarter pi/2) sum over jumps of -(-1)^order jump e^(i omega at)/i^(order + 1).
    Source: D33.
    """
    waves = kernel.waves(dimension)
    total = np.zeros(dimension, dtype=np.complex128)
    for at, jump in target.jumps(order).items():
        total -= (-1) ** order * float(jump) * np.exp(1j * np.pi * np.remainder(waves.turns * float(at), 2.0))
    turned = total * np.exp(0.5j * np.pi * (waves.quarter - (order + 1)))
    return np.asarray(np.sqrt(2) * turned.imag * (waves.turns > 0))


def _closed(kernel: Trigonometric, target: PiecewisePolynomial, v: int) -> list[tuple[Values, float]]:
    """By boundary terms; where the frequency is so small that they cancel, by two quadratures."""
    if target.ends[0] != 0 or target.ends[-1] != 1:
        raise InvalidInput(f"the target must be given on [0, 1], not from {target.ends[0]} to {target.ends[-1]}")
    if target.degree > _HIGHEST:
        raise InvalidInput(f"the target has degree {target.degree}: use at most {_HIGHEST}, or a function of points")
    omega, squared_norm = np.pi * kernel.waves(v).turns, float(target.squared_integral())
    slow = int(np.count_nonzero(omega <= _slowest(target, _CANCELLED * math.sqrt(squared_norm))))
    fast = np.zeros(v - slow)
    for order in range(target.degree + 1):
        fast += boundary_terms(kernel, target, order, v)[slow:] * omega[slow:] ** -(order + 1.0)
    if not slow:
        return [(fast, squared_norm)] * len(_RULES)
    rules = (kernel.rule(slow, factors=factors, breaks=target.breaks) for factors in _RULES)
    parts = (_by_quadrature(kernel, target, slow, rule)[0] for rule in rules)
    return [(np.concatenate([part, fast]), squared_norm) for part in parts]


def _slowest(target: PiecewisePolynomial, largest: float) -> float:
    """The frequency omega from which on the jumps of order m over omega^(m+1) sum, in size, to at most `largest`."""
    sizes = [float(sum(map(abs, target.jumps(order).values()))) for order in range(target.degree + 1)]
    omega = 1.0
    while sum(size / omega ** (order + 1) for order, size in enumerate(sizes)) > largest > 0:
        omega *= _FINER
    return omega


def _by_quadrature(kernel: Kernel, target: Callable[[Values], Values], v: int, rule: Rule) -> tuple[Values, float]:
    refusal = "the target must map an array of points to finite real values, one for each point"
    values = function_values(target, rule.points, count=rule.weights.size, refusal=refusal)
    weighted, coefficients = rule.weights * values, np.zeros(v)
    rows = max(1, _BLOCK // v)
    for first in range(0, len(values), rows):
        part = slice(first, first + rows)
        coefficients += kernel.eigenfunctions(rule.points[part], v).T @ weighted[part]
    return coefficients, float(weighted @ values)


def _zonal(kernel: Sphere, target: Zonal, v: int, factors: int) -> tuple[Values, float]:
    blocks = kernel.blocks(v)
    highest = max(degree for degree, _, _ in blocks)
    rule = kernel.heights(factors * (highest + 8), breaks=target.breaks)
    values = target.at_height(rule.points)
    by_degree = zonal(rule.points, kernel.d, highest).T @ (rule.weights * values)
    coefficients, place = np.zeros(v), 0
    for degree, width, _ in blocks:
        coefficients[place] = by_degree[degree]  # the zonal harmonic comes first
        place += width
    return coefficients, float(rule.weights @ values**2)


def _difference(coarse: tuple[Values, float], fine: tuple[Values, float]) -> float:
    (rough, rough_norm), (better, norm) = coarse, fine
    error = float(np.max(np.abs(better - rough))) / (math.sqrt(norm) or 1.0)
    if not (error <= _TOLERANCE and abs(norm - rough_norm) <= _SAME_NORM * norm):
        raise ToleranceNotMet(
            f"two quadratures of the target differ: its coefficients by {error:.2g} of its norm "
            f"({_TOLERANCE:.0e} allowed), its mean square is {rough_norm:.6g} or {norm:.6g}. Name the points at "
            "which it or one of its derivatives jumps in breaks=..., or use a smoother target"
        )
    return error
