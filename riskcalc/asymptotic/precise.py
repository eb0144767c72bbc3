"""The leading terms with as many digits as asked: evaluated at two precisions, which are raised until they agree.

The digits are those of the terms. How far the terms are from the risk is another matter: they are its leading order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from riskcalc.asymptotic.arithmetic import InMpmath
from riskcalc.asymptotic.leading_terms import LeadingTerms
from riskcalc.curve import Claim, RiskCurve, Run, Warrant
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.numeric.agreeing import Ladder, two_differ
from riskcalc.numeric.decimals import log10
from riskcalc.numeric.mpmath_field import Mpmath

_SPARE = 2  # digits on which two precisions agree beyond those printed
_EXTRA = (8, 16)  # digits beyond those printed, at the two precisions
_LADDER = Ladder(
    attempts=3,
    higher=lambda level, error, digits: level + 9 + digits // 2,
    refusal=two_differ("precisions of the leading terms", remedy="ask for fewer digits"),
)


@dataclass(frozen=True, kw_only=True)
class _Found:
    """Exact rationals behind one evaluation."""

    question: LeadingTerms
    approximation: Fraction
    bias: list[Fraction]
    variance: list[Fraction]

    def excess(self) -> list[Fraction]:
        return [self.approximation + one + two for one, two in zip(self.bias, self.variance, strict=True)]


def precise_curve(run: Run, *, digits: int) -> RiskCurve:
    """The curve with `digits` significant digits of the leading terms."""

    def look(level: int) -> tuple[_Found, float]:
        coarse, fine = (_evaluated(run, level + more) for more in _EXTRA)
        gap = _gap(coarse, fine)
        return fine, log10(gap) if gap else -math.inf

    found, _ = _LADDER.climbed(look, first=digits, digits=digits + _SPARE)
    return _curve(run, found, digits)


def _evaluated(run: Run, level: int) -> _Found:
    field = Mpmath()
    with field.working(level):
        question = LeadingTerms.of(run, InMpmath(level))
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
        method={**found.question.described(), "digits": digits, "field": "mpmath"},
        **decimal_fields(Fraction(run.problem.noise), found.approximation, found.bias, found.variance, digits),
    )
