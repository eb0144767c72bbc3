"""The table in JSON: records by line or in a list, columns by name, and what trackers of training runs export."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.files.table import TextTable

_TENSORBOARD = ("Wall time", "Step", "Value")  # the columns of its exports; its JSON leaves them out
_ROWS = ("data", "columns")  # where a split table keeps its rows and the names of their cells
_TRAINER = "log_history"  # where the state of the usual trainer keeps its log

Record = dict[str, Any]


def looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def records_of(text: str) -> TextTable | None:
    """The table in a JSON text; None where it is an object of another kind.

    A list of objects; one object a line; a list of lists of three numbers (TensorBoard's wall time, step, value); a
    list of numbers, the column `value`; an object of columns of one length; an object with a list `log_history`
    (trainer_state.json), or with its rows under `data`, as pandas writes with orient="split" or "table". A key that an
    object lacks is an empty cell; objects inside are written key/key.

    >>> records_of('{"step": 1, "loss": 2.5}\\n{"step": 2, "loss": 2.25}').numbers("loss")
    array([2.5 , 2.25])
    """
    told, found = "JSON", _parsed(text)
    if isinstance(found, _Lines):
        told, found = "JSON lines", list(found)
    if isinstance(found, dict):
        if _TRAINER in found:
            told, found = f"JSON, its {_TRAINER}", found[_TRAINER]
        else:
            columns = _columns(found)
            if columns is None:
                return None
            found = columns
    if not isinstance(found, list) or not found:
        raise InvalidInput("its JSON holds no records: a list of objects, or one object a line, is needed")
    return _table(found, told)


class _Lines(list[Any]):
    """Records that stand one a line."""


def _parsed(text: str) -> Any:
    try:
        return _loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(place, line) for place, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if len(lines) < 2 or not lines[0][1].rstrip().endswith("}"):
            raise InvalidInput(f"it is not valid JSON ({error})") from None
    records = _Lines()
    for place, line in lines:
        try:
            records.append(_loads(line))
        except (ValueError, RecursionError) as error:
            raise InvalidInput(f"line {place} is not valid JSON ({error})") from None
    return records


def _loads(text: str) -> Any:
    """Numbers stay text, as in any other table."""
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _columns(found: Record) -> list[Record] | None:
    """An object of lists, or of objects by index, as records; an object of rows; None where it is neither."""
    rows = _split(*map(found.get, _ROWS))
    if rows is not None:
        return rows
    if found and all(str(name).isdecimal() and isinstance(part, dict) for name, part in found.items()):
        return list(found.values())
    columns = [list(part.values()) if isinstance(part, dict) else part for part in found.values()]
    if not columns or not all(isinstance(column, list) and column for column in columns):
        return None
    if len({len(column) for column in columns}) > 1:
        return None
    return [dict(zip(found, row, strict=True)) for row in zip(*columns, strict=True)]


def _split(rows: Any, names: Any) -> list[Record] | None:
    """Rows of cells under names of their own, or rows that are records already; None where they are neither."""
    if not isinstance(rows, list) or not rows:
        return None
    if all(isinstance(row, dict) for row in rows):
        return list(rows)
    fits = isinstance(names, list) and all(isinstance(row, list) and len(row) == len(names) for row in rows)
    return [dict(zip(map(str, names), row, strict=True)) for row in rows] if fits else None


def _table(found: Sequence[Any], told: str) -> TextTable:
    records = []
    for place, one in enumerate(found, start=1):
        if isinstance(one, dict):
            records.append(_flat(one))
        elif isinstance(one, list) and len(one) == len(_TENSORBOARD):
            records.append(dict(zip(_TENSORBOARD, map(_cell, one), strict=True)))
        elif isinstance(one, str):
            records.append({"value": one})
        else:
            raise InvalidInput(f"record {place} of its JSON is no object of names and numbers")
    names = tuple(dict.fromkeys(name for record in records for name in record))
    if not names:
        raise InvalidInput("the objects of its JSON are empty")
    rows = tuple(tuple(record.get(name, "") for name in names) for record in records)
    return TextTable(names=names, rows=rows, lines=tuple(range(1, len(rows) + 1)), unit="record", told=(told,))


def _flat(record: Record, before: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict) and not before:
            cells |= _flat(value, f"{name}/")
        else:
            cells[before + name] = _cell(value)
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else json.dumps(value)
