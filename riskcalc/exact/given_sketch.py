"""The sketched problem in the eigenbasis of K = A^T A, A = Lambda^{1/2} S^T.

Formula: with A = Q R, R = U diag(s) V^T and y = Lambda^{1/2} w: l_i = s_i^2, l_i theta*_i^2 = (U^T Q^T y)_i^2, and the
approximation error is the squared residual of y on the columns of A: the last entry of the triangle of [A y], which is
no difference of two large numbers, so a small approximation error keeps its digits. For a random target the squares are
means over it: with independent y_j of variance p_j, sum_j (U^T Q^T)_ij^2 p_j, and sum_j p_j |e_j - Q Q^T e_j|^2.
Source: D01, D25.

Several outputs share A and differ in y: one factorisation serves them all, and the total risk is that of signal weights
and floors added up (D29).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riskcalc.dynamics import Modes
from riskcalc.errors import InvalidInput
from riskcalc.exact.last_digits import LastDigits
from riskcalc.exact.rank import of_full_rank
from riskcalc.exact.triangle import bytes_for, triangle_of
from riskcalc.numeric.memory import memory_at_hand
from riskcalc.numeric.required_sums import require_sums
from riskcalc.problem import Problem, Regression
from riskcalc.quantity import Real
from riskcalc.spectral.scale import check_scale

_SUM_RULE = 1e-10
_ROUNDING = 8 * float(np.finfo(np.float64).eps)
_LARGEST = 1e75  # a singular value whose fourth power is still a float
_LITTLE = 1e-2  # share of a unit vector beyond which a difference from 1 has digits enough
_UNNOTICED = 10_000_000  # bytes that no machine lacks; to ask it takes a millisecond
_UNITS = 64  # unit vectors whose residuals are formed together


def sketch_modes(problem: Regression, sketch: Real) -> Modes:
    """Modes of a problem given its sketch, shape (M, v); of several outputs those of their total risk."""
    if isinstance(problem, Problem):
        return output_modes([problem], sketch)[0]
    each, counts = output_modes(problem.problems, sketch), problem.counts
    floors = np.array([count * modes.floor for count, modes in zip(counts, each, strict=True)])
    unknown = float(floors @ [modes.floor_error for modes in each])
    return Modes(
        position=each[0].position,
        signal=np.asarray(sum(count * modes.signal for count, modes in zip(counts, each, strict=True))),
        kernel=each[0].kernel,
        floor=float(floors.sum()),
        paired=False,
        uncertainty=each[0].uncertainty,
        exchanged=np.asarray(sum(count * modes.exchanged for count, modes in zip(counts, each, strict=True))),
        floor_error=unknown / float(floors.sum()) if floors.any() else 0.0,
    )


def output_modes(problems: Sequence[Problem], sketch: Real) -> list[Modes]:
    """Modes of scalar problems that share one spectrum and one sketch; as many as there are positive eigenvalues."""
    sketch = of_full_rank(problems[0], sketch)
    eigenvalues = problems[0].eigenvalues()
    check_scale(float(eigenvalues.max()))
    root = np.sqrt(eigenvalues)
    _require_memory(problems, *sketch.shape, drawn=True)
    factored = _drawn if any(problem.random_target for problem in problems) else _fixed
    triangle, singular, parts = factored(problems, sketch, root)
    _check_range(singular)
    known = LastDigits.of(triangle, singular)
    full = len(sketch) == np.count_nonzero(eigenvalues)
    found = []
    for problem, (squares, floor, spread) in zip(problems, parts, strict=True):
        modes = Modes(
            position=singular**2,
            signal=squares,
            kernel=singular**4,
            floor=0.0 if full else floor,
            paired=False,
            uncertainty=known.position,
            exchanged=known.exchanged(squares),
            floor_error=0.0 if full else _ROUNDING * (1 + spread),
        )
        _check_sum_rules(modes, problem, sketch)
        found.append(modes)
    return found


_Part = tuple[Real, float, float]  # squares of the signal's coordinates, the floor, and how its rounding is amplified


def _fixed(problems: Sequence[Problem], sketch: Real, root: Real) -> tuple[Real, Real, list[_Part]]:
    """R of A, its singular values and what they say of each problem, from the triangle of [A y] alone.

    Its last columns are the signals' coordinates and what is missed of them.
    """
    targets = np.array([problem.target() for problem in problems])
    features = len(sketch)
    triangle = triangle_of(sketch, root, root * targets)
    own, beside, below = triangle[:features, :features], triangle[:features, features:], triangle[features:, features:]
    left, singular, _ = np.linalg.svd(own)
    parts = []
    for target, coordinates, rest in zip(targets, beside.T, below.T, strict=True):
        missed = float(rest @ rest)
        parts.append(((left.T @ coordinates) ** 2, missed, _spread(sketch, root, target, own, coordinates, missed)))
    return own, singular, parts


def _spread(sketch: Real, root: Real, target: Real, own: Real, coordinates: Real, missed: float) -> float:
    """How much the rounding of the signal's entries is amplified in the squared residual; sizes are enough."""
    from scipy.linalg import solve_triangular

    if not missed > 0 or not np.diag(own).all():
        return 1.0
    signal = root * target
    with np.errstate(over="ignore", invalid="ignore"):  # features that are dependent to rounding
        residual = signal - root * (solve_triangular(own, coordinates) @ sketch)
        found = float(np.abs(residual) @ np.abs(signal)) / missed
    # by Cauchy and Schwarz not more than this, whatever the solution has lost; nan included
    most = float(np.sqrt(signal @ signal / missed))
    return found if found < most else most


