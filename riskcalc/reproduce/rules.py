"""By which rule a recomputed value passes: fixed before anything is computed, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Protocol

from riskcalc.errors import InvalidInput
from riskcalc.quantity import of_type
from riskcalc.reproduce.verdict import Verdict

_MARGIN = 1e-9  # of a tolerance: rounding in the comparison itself
_SURE = 3.0  # standard errors beyond a tolerance: no chance


@dataclass(frozen=True, kw_only=True)
class Ours:
    """A recomputed value: `text` for people, `value` for rules; standard_error where it was sampled or fitted."""

    text: str
    value: float
    standard_error: float | None = None


class Rule(Protocol):
    """Whether ours is what was published."""

    def judge(self, published: str, ours: Ours) -> Verdict:
        """Compare with the published value as printed."""

    @property
    def words(self) -> str:
        """The rule and its reason, for the report."""


@dataclass(frozen=True, kw_only=True)
class Identical:
    """The same exact object: a rational number, a formula. The texts are canonical, so they must be equal."""

    reason: str = "exact arithmetic on both sides"

    def judge(self, published: str, ours: Ours) -> Verdict:
        return _passed(published == ours.text)

    @property
    def words(self) -> str:
        return f"identical ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class AsPrinted:
    """Within half a unit of the last digit printed."""

    reason: str = "a computed number, printed rounded"

    def judge(self, published: str, ours: Ours) -> Verdict:
        return _passed(_near(ours.value, float(_decimal(published)), half_unit(published)))

    @property
    def words(self) -> str:
        return f"equal to the digits printed ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class Within:
    """Within half a unit of the last digit printed and a stated effect by which the two may differ.

    effect: its size, absolute, or relative to the published value. exact: the published value is not rounded, so that
    nothing is allowed for its digits. Where ours is sampled, two standard errors must lie within the tolerance for it
    to pass, and it fails only where it lies more than three beyond.
    """

    effect: float
    reason: str
    relative: bool = False
    exact: bool = False

    def judge(self, published: str, ours: Ours) -> Verdict:
        target, error = float(_decimal(published)), ours.standard_error or 0.0
        tolerance = self.effect * (abs(target) if self.relative else 1.0)
        tolerance += 0.0 if self.exact else half_unit(published)
        if not _near(ours.value, target, tolerance + _SURE * error):
            return Verdict.FAILED
        if _near(ours.value, target, tolerance) and 2 * error <= tolerance:
            return Verdict.PASSED
        return Verdict.NOT_DETERMINED

    @property
    def words(self) -> str:
        size = f"{self.effect:.2g} of the value" if self.relative else f"{self.effect:.3g}"
        digits = "" if self.exact else " and half a unit of the last digit printed"
        return f"within {size}{digits} ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class Among:
    """One of the values that choices left open in print give; ours is that nearest to the published one.

    It passes if every choice gives the digits printed, so that none of them matters. If the published value lies among
    them without that, it is not determined by what is in print; if it lies outside them, or ours is none of them, it
    fails.
    """

    values: tuple[float, ...]
    reason: str

    def judge(self, published: str, ours: Ours) -> Verdict:
        target, unit = float(_decimal(published)), half_unit(published)
        nearest = min(self.values, key=lambda value: abs(value - target))
        if ours.value != nearest or not min(self.values) - unit <= target <= max(self.values) + unit:
            return Verdict.FAILED
        every = all(_near(value, target, unit) for value in self.values)
        return Verdict.PASSED if every else Verdict.NOT_DETERMINED

    @property
    def words(self) -> str:
        return f"one of {min(self.values):.3g} to {max(self.values):.3g} ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class ByZ:
    """|ours - published| is at most `bound` standard errors, and these are small enough to tell.

    published_error: the standard error of the published value, where it is a sample too. power: the largest joint
    standard error at which the comparison means anything.
    """

    bound: float
    power: float
    reason: str
    published_error: float = 0.0

    def judge(self, published: str, ours: Ours) -> Verdict:
        if ours.standard_error is None:
            raise InvalidInput("a z-score needs a standard error, but the recomputed value carries none")
        joint = float((ours.standard_error**2 + self.published_error**2) ** 0.5)
        if not _near(ours.value, float(_decimal(published)), self.bound * joint):
            return Verdict.FAILED
        return Verdict.PASSED if joint <= self.power else Verdict.NOT_DETERMINED

    @property
    def words(self) -> str:
        return f"|z| at most {self.bound:g}, standard error at most {self.power:g} ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class ByConstruction:
    """What ours is made from has the published value put in: it is checked by `rule`, but shows nothing."""

    rule: Rule
    reason: str

    def judge(self, published: str, ours: Ours) -> Verdict:
        found = self.rule.judge(published, ours)
        return Verdict.IDENTITY if found is Verdict.PASSED else found

    @property
    def words(self) -> str:
        return f"holds by construction: {self.reason}; {self.rule.words}"


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """Ours is not the published value by `rule`, and by the same rule it is `value`, derived as `reason` says."""

    value: str
    rule: Rule
    reason: str

    def judge(self, published: str, ours: Ours) -> Verdict:
        theirs, derived = (self.rule.judge(value, ours) for value in (published, self.value))
        if derived is not Verdict.PASSED:
            return derived
        return Verdict.CORRECTED if theirs is Verdict.FAILED else Verdict.NOT_DETERMINED

    @property
    def words(self) -> str:
        return f"not the published value, but {self.value} ({self.reason}); {self.rule.words}"


def half_unit(published: str) -> float:
    """Half a unit of the last digit printed.

    >>> half_unit("0.49"), half_unit("9.774e-5")
    (0.005, 5e-09)
    """
    exponent = _decimal(published).as_tuple().exponent
    last = of_type(exponent, int, "the last decimal place of what was published", "that of a finite number")
    return 0.5 * 10.0**last


def _passed(holds: bool) -> Verdict:
    return Verdict.PASSED if holds else Verdict.FAILED


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite():
        raise InvalidInput(f"the published value {text!r} is not a decimal number, as this rule needs it")
    return found


def _near(left: float, right: float, distance: float) -> bool:
    return abs(left - right) <= distance * (1 + _MARGIN)
