"""Curves from files: what `RiskCurve.save` and `risk --json` write, and CSV tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from riskcalc.curve import RiskCurve
from riskcalc.errors import InvalidInput
from riskcalc.files import TextTable, naming, read_text, table_of
from riskcalc.fitting.table import Table, read_table
from riskcalc.quantity import Real, file_path

_STEPS = ("steps", "step", "t")


def load_table(path: str | Path) -> Table:
    """Read a curve to be fitted.

    .json: a RiskCurve, as `RiskCurve.save` and `riskcalc risk --json` write it. Anything else: CSV with a header line;
    the columns are `steps` (or `step`, `t`), `excess` and, if known, `standard_error`; or `steps` and one column for
    each replicate, under any other names. Lines that begin with # are passed over.
    """
    with naming("the curve file", path):
        text = read_text(path)
        if file_path(path, "path").suffix.lower() == ".json" or text.lstrip().startswith("{"):
            return read_table(RiskCurve.from_json(text))
        return _curve_of(table_of(text))


def _curve_of(table: TextTable) -> Table:
    steps_name = next((name for name in _STEPS if name in table.names), None)
    if steps_name is None or len(table.names) < 2:
        raise InvalidInput(
            "the first line must name the columns: steps, then excess [and standard_error] or one column for each "
            f"replicate; it reads {', '.join(table.names)[:200]!r}"
        )
    columns: dict[str, Real] = {name: table.numbers(name) for name in table.names}
    steps = columns.pop(steps_name)
    if "excess" not in columns:
        if "standard_error" in columns or "risk" in columns:
            raise InvalidInput("the column 'excess' is missing (risk less the irreducible part)")
        if len(columns) == 1:
            raise InvalidInput(f"the only column beside the steps is {next(iter(columns))!r}: call it 'excess'")
        return read_table((steps, np.array(list(columns.values()))))
    found = read_table((steps, columns["excess"]))
    spread = columns.get("standard_error")
    if spread is None:
        return found
    if not ((spread >= 0) & np.isfinite(spread)).all():
        raise InvalidInput("standard_error must be finite and not negative")
    return replace(found, standard_error=spread[steps > 0])