def _drawn(problems: Sequence[Problem], sketch: Real, root: Real) -> tuple[Real, Real, list[_Part]]:
    """The same: means over random targets need every entry of Q; fixed targets beside them are done alike."""
    order = np.argsort(-root, kind="stable")  # largest rows first, as in `triangle_of`
    basis, triangle = np.linalg.qr(root[order, None] * sketch.T[order])
    left, singular, _ = np.linalg.svd(triangle)
    parts = []
    for problem in problems:
        if problem.random_target:
            signal = (root * problem.target_size())[order]
            parts.append(((left.T @ basis.T) ** 2 @ signal**2, _mean_missed(basis, signal), 1.0))
        else:
            signal = (root * problem.target())[order]
            parts.append(((left.T @ (basis.T @ signal)) ** 2, *_missed(basis, signal)))
    return triangle, singular, parts


def check_memory(problem: Regression, *, model_size: int, dimension: int) -> None:
    """Refuse a sketch that would not fit with its factorisation into what the machine has left, before it is drawn."""
    problems = [problem] if isinstance(problem, Problem) else problem.problems
    _require_memory(problems, model_size, dimension, drawn=False)


def _require_memory(problems: Sequence[Problem], model_size: int, dimension: int, *, drawn: bool) -> None:
    """drawn: whether the sketch is in memory already."""
    entries, square = model_size * dimension, model_size**2
    needed = 0 if drawn else 8 * entries
    if any(problem.random_target for problem in problems):
        needed += 8 * max(5 * entries, 3 * entries + 8 * square)  # measured: with Q
    else:
        needed += max(bytes_for(model_size + len(problems), height=dimension), 8 * 6 * square)
    if needed < _UNNOTICED:
        return
    available = memory_at_hand()
    if needed > available:
        raise InvalidInput(
            f"the factorisation of a sketch of {model_size} x {dimension} entries needs about {needed / 1e9:.3g} GB of "
            f"memory, and {available / 1e9:.3g} GB are left: use the equivalent road, or a smaller problem"
        )


def check_independent(sketch: Real) -> None:
    """Refuse features that depend on each other: rounding would turn the missing ones into spurious modes."""
    scale = np.abs(sketch).max(axis=1, keepdims=True)
    rows = sketch / np.where(scale > 0, scale, 1.0)
    singular = np.linalg.svd(rows, compute_uv=False)
    if not singular[-1] > max(sketch.shape) * np.finfo(np.float64).eps * singular[0]:
        raise InvalidInput(
            f"the {len(sketch)} features of the sketch are linearly dependent to rounding: use a sketch whose rows are "
            "independent, or fewer features"
        )


def _check_range(singular: Real) -> None:
    """Refuse feature eigenvalues whose squares leave the range of floats."""
    least, most = float(singular[-1]), float(singular[0])
    if not (least * least > 0 and most < _LARGEST):
        raise InvalidInput(
            f"the eigenvalues of the features' covariance reach from {least:.3g}^2 to {most:.3g}^2, beyond what "
            "float64 holds: use fewer features, scale the sketch, or ask for digits"
        )


def _missed(basis: Real, signal: Real) -> tuple[float, float]:
    """The squared residual of `signal` on the columns of `basis`, and how much its rounding is amplified in it."""
    residual = signal - basis @ (basis.T @ signal)
    residual -= basis @ (basis.T @ residual)  # once more, so that what is left is orthogonal to working accuracy
    missed = float(residual @ residual)
    # each entry of the residual is known to the rounding of the signal's own entry
    return missed, float(np.abs(residual) @ np.abs(signal)) / missed if missed > 0 else 1.0


def _mean_missed(basis: Real, sizes: Real) -> float:
    """The mean squared residual of a vector with independent entries of standard deviation `sizes`."""
    shares = 1 - np.sum(basis**2, axis=1)
    # where little is missed the difference has lost digits: there the residual of the unit vector is formed
    for part in np.array_split(small := np.flatnonzero(shares < _LITTLE), max(1, small.size // _UNITS)):
        units = np.zeros((basis.shape[0], part.size))
        units[part, np.arange(part.size)] = 1.0
        for _ in range(2):
            units -= basis @ (basis.T @ units)
        shares[part] = np.sum(units**2, axis=0)
    return float(shares @ sizes**2)


def _check_sum_rules(modes: Modes, problem: Problem, sketch: Real) -> None:
    """F(0) = sum lambda w^2 and the trace of K."""
    power = float(problem.signal_power().sum())
    trace = float(np.einsum("ij,ij->j", sketch, sketch) @ problem.eigenvalues())
    rules = {
        "F(0) = sum of the signal power": (float(modes.signal.sum()) + modes.floor, power),
        "trace of K": (float(modes.position.sum()), trace),
    }
    require_sums(rules, tolerance=_SUM_RULE)
