"""A comparison of a cross-check for a reader: a summary line for it and each of its controls, then the table."""

from __future__ import annotations

import math
from collections.abc import Sequence

from riskcalc.agreement.comparison import Column, Comparison, NegativeControl
from riskcalc.display import Block, Grid, Lines

_WIDTH = 110
_MOST_ROWS, _MOST_ROWS_BY_DIGITS = 12, 5
_COLUMNS_BY_DIGITS = 3
_ERROR = "error of "


def comparison_blocks(number: int, comparison: Comparison, controls: Sequence[NegativeControl]) -> list[Block]:
    """A comparison and the negative controls of its rule: summary lines, then the table."""
    left, right = comparison.left, comparison.right
    lines = [
        f"{number}. {left.name} against {right.name}: {comparison.verdict} (rule: {comparison.rule})",
        f"   {left.name}: {left.claim}",
        f"   {right.name}: {right.claim}",
    ]
    for criterion in comparison.criteria:
        relation = "at least" if criterion.lower else "at most"
        lines.append(
            f"   {criterion.statistic}: {criterion.worst:.2f} at step {criterion.step}, {relation} "
            f"{criterion.bound:.2f} allowed{'' if criterion.kept else ': VIOLATED'}"
        )
    lines.append(f"   power: {comparison.power.statement}")
    lines += _detectable(comparison)
    lines += [f"   note: {remark}" for remark in comparison.remarks]
    for control in controls:
        lines += _control(control)
    return [Lines(tuple(lines), width=_WIDTH), *_table(comparison)]


def _detectable(comparison: Comparison) -> list[str]:
    """What could have been seen, term by term, and what could not."""
    seen = [f"{one.term} {_percent(one.share)}" for one in comparison.detectable if one.seen]
    beyond = [one.term for one in comparison.detectable if not one.seen]
    lines = [f"   smallest errors seen, of each term by itself: {', '.join(seen)}"] if seen else []
    return [*lines, f"   not sure to be seen even if left out: {', '.join(beyond)}"] if beyond else lines


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"


def _control(control: NegativeControl) -> list[str]:
    lines = [f"   negative control, {control.name}: {control.verdict}"]
    lines += [
        f"     {criterion.statistic}: {criterion.observed:.3g} (expected {criterion.expected:.3g}, "
        f"bound {criterion.bound:.2f})"
        for criterion in control.criteria
    ]
    if control.verdict == "no power":
        lines.append("     beyond the power of this run: what it leaves out is too small to be seen")
    return lines


def _table(comparison: Comparison) -> list[Block]:
    if not comparison.steps:
        return []
    # a column for each size would not fit the line: errors stand beside their values
    columns = [column for column in comparison.columns if not column.name.startswith(("average", "equivalent, M="))]
    rows = _rows(comparison)
    cells = [["step", *(str(comparison.steps[row]) for row in rows)], *_columns(columns, rows)]
    titles, *body = zip(*cells, strict=True)
    grid = Grid(titles, tuple(body))
    left_out = len(comparison.steps) - len(rows)
    if not left_out:
        return [grid]
    return [grid, Lines((f"({left_out} more recorded steps, all within what is said above)",))]


def _columns(columns: Sequence[Column], rows: Sequence[int]) -> list[list[str]]:
    """Cells by column; a column 'error of X' is joined to X."""
    errors = {column.name.removeprefix(_ERROR): column for column in columns if column.name.startswith(_ERROR)}
    cells = []
    for column in columns:
        if column.name.startswith(_ERROR):
            continue
        texts = [_number(column.name, column.values[row]) for row in rows]
        if column.name in errors:
            spread = errors[column.name].values
            texts = [f"{column.values[row]:.2f} ± {spread[row]:.2f}" for row in rows]
        cells.append([column.name, *texts])
    return cells


def _number(name: str, value: float) -> str:
    if name in ("z", "digits", "chi^2", "spreads"):
        return f"{value:.2f}"
    if name == "smallest error seen":
        return _percent(value)
    return f"{value:.2e}" if name == "standard error" else f"{value:.6g}"


def _rows(comparison: Comparison) -> list[int]:
    """Places of the steps shown: evenly spread, the ends and the worst among them."""
    count = len(comparison.steps)
    most = _MOST_ROWS if len(comparison.columns) > _COLUMNS_BY_DIGITS else _MOST_ROWS_BY_DIGITS
    if count <= most:
        return list(range(count))
    spread = {math.floor(place * (count - 1) / (most - 1)) for place in range(most)}
    return sorted(spread | {comparison.steps.index(criterion.step) for criterion in comparison.criteria})
