"""Curves from files: what `RiskCurve.save` and `risk --json` write, and CSV tables."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.fitting.power_sum import Values
from riskcalc.fitting.table import Table, read_table
from riskcalc.quantity import file_path

_STEPS = ("steps", "step", "t")
_LARGEST = 200_000_000  # bytes; beyond it: not a curve


def load_table(path: str | Path) -> Table:
    """Read a curve to be fitted.

    .json: a RiskCurve, as `RiskCurve.save` and `riskcalc risk --json` write it. Anything else: CSV with a header line;
    the columns are `steps` (or `step`, `t`), `excess` and, if known, `standard_error`; or `steps` and one column for
    each replicate, under any other names. Lines that begin with # are passed over.
    """
    place = file_path(path, "path")
    try:
        if place.stat().st_size > _LARGEST:
            raise InvalidInput(f"{path} is larger than {_LARGEST // 10**6} MB: not a curve")
        text = place.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise InvalidInput(f"cannot read {path}: {error}") from None
    try:
        if place.suffix.lower() == ".json" or text.lstrip().startswith("{"):
            return read_table(RiskCurve.from_json(text))
        return _table_of(text)
    except InvalidInput as error:
        raise InvalidInput(f"{path}: {error}") from None


def _table_of(text: str) -> Table:
    lines = [(place, line) for place, line in enumerate(text.splitlines(), 1) if line.strip() and line[:1] != "#"]
    if len(lines) < 2:
        raise InvalidInput("a header line and at least one line of numbers are needed")
    try:
        rows = list(csv.reader([line for _, line in lines], strict=True))
    except csv.Error as error:
        raise InvalidInput(f"not CSV ({error})") from None
    names = [name.strip() for name in rows[0]]
    steps_name = next((name for name in _STEPS if name in names), None)
    if steps_name is None or len(set(names)) < len(names) or len(names) < 2:
        raise InvalidInput(
            "the first line must name the columns, all different: steps, then excess [and standard_error] or one "
            f"column for each replicate; it reads {', '.join(names)[:200]!r}"
        )
    values = np.array([_numbers(row, names, place) for (place, _), row in zip(lines[1:], rows[1:], strict=True)])
    columns: dict[str, Values] = dict(zip(names, values.T, strict=True))
    steps = columns.pop(steps_name)
    if "excess" not in columns:
        if "standard_error" in columns or "risk" in columns:
            raise InvalidInput("the column 'excess' is missing (risk less the irreducible part)")
        if len(columns) == 1:
            raise InvalidInput(f"the only column beside the steps is {next(iter(columns))!r}: call it 'excess'")
        return read_table((steps, np.array(list(columns.values()))))
    table = read_table((steps, columns["excess"]))
    spread = columns.get("standard_error")
    if spread is None:
        return table
    if not ((spread >= 0) & np.isfinite(spread)).all():
        raise InvalidInput("standard_error must be finite and not negative")
    return replace(table, standard_error=spread[steps > 0])


def _numbers(row: list[str], names: list[str], place: int) -> list[float]:
    if len(row) != len(names):
        raise InvalidInput(f"line {place} has {len(row)} values for {len(names)} columns")
    try:
        return [float(cell) for cell in row]
    except ValueError as error:
        raise InvalidInput(f"line {place} holds something that is not a number ({error})") from None
