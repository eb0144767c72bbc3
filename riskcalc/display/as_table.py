"""A page as a table that plotting programs read: all but the numbers stands behind a #."""

from __future__ import annotations

from collections.abc import Sequence

from riskcalc.display.page import Facts, Grid, Page

_MARGIN = "  "


def as_table(page: Page) -> str:
    """Facts and titles behind a #, one word a title; then the numbers, as numpy.loadtxt reads them.

    >>> print(as_table(Page("it", (Facts((("a", "2"),)), Grid(("step", "standard error"), (("0", "1"), ("10", "2")))))))
    # a: 2
    #
    #step  standard_error
        0  1
       10  2
    """
    lines: list[str] = []
    for block in page.blocks:
        if isinstance(block, Facts):
            width = max((len(name) for name, _ in block.pairs), default=0) + 1
            lines += [f"# {name + ':':<{width}} {words}" for name, words in block.pairs]
        elif isinstance(block, Grid):
            lines += ["#", *_numbers(block)]
        else:
            lines += [f"# {line}" for line in block.lines]
    return "\n".join(lines)


def _numbers(grid: Grid) -> list[str]:
    titles = [str(title).replace(" ", "_") for title in grid.titles]
    columns = [[title, *map(str, cells)] for title, cells in zip(titles, zip(*grid.rows, strict=True), strict=True)]
    aligned = [_aligned(cells, right=place == 0) for place, cells in enumerate(columns)]
    names, *numbers = (_MARGIN.join(cells).rstrip() for cells in zip(*aligned, strict=True))
    return [f"#{names}", *(f" {row}" for row in numbers)]


def _aligned(cells: Sequence[str], *, right: bool) -> list[str]:
    """A column as wide everywhere: what rows are told by to the right, other numbers to the left."""
    width = max(map(len, cells))
    return [f"{cell:>{width}}" if right else f"{cell:<{width}}" for cell in cells]
