"""The sketched problem in the eigenbasis of K in a numeric field: the entries of a sketch are exact binary rationals.

Formula: K = S Lambda S^T and c = S Lambda w; l_i the eigenvalues of K, f_i = l_i theta*_i^2 = (u_i . c)^2/l_i, and
approximation = sum lambda_j w_j^2 - sum f_i. For a random target the squares are means over it: with G = C C^T the
covariance of c, (u_i . c)^2 becomes u_i^T G u_i = sum_k (u_i . C_k)^2. What cancels in the difference, and the
condition of K, cost digits that are carried in addition. Source: D01, D21, D25.
"""

from __future__ import annotations

from fractions import Fraction

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.field import Element, Field, SymmetricMatrix
from riskcalc.numeric.symmetric_eigen import weighted_eigenvalues
from riskcalc.problem import Problem
from riskcalc.quantity import Real
from riskcalc.spectral.blocks import smooth_law
from riskcalc.spectral.precise.gathered_elements import Row, gathered_elements
from riskcalc.spectral.precise.modes import PreciseModes
from riskcalc.spectral.precise.problem_elements import (
    covariance_elements,
    eigenvalue_elements,
    positive_coordinates,
    signal_elements,
)

MOST_ENTRIES = 20_000_000  # of the sketch
MOST_FEATURES = 1000
ROUNDED = 5  # digits of the working precision that numbers taken for one may differ in
MOST_AVERAGED = 60  # features whose targets are averaged over: one tridiagonal matrix for each


def precise_modes(
    problem: Problem, sketch: Real, field: Field, *, digits: int, level: int
) -> PreciseModes:
    """Modes to about `digits` digits, computed with `level`; call it within `field.working(level)`."""
    places = positive_coordinates(problem)
    if sketch.shape[0] > MOST_FEATURES or sketch.shape[0] * len(places) > MOST_ENTRIES:
        raise InvalidInput(
            f"a sketch of {sketch.shape[0]} x {len(places)} entries takes too long in more digits than float64: at "
            f"most {MOST_FEATURES} features and {MOST_ENTRIES:.0e} entries; leave digits out"
        )
    pairs = _weighted(problem, sketch[:, places].tolist(), field, level)
    if not pairs[-1][0] > pairs[0][0] * field.real(Fraction(1, 10 ** (level - digits // 2))):
        raise ToleranceNotMet(
            f"features of the sketch are linearly dependent to {level - digits // 2} digits: use one whose rows are "
            "independent"
        )
    rows = [(value, field.middle(weight / value), field.middle(value * value)) for value, weight in pairs]
    position, signal, kernel = _distinct(field, rows, level)
    floor = field.real(0)  # where there are as many features as coordinates nothing is left out
    if len(pairs) < len(places):
        for power in signal_elements(problem, field):
            floor = floor + power
        for weight in signal:
            floor = floor - weight
    return PreciseModes(position=position, signal=signal, kernel=kernel, floor=field.middle(floor))


def _weighted(problem: Problem, rows: list[list[float]], field: Field, level: int) -> list[tuple[Element, Element]]:
    """l_i and the mean of (u_i . c)^2, largest l_i first."""
    eigenvalues = eigenvalue_elements(problem, field)
    matrix = field.gram(rows, eigenvalues)
    if not problem.random_target:
        vector = [field.middle(entry) for entry in field.linear(rows)(covariance_elements(problem, field))]
        return weighted_eigenvalues(field, matrix, vector, digits=level)
    if len(rows) > MOST_AVERAGED:
        raise InvalidInput(
            f"{len(rows)} features take too long in more digits than float64 under a prior: at most {MOST_AVERAGED}; "
            "leave digits out, or fix the signal"
        )
    powers = [power * value for power, value in zip(signal_elements(problem, field), eigenvalues, strict=True)]
    columns = _root(field, field.gram(rows, powers), len(rows))
    each = [weighted_eigenvalues(field, matrix, column, digits=level) for column in columns]
    totals = each[0]
    for pairs in each[1:]:
        totals = [(value, field.middle(sum_ + one)) for (value, sum_), (_, one) in zip(totals, pairs, strict=True)]
    return totals


def _root(field: Field, matrix: SymmetricMatrix, size: int) -> list[list[Element]]:
    """The columns of C in C C^T = matrix, lower triangular."""
    columns: list[list[Element]] = []
    for k in range(size):
        left = matrix.column(k)
        for column in columns:
            left = [field.middle(entry - column[k] * below) for entry, below in zip(left, column, strict=True)]
        if not left[k] > 0:
            raise ToleranceNotMet("the covariance of features and label is not positive to the digits carried")
        pivot = field.sqrt(left[k])
        columns.append([field.real(0)] * k + [field.middle(entry / pivot) for entry in left[k:]])
    return columns


def unsketched_modes(problem: Problem, field: Field, *, level: int, digits: int, reach: float) -> PreciseModes:
    """Modes where the sketch is the identity: the eigenvalues themselves, those of a law gathered, and no floor.

    digits: of gathered sums, which two resolutions choose differently. reach: step size times steps.
    """
    spectrum = smooth_law(problem)
    if spectrum is not None:
        rows = gathered_elements(problem, spectrum, field, digits=digits, reach=reach)
    else:
        eigenvalues = eigenvalue_elements(problem, field)
        if len(eigenvalues) > MOST_FEATURES:
            raise InvalidInput(
                f"{len(eigenvalues)} eigenvalues given one by one take too long in more digits than float64: at most "
                f"{MOST_FEATURES}, or use a law for both spectrum and signal"
            )
        powers = signal_elements(problem, field)
        rows = [(value, power, field.middle(value * value)) for value, power in zip(eigenvalues, powers, strict=True)]
        rows.sort(key=lambda row: float(row[0]), reverse=True)
    position, signal, kernel = _distinct(field, rows, level)
    return PreciseModes(position=position, signal=signal, kernel=kernel, floor=field.real(0))


def _distinct(field: Field, rows: list[Row], level: int) -> tuple[list[Element], list[Element], list[Element]]:
    """l, f and k, with eigenvalues that agree but for rounding taken for one: only their sums matter."""
    near = field.real(Fraction(1, 10 ** (level - ROUNDED)))
    position: list[Element] = []
    signal: list[Element] = []
    kernel: list[Element] = []
    for value, share, square in rows:
        if position and position[-1] - value <= near * value:
            signal[-1], kernel[-1] = field.middle(signal[-1] + share), field.middle(kernel[-1] + square)
        else:
            position.append(value)
            signal.append(share)
            kernel.append(square)
    return position, signal, kernel
