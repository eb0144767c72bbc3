"""Several curves for a reader, beside each other: what they share, what each is, and one column of risk for each."""

from __future__ import annotations

from collections.abc import Sequence

from riskcalc.curve.page import accuracy_line, method_line, rows_of
from riskcalc.curve.risk_curve import RiskCurve
from riskcalc.curve.rounding import rounded, scientific
from riskcalc.curve.wording import differences, settings, shared
from riskcalc.display import Cell, Facts, Grid, Page


def page_side_by_side(curves: Sequence[RiskCurve], *, digits: Sequence[int]) -> Page:
    """What all curves share, what each of them is and claims, and one row a step. All are recorded at the same steps.

    digits: of each, to be written.
    """
    asked = [curve.asked for curve in curves]
    names = [f"curve_{place}" for place in range(1, len(curves) + 1)]
    facts: list[tuple[str, Cell]] = [("shared", _line(shared(asked)))]
    for name, curve, differing, known in zip(names, curves, differences(asked), digits, strict=True):
        claim = f"{curve.claim.value} ({method_line(curve.method)})"
        accuracy = f"{curve.warrant.value}; {accuracy_line(curve, known)}"
        facts.append((name, f"{_line(differing)}: risk, {claim}, {accuracy}"))
    columns = [[str(step) for step in curves[0].steps]]
    columns += [
        rounded(curve, digits=known, write=scientific).columns["risk"]
        for curve, known in zip(curves, digits, strict=True)
    ]
    return Page("risk", (Facts(tuple(facts)), Grid(("step", *names), tuple(zip(*columns, strict=True)))))


def rows_side_by_side(curves: Sequence[RiskCurve], *, digits: Sequence[int]) -> Grid:
    """All rows of all curves below each other, with a column for each setting in which they differ."""
    said = [settings(curve.asked) for curve in curves]
    every = dict.fromkeys(name for one in said for name in one)
    names = [name for name in every if len({one.get(name) for one in said}) > 1]
    grids = [rows_of(curve, digits=known) for curve, known in zip(curves, digits, strict=True)]
    titles = tuple(dict.fromkeys(str(title) for grid in grids for title in grid.titles))
    rows: list[tuple[str, ...]] = []
    for one, grid in zip(said, grids, strict=True):
        own = tuple(str(one.get(name, "")).rpartition(" = ")[2] for name in names)
        for row in grid.rows:
            cells = dict(zip(grid.titles, map(str, row), strict=True))
            rows.append((*own, *(cells.get(title, "") for title in titles)))
    return Grid((*names, *titles), tuple(rows))


def _line(said: Sequence[Cell]) -> str:
    return ", ".join(map(str, said))
