"""A page for a notebook: plain tables, formulas as LaTeX, which the notebook sets."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from riskcalc.display.page import Block, Cell, Facts, Formula, Grid, Lines, Page

_MOST_ROWS = 24  # of a long table; the first and the last of them
_LEFT = ' style="text-align: left"'


def as_html(page: Page) -> str:
    """One <div>; everything but LaTeX is escaped.

    >>> as_html(Page("it", (Lines((Formula(text="x^2", latex="x^{2}"), "a < b")),)))
    '<div class="riskcalc"><p>$x^{2}$</p><p>a &lt; b</p></div>'
    """
    return f'<div class="riskcalc">{"".join(_blocks(page))}</div>'


def _blocks(page: Page) -> Iterable[str]:
    caption = f"<caption>{_written(page.title)}</caption>"
    for block in page.blocks:
        yield _block(block, caption)
        caption = ""


def _block(block: Block, caption: str) -> str:
    if isinstance(block, Facts):
        pairs = ((_written(name), _cell(value)) for name, value in block.pairs)
        rows = (f"<tr><th{_LEFT}>{name}</th><td{_LEFT}>{value}</td></tr>" for name, value in pairs)
        return f"<table>{caption}{''.join(rows)}</table>"
    if isinstance(block, Grid):
        head = "".join(f"<th{_LEFT}>{_cell(title)}</th>" for title in block.titles)
        return f"<table>{caption}<tr>{head}</tr>{''.join(_rows(block))}</table>"
    return _lines(block)


def _lines(block: Lines) -> str:
    return "".join(f"<p{_indent(str(line))}>{_cell(line)}</p>" for line in block.lines)


def _indent(line: str) -> str:
    """As far in as the line is in a terminal."""
    spaces = len(line) - len(line.lstrip())
    return f' style="margin-left: {spaces / 2:g}em"' if spaces else ""


def _rows(grid: Grid) -> Iterable[str]:
    rows = [_row(row) for row in grid.rows]
    left_out = len(rows) - _MOST_ROWS
    if left_out <= 1:
        return rows
    told = f"<tr><td{_LEFT} colspan={len(grid.titles)}>... {left_out} rows more: print() shows them ...</td></tr>"
    return [*rows[: _MOST_ROWS // 2], told, *rows[-_MOST_ROWS // 2 :]]


def _row(row: tuple[Cell, ...]) -> str:
    return f"<tr>{''.join(f'<td{_LEFT}>{_cell(cell)}</td>' for cell in row)}</tr>"


def _cell(cell: Cell) -> str:
    return f"${_safe(cell.latex)}$" if isinstance(cell, Formula) else _written(cell)


def _written(text: str) -> str:
    """Text as it is: a dollar alone in its element begins no formula."""
    return escape(text).replace("$", "<span>$</span>")


def _safe(latex: str) -> str:
    """< and > would begin a tag."""
    return latex.replace("&", r"\&").replace("<", r"\lt ").replace(">", r"\gt ")
