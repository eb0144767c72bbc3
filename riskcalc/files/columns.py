"""The one reader of tables: what the file is, which encoding and which dialect, is found and told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from riskcalc.errors import InvalidInput
from riskcalc.files.dialect import table_of
from riskcalc.files.reading import read_encoded
from riskcalc.files.records import looks_like_json, records_of
from riskcalc.files.table import TextTable


def read_columns(path: str | Path, *, comment: str | None = "#") -> TextTable:
    """The table in a file, of JSON or with separators; call it inside `naming`."""
    text, encoding = read_encoded(path)
    table = table_in(text, encoding=encoding, comment=comment)
    if table is None:
        raise InvalidInput("its JSON is no table: a list of objects, one object a line, or columns are needed")
    return table


def table_in(text: str, *, encoding: str = "UTF-8", comment: str | None = "#") -> TextTable | None:
    """The table in a text; None where the text is JSON of another kind."""
    table = records_of(text) if looks_like_json(text) else table_of(text, comment=comment)
    if table is None or encoding == "UTF-8":
        return table
    return replace(table, told=(f"{encoding} text", *table.told))
