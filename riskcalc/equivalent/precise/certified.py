"""Answers with a proved radius: floor, approximation, kappa, and the excess at any step of a constant step size.

The generating functions belong to measures whose signs are known, which bounds them everywhere off their cut: see the
quadratures of `coefficients`. Source: D20, D22.
"""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

import numpy as np

from riskcalc.curve import Claim, Decimals, RiskCurve, Run, Warrant
from riskcalc.curve.decimal_fields import decimal_fields
from riskcalc.equivalent.precise.coefficients import Transforms, enclosed_coefficients, rules
from riskcalc.equivalent.precise.enclosure import enclosed_edge, enclosed_floor
from riskcalc.equivalent.precise.generating import Setting, forcing_and_kernel, kernel_mass, responses
from riskcalc.equivalent.precise.setting import feedback, setting_of
from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.numeric.agreeing import Ladder, by_what_is_missing
from riskcalc.numeric.decimals import decimal_text, leading, log10
from riskcalc.numeric.field import Element, Field
from riskcalc.progress import progress
from riskcalc.schedule import constant_size
from riskcalc.spectral.precise.of_problem import precise_sums
from riskcalc.spectral.precise.roots import Point
from riskcalc.spectral.precise.sums import GUARD, Sums

_FIRST_SPARE = 5
_MOST_RAISED = 40  # digits added at once, beyond those asked: a ball that holds zero does not tell how many it misses
Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Ball:
    """A real number enclosed: |x - value| <= radius, both exact."""

    value: Fraction
    radius: Fraction

    def text(self, digits: int) -> tuple[str, str]:
        """Value to so many digits and a radius that covers the rounding too."""
        place = (leading(self.value) if self.value else 0) - digits + 1
        text = decimal_text(self.value, place=place)
        whole = self.radius + abs(Fraction(text) - self.value)
        return text, decimal_text(whole, place=leading(whole) - 2, rounding=decimal.ROUND_CEILING) if whole else "0"


@dataclass(frozen=True, kw_only=True)
class Landmarks:
    """Enclosures of u0, of the approximation error and of kappa."""

    floor: Ball
    approximation: Ball
    kappa: Ball


def certified_landmarks(run: Run, *, digits: int, field: Field | None = None) -> Landmarks:
    """u0, approximation and kappa, each with a proved relative radius below 10^-digits."""
    kind = _balls(field)
    setting = setting_of(run, kind)
    feedback(run, setting, 15)

    def attempt(level: int) -> tuple[Landmarks, float]:
        _, found = _landmarks(setting, precise_sums(run.problem, kind, proved=True), level)
        return found, max(_width(ball) for ball in (found.floor, found.approximation, found.kappa))

    return _proved(attempt, digits, lambda found: {"floor": [found.floor], "approximation": [found.approximation]})


def certified_curve(run: Run, *, digits: int, field: Field) -> RiskCurve:
    """The curve with a proved radius at every step: below 10^-digits of the excess, and the rounding of its text."""
    kind = _balls(field)
    if constant_size(run.schedule, horizon=run.horizon) is None:
        raise InvalidInput("certified answers are for a constant step size: leave certified out for other schedules")
    setting = setting_of(run, kind)
    feedback(run, setting, 15)

    def attempt(level: int) -> tuple[_Found, float]:
        found = _curve_balls(setting, precise_sums(run.problem, kind, proved=True), run.steps, level)
        return found, max(_width(ball) for ball in found.excess)

    found = _proved(attempt, digits, lambda found: {"excess": found.excess})
    marks = found.landmarks
    fields = decimal_fields(
        Fraction(run.problem.noise),
        marks.approximation.value,
        [ball.value for ball in found.bias],
        [ball.value for ball in found.variance],
        digits,
    )
    texts = dict(fields["decimals"].text)
    texts["excess"], texts["radius"] = (
        tuple(texts) for texts in zip(*(ball.text(digits) for ball in found.excess), strict=True)
    )
    fields["decimals"] = Decimals(digits=digits, text=texts)
    return RiskCurve(
        steps=run.steps,
        claim=Claim.DETERMINISTIC_EQUIVALENT,
        warrant=Warrant.ENCLOSED,
        radius=np.array([float(text) for text in texts["radius"]]),
        asked=run.question,
        method={
            "name": "equivalent",
            "digits": digits,
            "field": kind.name,
            "kappa": float(marks.kappa.value),
            "enclosed": {name: list(getattr(marks, name).text(digits)) for name in ("floor", "approximation", "kappa")},
        },
        **fields,
    )


def certified_forcing_and_kernel(run: Run, *, digits: int, field: Field | None = None) -> list[tuple[Ball, Ball]]:
    """F(t) and K(t) at the steps of a run, each with a proved radius below 10^-digits of F and of K."""
    kind = _balls(field)
    setting = setting_of(run, kind)
    feedback(run, setting, 15)

    def attempt(level: int) -> tuple[list[list[Ball]], float]:
        sums = precise_sums(run.problem, kind, proved=True)
        # F(t) <= F(0) = sum h, and K(t) <= kappa < 1
        bound = max(setting.sums.signal, Fraction(1))
        found = _coefficients(setting, sums, run.steps, level, bound, lambda *at: forcing_and_kernel(setting, *at))
        return found, max(_width(ball) for row in found for ball in row)

    found = _proved(attempt, digits, lambda rows: {"F": [row[0] for row in rows], "K": [row[1] for row in rows]})
    return [(row[0], row[1]) for row in found]


