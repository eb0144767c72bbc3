"""The one ladder of the roads with many digits: resolution is raised until two of them agree, or a radius is small.

A road says what it finds at a level, how far that is from what was asked, and how much higher the next rung stands.
Every rung is a new answer: nothing of a lower one is kept, so that what was raised too little cannot stay behind.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from riskcalc.errors import ToleranceNotMet

Answer = TypeVar("Answer")
_MOST = 300.0  # digits added at once: a difference that is infinite does not tell how many it misses
Higher = Callable[[int, float, int], int]  # level, log10 of the error there, digits asked -> the next level
Refusal = Callable[[Any, int, float, str], ToleranceNotMet]  # the last answer or None, digits, log10 of its error, why


def _ended(level: int, digits: int) -> None:
    """No other level where a rung gave no answer."""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """How a road raises its resolution, and what it says where that does not help.

    attempts: rungs at most. failed: (level, digits) -> the next level where a rung could not answer at all, None to
    end with what that rung raised.
    """

    attempts: int
    higher: Higher
    refusal: Refusal
    failed: Callable[[int, int], int | None] = _ended

    def climbed(self, look: Callable[[int], tuple[Answer, float]], *, first: int, digits: int) -> tuple[Answer, float]:
        """The first answer whose error is at most 10^-digits, and log10 of the error. look: both, at a level.

        >>> ladder = Ladder(attempts=3, higher=by_what_is_missing(spare=1), refusal=two_differ("guesses", remedy="ask"))
        >>> ladder.climbed(lambda level: (f"{level} digits", 2.0 - level), first=4, digits=4)
        ('7 digits', -5.0)
        """
        level, found, error, reason = first, None, math.inf, ""
        for _ in range(self.attempts):
            try:
                found, error = look(level)
            except ToleranceNotMet as failure:
                following = self.failed(level, digits)
                if following is None:
                    raise
                level, reason = following, f"; {failure}"
                continue
            if error <= -digits:
                return found, error
            error = math.inf if math.isnan(error) else error
            level, reason = self.higher(level, error, digits), ""
        raise self.refusal(found, digits, error, reason)


def by_what_is_missing(*, spare: int, most: float = _MOST) -> Higher:
    """As many digits more as the error misses, at most `most`, and some to spare."""

    def higher(level: int, error: float, digits: int) -> int:
        return level + math.ceil(min(error + digits, most)) + spare

    return higher


def two_differ(what: str, *, remedy: str) -> Refusal:
    """The refusal of a road that compares two resolutions; what: "precisions of the exact road"."""

    def refusal(found: Any, digits: int, error: float, reason: str) -> ToleranceNotMet:
        if found is None:
            return ToleranceNotMet(f"{what} give no answer to {digits} digits{reason}")
        return ToleranceNotMet(
            f"two {what} differ by 1e{error:.0f} relative, more than the {digits} digits asked: {remedy}{reason}"
        )

    return refusal
