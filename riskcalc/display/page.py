"""A page: what an answer says, before it is written in any form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A formula for a terminal, and as LaTeX."""

    text: str
    latex: str

    def __str__(self) -> str:
        return self.text


Cell = str | Formula


@dataclass(frozen=True)
class Facts:
    """Names and what they are."""

    pairs: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True)
class Grid:
    """Titles, and rows of as many cells."""

    titles: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Lines:
    """Sentences. width: letters after which a terminal breaks them; None leaves them as they are."""

    lines: tuple[Cell, ...]
    width: int | None = None


Block = Facts | Grid | Lines


@dataclass(frozen=True)
class Page:
    """Blocks, one below the other. title: what kind of answer it is."""

    title: str
    blocks: tuple[Block, ...]
