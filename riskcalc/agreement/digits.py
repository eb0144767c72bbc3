"""Rule: two deterministic computations of the same numbers, by the digits in which they agree.

Formula: digits = -log10(|left - right|/|left|), at most 16, at every recorded step; the fewest must reach what is
required. Both sides are computed, so the smallest error seen is known without chance: twice 10^-required of the excess.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from riskcalc.agreement.bounds import surely_seen
from riskcalc.agreement.comparison import Column, Comparison, Criterion, Detectable, Power, Side
from riskcalc.agreement.removal import WHOLE, Removal
from riskcalc.quantity import Real

RULE = "digits"
STATISTIC = "fewest agreeing digits"

_MOST = 16.0


def agreeing_digits(left: Real, right: Real) -> Real:
    """Digits in which two arrays agree, entry by entry; zero where one is not finite.

    >>> agreeing_digits(np.array([1.0, 2.0]), np.array([1.001, 2.0])).round(6).tolist()
    [3.0, 16.0]
    """
    finite = np.isfinite(left) & np.isfinite(right)
    scale = np.where(finite, np.maximum(np.abs(left), np.finfo(np.float64).tiny), 1.0)
    gap = np.abs(np.where(finite, left, 1.0) - np.where(finite, right, 0.0)) / scale
    return np.asarray(np.clip(-np.log10(np.maximum(gap, 10.0**-_MOST)), 0.0, _MOST))


def compare_by_digits(
    *,
    steps: tuple[int, ...],
    values: tuple[Real, Real],
    required: float,
    left: Side,
    right: Side,
    wrong: Mapping[Removal, Real] | None = None,
    remarks: tuple[str, ...] = (),
) -> Comparison:
    """Whether two computations agree to `required` digits at every step; wrong: the left without one term, for each."""
    digits = agreeing_digits(*values)
    worst = int(np.argmin(digits))
    return Comparison(
        rule=RULE,
        left=left,
        right=right,
        steps=steps,
        columns=(
            Column(name=left.name, values=tuple(values[0].tolist())),
            Column(name=right.name, values=tuple(values[1].tolist())),
            Column(name="digits", values=tuple(digits.tolist())),
        ),
        criteria=(
            Criterion(
                statistic=STATISTIC, worst=float(digits[worst]), step=steps[worst], bound=required, lower=True
            ),
        ),
        power=Power(reached=True, statement="nothing is random on either side"),
        detectable=(
            Detectable(term=WHOLE, share=_share(values[0], values[0], required)),
            *(
                Detectable(term=left_out.term, share=_share(without - values[0], values[0], required))
                for left_out, without in (wrong or {}).items()
            ),
        ),
        remarks=remarks,
    )


def _share(term: Real, right: Real, required: float) -> float:
    """The smallest share of a term whose loss is seen at some step; infinite where the term is nothing."""
    largest = float(np.max(np.abs(term) / np.abs(right)))
    return surely_seen(10.0**-required) / largest if largest > 0 else float("inf")
