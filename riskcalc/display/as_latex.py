"""A page for a paper: tables of LaTeX, which a notebook takes where it is made into one."""

from __future__ import annotations

from collections.abc import Sequence

from riskcalc.display.page import Block, Cell, Facts, Formula, Grid, Page

_SPECIAL = {
    "\\": r"\textbackslash{}",
    **{letter: rf"\{letter}" for letter in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
}


def as_latex(page: Page) -> str:
    """One table a block of facts or rows, sentences between them; everything but formulas is escaped.

    >>> print(as_latex(Page("it", (Facts((("50 %", Formula(text="x^2", latex="x^{2}")),)),))))
    \\begin{tabular}{ll}
    50 \\% & $x^{2}$ \\\\
    \\end{tabular}
    """
    return "\n\n".join(_block(block) for block in page.blocks)


def _block(block: Block) -> str:
    if isinstance(block, Facts):
        return _tabular([(name, value) for name, value in block.pairs], 2)
    if isinstance(block, Grid):
        return _tabular([block.titles, *block.rows], len(block.titles), rule=True)
    return "\\par\n".join(_cell(line) for line in block.lines)


def _tabular(rows: Sequence[Sequence[Cell]], columns: int, *, rule: bool = False) -> str:
    lines = [" & ".join(map(_cell, row)) + r" \\" for row in rows]
    if rule:
        lines.insert(1, r"\hline")
    return "\n".join([rf"\begin{{tabular}}{{{'l' * columns}}}", *lines, r"\end{tabular}"])


def _cell(cell: Cell) -> str:
    return f"${cell.latex}$" if isinstance(cell, Formula) else "".join(_SPECIAL.get(letter, letter) for letter in cell)
