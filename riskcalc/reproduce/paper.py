"""A paper as a list of exhibits: its figures, tables and statements, each with the way it is recomputed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from riskcalc.errors import InvalidInput
from riskcalc.reproduce.item import Item

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class Recomputed:
    """What an exhibit gave: its items, and pictures by file name (without ending), drawn only when asked for."""

    items: tuple[Item, ...]
    pictures: Mapping[str, Callable[[], Figure]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """One figure, table or statement.

    name: short, for `--only`. title: in words. recompute: takes `quick`, which asks for the smaller computation whose
    rules are the same.
    """

    name: str
    title: str
    recompute: Callable[[bool], Recomputed]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """name: as on the command line. citation: authors, title, number. exhibits: in the paper's order."""

    name: str
    citation: str
    exhibits: tuple[Exhibit, ...]

    def selected(self, only: tuple[str, ...]) -> tuple[Exhibit, ...]:
        """The exhibits with these names; all if none is named."""
        names = [exhibit.name for exhibit in self.exhibits]
        for name in only:
            if name not in names:
                raise InvalidInput(f"{self.name} has no exhibit {name!r}: its exhibits are {', '.join(names)}")
        return tuple(exhibit for exhibit in self.exhibits if not only or exhibit.name in only)
