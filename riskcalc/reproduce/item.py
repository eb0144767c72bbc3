"""One published value and ours."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from riskcalc.reproduce.rules import Ours, Rule
from riskcalc.reproduce.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Item:
    """One value of a paper, recomputed; or the reason why it is not.

    what: which value, in words. published: as printed. source: where that value is from, if it is not in print as it
    stands: derived here from what is, or computed by another road. rule: by which ours passes. ours: None where it
    cannot be recomputed, and `note` says why; otherwise `note` is what a reader should know.
    """

    what: str
    published: str
    rule: Rule | None
    ours: Ours | None
    note: str = ""
    source: str = "published"

    @property
    def verdict(self) -> Verdict:
        if self.ours is None or self.rule is None:
            return Verdict.NOT_RECOMPUTED
        return self.rule.judge(self.published, self.ours)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; numbers that are not finite become null."""
        ours, error = self.ours, None if self.ours is None else self.ours.standard_error
        return {
            "what": self.what,
            "published": self.published,
            "source": self.source,
            "rule": None if self.rule is None else self.rule.words,
            "ours": None if ours is None else ours.text,
            "value": _finite(None if ours is None else ours.value),
            "standard_error": _finite(error),
            "verdict": self.verdict.value,
            "note": self.note,
        }


def compare(
    what: str, *, published: str, ours: Ours, rule: Rule, note: str = "", source: str = "published"
) -> Item:
    """An item that was recomputed."""
    return Item(what=what, published=published, rule=rule, ours=ours, note=note, source=source)


def not_recomputed(what: str, *, published: str, why: str) -> Item:
    """An item that is listed with the reason why it cannot be recomputed."""
    return Item(what=what, published=published, rule=None, ours=None, note=why)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
