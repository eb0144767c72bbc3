"""A grid as CSV: a line of titles, then one line a row."""

from __future__ import annotations

import csv
import io

from riskcalc.display.page import Grid


def as_csv(grid: Grid) -> str:
    """Titles as one word each; cells with commas between quotation marks.

    >>> print(as_csv(Grid(("step", "standard error"), (("0", "a, b"),))))
    step,standard_error
    0,"a, b"
    """
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([str(title).replace(" ", "_") for title in grid.titles])
    writer.writerows([[str(cell) for cell in row] for row in grid.rows])
    return written.getvalue().removesuffix("\n")