@dataclass(frozen=True, kw_only=True)
class _Found:
    landmarks: Landmarks
    bias: list[Ball]
    variance: list[Ball]
    excess: list[Ball]


def _curve_balls(setting: Setting, sums: Sums, steps: tuple[int, ...], level: int) -> _Found:
    floor, marks = _landmarks(setting, sums, max(rule.digits for rule in rules(steps, level)))
    if not marks.kappa.value + marks.kappa.radius < 1:
        raise ToleranceNotMet("kappa < 1 was not proved: the step size is too close to its limit")
    # every part is nonnegative, and their sum stays below (F(0) + kappa sigma2)/(1 - kappa)
    kappa = marks.kappa.value + marks.kappa.radius
    bound = (setting.sums.signal + kappa * setting.noise) / (1 - kappa)

    def parts(zeta: Element, near: Point, far: Point) -> tuple[Element, ...]:
        bias, variance = responses(setting, zeta, near, far, floor)
        return bias, variance, bias + variance

    rows = _coefficients(setting, sums, steps, level, bound, parts)
    excess = [
        Ball(value=row[2].value + marks.approximation.value, radius=row[2].radius + marks.approximation.radius)
        for row in rows
    ]
    return _Found(landmarks=marks, bias=[row[0] for row in rows], variance=[row[1] for row in rows], excess=excess)


def _landmarks(setting: Setting, sums: Sums, level: int) -> tuple[Element, Landmarks]:
    field = setting.field
    with field.working(level + GUARD):
        root, edge = enclosed_floor(setting, sums, level), enclosed_edge(setting, sums, level)
        approximation = root.u * root.values.sig
        return approximation, Landmarks(
            floor=_ball(field, root.u),
            approximation=_ball(field, approximation),
            kappa=_ball(field, kernel_mass(setting, edge)),
        )


def _coefficients(
    setting: Setting, sums: Sums, steps: tuple[int, ...], level: int, bound: Fraction, transforms: Transforms
) -> list[list[Ball]]:
    """Coefficients of generating functions whose coefficients are at most `bound` in size."""
    found, chosen = [], list(rules(steps, level))
    with progress(len(chosen), "contours") as more:
        for rule in chosen:
            rows = enclosed_coefficients(setting, sums, rule, level, bound, transforms)
            with setting.field.working(rule.digits + GUARD):
                found += [[_ball(setting.field, x) for x in row] for row in rows]
            more(1)
    return found


def _proved(
    attempt: Callable[[int], tuple[Answer, float]], digits: int, balls: Callable[[Answer], dict[str, list[Ball]]]
) -> Answer:
    """The answer of the first precision whose radii are small enough."""

    def refusal(best: Answer | None, digits: int, error: float, reason: str) -> ToleranceNotMet:
        rows = {} if best is None else balls(best)
        shown = {name: [ball.text(digits) for ball in row] for name, row in rows.items()} or None
        return ToleranceNotMet(
            f"no ball as narrow as 1e-{digits} relative was proved; the best is in `best`{reason}", best=shown
        )

    ladder = Ladder(attempts=5, higher=_narrower, failed=_after_a_failure, refusal=refusal)
    return ladder.climbed(attempt, first=digits + _FIRST_SPARE, digits=digits)[0]


def _narrower(level: int, error: float, digits: int) -> int:
    return by_what_is_missing(spare=3, most=digits + _MOST_RAISED)(level, error, digits)


def _after_a_failure(level: int, digits: int) -> int | None:
    return None if level - digits > 8 * _FIRST_SPARE else level + _FIRST_SPARE + 3


def _width(ball: Ball) -> float:
    """log10 of the relative radius."""
    if not ball.radius:
        return -math.inf
    return log10(ball.radius) - log10(abs(ball.value)) if ball.value else math.inf


def _ball(field: Field, x: Element) -> Ball:
    radius = field.radius(x)
    if radius is None or radius == math.inf:
        raise ToleranceNotMet("a ball of infinite radius came out: more digits are needed")
    # rounded up by 1e-3: far more than the logarithm of a radius is uncertain by
    bound = (
        Fraction(0)
        if radius == -math.inf
        else Fraction(math.ceil(10 ** (radius - math.floor(radius)) * 1000) + 1, 1000)
        * Fraction(10) ** math.floor(radius)
    )
    return Ball(value=field.rational(x), radius=bound)


def _balls(field: Field | None) -> Field:
    """A field whose elements have radii."""
    from riskcalc.numeric.arb_field import Arb

    kind = Arb() if field is None else field
    if not isinstance(kind, Arb):
        raise InvalidInput(f"a proved radius needs balls: use field=Arb(), not {kind!r}")
    return kind
