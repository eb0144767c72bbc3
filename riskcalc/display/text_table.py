"""Columns of text, aligned."""

from __future__ import annotations

from collections.abc import Sequence

_GAP = "  "


def text_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, a rule below its titles.

    >>> print("\\n".join(text_table(["name", "value"], [["a", "2"], ["long", "3"]])))
    name  value
    ----  -----
    a     2
    long  3
    """
    cells = [list(titles), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(titles))]
    cells.insert(1, ["-" * width for width in widths])
    return [_GAP.join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
