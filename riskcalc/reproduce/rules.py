"""By which rule a recomputed value passes: fixed before anything is computed, with its reason."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Protocol

from riskcalc.errors import InvalidInput
from riskcalc.quantity import of_type

_MARGIN = 1e-9  # of a tolerance: rounding in the comparison itself


@dataclass(frozen=True, kw_only=True)
class Ours:
    """A recomputed value: `text` for people, `value` for rules; standard_error where it was sampled or fitted."""

    text: str
    value: float
    standard_error: float | None = None


class Rule(Protocol):
    """Whether ours is what was published."""

    def accepts(self, published: str, ours: Ours) -> bool:
        """Compare with the published value as printed."""

    @property
    def words(self) -> str:
        """The rule and its reason, for the report."""


@dataclass(frozen=True, kw_only=True)
class Identical:
    """The same exact object: a rational number, a formula. The texts are canonical, so they must be equal."""

    reason: str = "exact arithmetic on both sides"

    def accepts(self, published: str, ours: Ours) -> bool:
        return published == ours.text

    @property
    def words(self) -> str:
        return f"identical ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class AsPrinted:
    """Within half a unit of the last digit printed."""

    reason: str = "a computed number, printed rounded"

    def accepts(self, published: str, ours: Ours) -> bool:
        exponent = _decimal(published).as_tuple().exponent
        last = of_type(exponent, int, "the last decimal place of what was published", "that of a finite number")
        return _near(ours.value, float(published), 0.5 * 10.0**last)

    @property
    def words(self) -> str:
        return f"equal to the digits printed ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class Within:
    """Within an absolute tolerance, or one relative to the published value.

    power: where ours is sampled, the largest standard error at which the comparison means anything.
    """

    tolerance: float
    reason: str
    relative: bool = False
    power: float | None = None

    def accepts(self, published: str, ours: Ours) -> bool:
        target = float(_decimal(published))
        if self.power is not None and (ours.standard_error is None or ours.standard_error > self.power):
            return False
        return _near(ours.value, target, self.tolerance * (abs(target) if self.relative else 1.0))

    @property
    def words(self) -> str:
        size = f"{self.tolerance:.2g} of the value" if self.relative else f"{self.tolerance:g}"
        power = "" if self.power is None else f", standard error at most {self.power:g}"
        return f"within {size}{power} ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class Among:
    """Between the smallest and the largest of the values that choices left open in print give; ours is the nearest."""

    smallest: float
    largest: float
    reason: str

    def accepts(self, published: str, ours: Ours) -> bool:
        return self.smallest <= float(_decimal(published)) <= self.largest

    @property
    def words(self) -> str:
        return f"between {self.smallest:.3g} and {self.largest:.3g} ({self.reason})"


@dataclass(frozen=True, kw_only=True)
class Settling:
    """Equality up to a constant: along a ladder the ratio of ours to theirs changes less at each rung.

    values: the ratio at each rung, at least three.
    """

    values: tuple[float, ...]
    reason: str

    def accepts(self, published: str, ours: Ours) -> bool:
        if len(self.values) < 3 or not all(value > 0 for value in self.values):
            return False
        changes = [abs(math.log(later / value)) for value, later in pairwise(self.values)]
        return all(later < change for change, later in pairwise(changes))

    @property
    def words(self) -> str:
        return f"changes less at each rung ({self.reason})"


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

    def accepts(self, published: str, ours: Ours) -> bool:
        if ours.standard_error is None:
            raise InvalidInput("a z-score needs a standard error, but the recomputed value carries none")
        joint = float((ours.standard_error**2 + self.published_error**2) ** 0.5)
        return joint <= self.power and _near(ours.value, float(_decimal(published)), self.bound * joint)

    @property
    def words(self) -> str:
        return f"|z| at most {self.bound:g}, standard error at most {self.power:g} ({self.reason})"


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidInput(f"the published value {text!r} is not a decimal number, as this rule needs it") from None


def _near(left: float, right: float, distance: float) -> bool:
    return abs(left - right) <= distance * (1 + _MARGIN)
