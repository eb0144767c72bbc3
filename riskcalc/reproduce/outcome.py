"""What recomputing one exhibit gave."""

from __future__ import annotations

from dataclasses import dataclass

from riskcalc.reproduce.item import Item
from riskcalc.reproduce.paper import Exhibit, Recomputed


@dataclass(frozen=True, kw_only=True, eq=False)
class ExhibitOutcome:
    """An exhibit with what it gave and how long that took."""

    exhibit: Exhibit
    recomputed: Recomputed
    seconds: float

    @property
    def items(self) -> tuple[Item, ...]:
        return self.recomputed.items
