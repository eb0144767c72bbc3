"""Curves from files: what `RiskCurve.save` and `risk --json` write, and tables, logs of training runs among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from riskcalc.curve import RiskCurve, Warrant
from riskcalc.errors import InvalidInput
from riskcalc.files import TextTable, is_number, naming, plain_name, read_encoded, table_in
from riskcalc.files.logs import EXCESS
from riskcalc.fitting.columns import curve_columns
from riskcalc.fitting.table import Table, read_table
from riskcalc.quantity import Real, listed, optional

_KNOWN_TO = re.compile(r"known to (\S+) of the excess")


def load_table(
    path: str | Path, *, column: str | None = None, replicates: str | Sequence[str] | None = None
) -> Table:
    r"""Read a curve to be fitted.

    A RiskCurve, as `RiskCurve.save` and `riskcalc risk --json` write it; or any table with a column of steps: text
    with separators, JSON or JSON lines, exports of trackers, trainer_state.json. Its curve is the column `excess`
    or `loss` (`risk`, `train_loss`, ...), perhaps with `standard_error`; its replicates are columns called by a
    word and a number (run1, seed_2, ...). What else is there is set aside, and the fit says so.

    Rows in which the steps or the curve are empty are left out: logs have them.

    Parameters
    ----------
    path : str or Path
        The file.
    column : str or None, default None
        The column with the curve, where the names do not say it.
    replicates : str or sequence of str or None, default None
        Columns with whole runs (names, or patterns such as run*), where the names do not say it.

    Returns
    -------
    Table
        Steps, the curve, and its replicates, shape (runs, steps).

    Raises
    ------
    InvalidInput
        If the file is not there, too large, damaged, or not what it should hold; the message says where and what.

    Notes
    -----
    Valid: at least one column of steps and one of numbers.

    Source: D28, for what replicates are.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "curve.csv"
    >>> _ = path.write_text("step,loss\n1,3.0\n10,2.0\n100,1.5\n")
    >>> load_table(path).steps
    array([  1.,  10., 100.])
    """
    optional(column, str, "column", "the name of a column")
    named = None if replicates is None else _names(replicates)
    with naming("the curve file", path):
        text, encoding = read_encoded(path)
        return curve_in(text, table_in(text, encoding=encoding), column=column, replicates=named)


def curve_in(
    text: str, table: TextTable | None, *, column: str | None, replicates: str | Sequence[str] | None
) -> Table:
    """The curve in a text that was read, and in its table, where it is one."""
    if table is None:
        return read_table(RiskCurve.from_json(text))
    return curve_of(table, column=column, replicates=None if replicates is None else _names(replicates))


def curve_of(table: TextTable, *, column: str | None = None, replicates: Sequence[str] | None = None) -> Table:
    """The curve in a table that was read."""
    found = curve_columns(table, column=column, replicates=replicates)
    kept = table.filled(found.steps, *found.values)
    if not kept.rows:
        raise InvalidInput(f"no row has something in the columns {found.steps} and {found.values[0]}")
    steps = kept.numbers(found.steps)
    _check_one(kept, steps, found.steps, found.values)
    values = np.array([kept.numbers(name) for name in found.values])
    words = "; ".join((found.told(), *table.told))
    if len(values) > 1:
        return replace(read_table((steps, values), names=found.values), columns=words)
    curve = replace(read_table((steps, values[0])), columns=words, **_of_a_road(kept, found.values[0]))
    if found.error is None:
        return curve
    spread = kept.numbers(found.error)
    if not ((spread >= 0) & np.isfinite(spread)).all():
        raise InvalidInput(f"{found.error} must be finite and not negative")
    return replace(curve, standard_error=spread[steps > 0])


def _check_one(table: TextTable, steps: Real, along: str, values: Sequence[str]) -> None:
    """Refuse a table of several curves one below the other, and name the columns in which they differ."""
    starts = np.flatnonzero(np.diff(steps) < 0) + 1
    if not starts.size:
        return
    curves = np.split(np.arange(steps.size), starts)
    others = [name for name in table.names if name not in (along, *values)]
    told = {name: np.array(table.texts(name)) for name in others}
    alike = [name for name in others if all(len(set(told[name][rows])) == 1 for rows in curves)]
    differing = [name for name in alike if len(set(told[name])) > 1]
    if differing:
        raise InvalidInput(
            f"it holds {len(curves)} curves, which differ in {', '.join(differing)}: keep the rows of one of them"
        )


def _of_a_road(table: TextTable, column: str) -> dict[str, Any]:
    """What the table or CSV of `riskcalc risk` says of the excess: its floor, its error, whether it was computed."""
    warrant = table.said("warrant")
    if plain_name(column) not in EXCESS or table.said("claim") is None or warrant is None:
        return {}
    found: dict[str, Any] = {"computed": not warrant.startswith(Warrant.SAMPLED.value)}
    for name, source in (("limit", "limit of a constant step size"), ("approximation", "approximation of the curve")):
        value = (table.said(name) or "").partition(",")[0]
        if is_number(value):
            found |= {"floor": float(value), "floor_source": source}
            break
    error = table.said("error") or next(iter(_KNOWN_TO.findall(warrant)), "")
    return found | ({"error": float(error)} if is_number(error) else {})


def _names(replicates: object) -> list[str]:
    if isinstance(replicates, str):
        return [part.strip() for part in replicates.split(",") if part.strip()]
    return [str(name) for name in listed(replicates, "replicates", "names of columns, such as run1,run2 or run*")]
