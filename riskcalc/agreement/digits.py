"""Rule: two deterministic computations of the same numbers, by the digits in which they agree.

Formula: digits = -log10(|left - right|/|left|), at most 16, at every recorded step; the fewest must reach what is
required.
"""

from __future__ import annotations

import numpy as np

from riskcalc.agreement.comparison import Column, Comparison, Criterion, Power, Side
from riskcalc.agreement.samples import Values

RULE = "digits"
STATISTIC = "fewest agreeing digits"

_MOST = 16.0


def agreeing_digits(left: Values, right: Values) -> Values:
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
    values: tuple[Values, Values],
    required: float,
    left: Side,
    right: Side,
    remarks: tuple[str, ...] = (),
) -> Comparison:
    """Whether two computations agree to `required` digits at every step."""
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
        remarks=remarks,
    )
