"""A page for a terminal."""

from __future__ import annotations

import textwrap

from riskcalc.display.page import Block, Facts, Grid, Page
from riskcalc.display.text_table import text_table

_GAP = "  "


def as_text(page: Page) -> str:
    """The blocks as lines, an empty one between them; facts stand below each other throughout.

    >>> from riskcalc.display.page import Grid
    >>> print(as_text(Page("an answer", (Facts((("a", "2"), ("loss", "1/2"))), Grid(("x",), (("1",),))))))
    a:     2
    loss:  1/2
    <BLANKLINE>
    x
    -
    1
    """
    width = max((len(name) for block in page.blocks if isinstance(block, Facts) for name, _ in block.pairs), default=0)
    return "\n\n".join("\n".join(_lines(block, width)) for block in page.blocks)


def _lines(block: Block, width: int) -> list[str]:
    if isinstance(block, Facts):
        return [f"{name + ':':<{width + 1}}{_GAP}{value}" for name, value in block.pairs]
    if isinstance(block, Grid):
        return text_table([str(title) for title in block.titles], [[str(cell) for cell in row] for row in block.rows])
    return [part for line in block.lines for part in _broken(str(line), block.width)]


def _broken(line: str, width: int | None) -> list[str]:
    """A long sentence in several lines, those after the first further in than the first."""
    if width is None:
        return [line]
    margin = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(line, width, subsequent_indent=f"{margin}  ", break_on_hyphens=False) or [line]
