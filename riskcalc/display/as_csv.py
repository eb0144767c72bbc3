"""A grid, or the grids of a page, as CSV: a line of titles, then one line a row."""

from __future__ import annotations

import csv
import io

from riskcalc.display.page import Grid, Page


def as_csv(numbers: Grid | Page) -> str:
    """Titles as one word each; cells with commas between quotation marks. Of a page its grids, an empty line between.

    >>> print(as_csv(Grid(("step", "standard error"), (("0", "a, b"),))))
    step,standard_error
    0,"a, b"
    """
    if isinstance(numbers, Page):
        return "\n\n".join(as_csv(block) for block in numbers.blocks if isinstance(block, Grid))
    written, grid = io.StringIO(), numbers
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([str(title).replace(" ", "_") for title in grid.titles])
    writer.writerows([[str(cell) for cell in row] for row in grid.rows])
    return written.getvalue().removesuffix("\n")
