"""The leading terms with as many digits as asked: evaluated at two precisions, which are raised until they agree.

The digits are those of the terms. How far the terms are from the risk is another matter: they are its leading order.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.asymptotic.arithmetic import InMpmath
from riskcalc.asymptotic.asymptotic import described
from riskcalc.asymptotic.question import Question
from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.mpmath_field import Mpmath

_EXTRA = (8, 16)
_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Exact rationals behind one evaluation."""

    question: Question
    approximation: Fraction
    bias: list[Fraction]
    variance: list[Fraction]

    def excess(self) -> list[Fraction]:
        return [self.approximation + one + two for one, two in zip(self.bias, self.variance, strict=True)]


def precise_curve(run: Run, *, digits: int) -> RiskCurve:
    """The curve with `digits` significant digits of the leading terms."""
    extra = 0
    for _ in range(_ATTEMPTS):
        coarse, fine = (_evaluated(run, digits + more + extra) for more in _EXTRA)
        if _gap(coarse, fine) <= Fraction(1, 10 ** (digits + 2)):
            return _curve(run, fine, digits)
        extra += 10 + digits // 2
    raise ToleranceNotMet(f"two precisions of the leading terms do not agree to {digits} digits: ask for fewer")


def _evaluated(run: Run, level: int) -> _Found:
    field = Mpmath()
    with field.working(level):
        question = Question.of(run, InMpmath(level))
        floor, bias, variance = question.parts()

        def rational(value: Any) -> Fraction:
            return field.rational(value) if value else Fraction(0)

        return _Found(
            question=question,
            approximation=rational(floor),
            bias=[rational(value) for value in bias],
            variance=[rational(value) for value in variance],
        )


def _gap(coarse: _Found, fine: _Found) -> Fraction:
    """The largest difference of a part, relative to the excess."""
    gaps = []
    for k, excess in enumerate(fine.excess()):
        parts = (fine.approximation - coarse.approximation, fine.bias[k] - coarse.bias[k])
        gaps += [abs(part) / excess for part in (*parts, fine.variance[k] - coarse.variance[k])]
    return max(gaps)


def _curve(run: Run, found: _Found, digits: int) -> RiskCurve:
    return RiskCurve(
        steps=found.question.recorded,
        claim=Claim.LEADING_ORDER,
        warrant=Warrant.SYMBOLIC,
        asked=run.question,
        method={**described(found.question), "digits": digits, "field": "mpmath"},
        **decimal_fields(Fraction(run.problem.noise), found.approximation, found.bias, found.variance, digits),
    )
