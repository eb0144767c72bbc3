"""Places and weights for sums over all eigenvalues of smooth functions of eigenvalue and signal.

Formula: sum_j g(lambda_j, h_j) = sum_k n_k g(lambda_k, h_k), h_j = lambda_j w_j^2. A smooth law is gathered by Gauss's
rules on blocks, whatever its dimension; an infinite one ends where what is left of lambda^2, beside u0^2, is below
rounding: lambda and signal power enter the sums that this serves multiplied by lambda at least. Source: D26, section 6;
D50.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.problem import PowerLawSignal, Problem, Regression
from riskcalc.problem.spectrum import Law
from riskcalc.quantity import Number, Real
from riskcalc.spectral.blocks import FACTOR, blocks, rule_on, smooth_law

_LISTED = 4096  # eigenvalues that are summed as they are
_MOST_LISTED = 200_000  # without a law
_POINTS = 16  # of the rule on a block
_SINGLE = 64  # the first eigenvalues stay as they are
_STEEPEST = 2.0
_BEYOND = 10**15  # times M: where an infinite law ends
_MOST_TARGETS = 16  # in different directions
_NEGLIGIBLE = 1e-12  # of a direction, beside the largest


@dataclass(frozen=True, kw_only=True, eq=False)
class EigenvalueRule:
    """eigenvalue, count, power: lambda, n and h at each place, shape (places,).

    targets: sqrt(lambda) w of the fixed targets, shape (targets, places), as few as span them; None where the risk is
    averaged over targets with independent coefficients.
    """

    eigenvalue: Real
    count: Real
    power: Real
    targets: Real | None


def eigenvalue_rule(regression: Regression, model_size: Number) -> EigenvalueRule:
    """The rule of a problem; power and targets of several outputs are those of all."""
    problems = regression.written_out() if isinstance(regression, Problem) else list(regression.problems)
    counts = (1,) if isinstance(regression, Problem) else regression.counts
    law, dimension = smooth_law(problems[0]), regression.dimension
    if law is None or (dimension is not None and dimension <= _LISTED):
        if (dimension or 0) > _MOST_LISTED:
            raise InvalidInput(
                f"the scatter over sketches sums over pairs of points and all {dimension} listed eigenvalues: at most "
                f"{_MOST_LISTED} of them, or a power law of any dimension"
            )
        return _listed(problems, counts)
    return _gathered(law, problems, counts, model_size)


def _listed(problems: Sequence[Problem], counts: Sequence[int]) -> EigenvalueRule:
    eigenvalues = problems[0].eigenvalues()
    kept = eigenvalues > 0
    power = sum(count * one.signal_power() for count, one in zip(counts, problems, strict=True))
    fixed = None
    if not _averaged(problems):
        sizes = [np.sqrt(count) * one.target() for count, one in zip(counts, problems, strict=True)]
        fixed = _spanning(np.sqrt(eigenvalues[kept]) * np.array(sizes)[:, kept])
    return EigenvalueRule(
        eigenvalue=eigenvalues[kept], count=np.ones(kept.sum()), power=np.asarray(power)[kept], targets=fixed
    )


def _gathered(law: Law, problems: Sequence[Problem], counts: Sequence[int], model_size: Number) -> EigenvalueRule:
    signs = {one.signal.signs if isinstance(one.signal, PowerLawSignal) else None for one in problems}
    if len(signs) > 1:
        raise InvalidInput(
            f"outputs with random signs of their own are no smooth functions of j: the scatter over sketches needs a "
            f"dimension of at most {_LISTED} there, not {law.dimension or 'infinity'}"
        )
    last = law.dimension or _BEYOND * (1 + int(model_size))
    laid = blocks(
        last,
        points=_POINTS,
        single=_SINGLE,
        growth=lambda start: FACTOR ** (1 / max(law.steepness(start), _STEEPEST)),
        fading=lambda start: 0.0,
    )
    places, count = (np.concatenate(parts) for parts in zip(*map(rule_on, laid), strict=True))
    eigenvalue = np.asarray(law.at([places], _Floats())[0])
    each = [number * _power(one, places, eigenvalue) for number, one in zip(counts, problems, strict=True)]
    fixed = None if _averaged(problems) else _spanning(np.sqrt(np.array(each)) * np.sqrt(count)) / np.sqrt(count)
    return EigenvalueRule(eigenvalue=eigenvalue, count=count, power=np.sum(each, axis=0), targets=fixed)


def _power(problem: Problem, places: Real, eigenvalue: Real) -> Real:
    law = problem.power_law_signal
    if law is None:  # an isotropic prior
        return np.asarray(float(problem.signal.scale) * eigenvalue)  # type: ignore[union-attr]
    return np.asarray(float(law.scale) * places ** -float(law.b))


def _averaged(problems: Sequence[Problem]) -> bool:
    """Whether the targets are averaged over; some of them only is refused."""
    drawn = {one.random_target for one in problems}
    if len(drawn) > 1:
        raise InvalidInput(
            "some of these outputs have a target, others a prior: the scatter of their sum over sketches is not of one "
            "order in 1/M; ask for them apart"
        )
    return drawn == {True}


def _spanning(targets: Real) -> Real:
    """As few targets as have the same sum of squares in every direction."""
    if len(targets) == 1:
        return targets
    _, sizes, directions = np.linalg.svd(targets, full_matrices=False)
    kept = sizes > _NEGLIGIBLE * sizes[0]
    if kept.sum() > _MOST_TARGETS:
        raise InvalidInput(
            f"the targets of these outputs span {kept.sum()} directions; their scatter over sketches is computed for "
            f"at most {_MOST_TARGETS}"
        )
    return np.asarray(sizes[kept, None] * directions[kept])


class _Floats:
    """The arithmetic of a law, on arrays."""

    def real(self, value: Fraction | int) -> float:
        return float(value)

    def exp(self, x: Any) -> Any:
        return np.exp(x)

    def log(self, x: Any) -> Any:
        return np.log(x)
