"""Tables as text: a line of column names, then rows; every refusal names the line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_SHOWN = 80  # letters of the user's text in a message


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """names: of the columns, all different. rows: of cells, as many as there are names; lines: where they stand."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]

    def texts(self, name: str) -> list[str]:
        """The cells of a column as they stand, spaces around them apart."""
        place = self._place(name)
        return [row[place] for row in self.rows]

    def numbers(self, name: str) -> Real:
        """A column of numbers.

        Valid: ASCII digits, a point for the fraction; nan and inf are numbers here, and the reader's to refuse.
        """
        cells = self.texts(name)
        for cell, line in zip(cells, self.lines, strict=True):
            if not is_number(cell):
                raise InvalidInput(f"line {line}: {cell[:_SHOWN]!r} in column {name} is no number{_hint(cell)}")
        return np.array([float(cell) for cell in cells], dtype=np.float64)

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise InvalidInput(f"there is no column {name!r}: the columns are {_listed(self.names)}")
        return self.names.index(name)


def table_of(text: str, *, comment: str | None = "#") -> TextTable:
    """The table in the text of a CSV file: commas, a header line, as many cells in every row.

    comment: lines that begin with it are passed over, as empty ones are.

    >>> table_of("steps, excess\\n1, 0.5\\n").numbers("excess")
    array([0.5])
    """
    numbered = list(_rows(text, comment))
    if not numbered:
        raise InvalidInput("a header line that names the columns is needed, and at least one line of values")
    (_, names), *body = numbered
    if len(names) == 1:
        other = next((word for letter, word in _SEPARATORS.items() if letter in names[0]), None)
        if other is not None:
            raise InvalidInput(f"its columns are separated by {other}: separate them by commas")
    if len(set(names)) < len(names) or all(map(is_number, names)):
        raise InvalidInput(
            f"the first line is the header and must name the columns, all different; it reads {_listed(names)!r}"
        )
    if not body:
        raise InvalidInput(f"no line of values follows the header {_listed(names)!r}: at least one is needed")
    for line, row in body:
        if len(row) != len(names):
            raise InvalidInput(f"line {line} has {len(row)} values for {len(names)} columns")
    return TextTable(
        names=tuple(names), rows=tuple(tuple(row) for _, row in body), lines=tuple(line for line, _ in body)
    )


def is_number(cell: str) -> bool:
    """Whether a cell is the decimal text of a float.

    >>> is_number("1e-3"), is_number("1_000"), is_number("1,5")
    (True, False, False)
    """
    return _NUMBER.fullmatch(cell.strip()) is not None


def _rows(text: str, comment: str | None) -> Iterator[tuple[int, list[str]]]:
    line = 0

    def kept() -> Iterator[str]:
        nonlocal line
        for line, content in enumerate(io.StringIO(text, newline=""), start=1):  # noqa: B007
            if comment is None or not content.startswith(comment):
                yield content

    try:
        for row in csv.reader(kept(), skipinitialspace=True, strict=True):
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
    except csv.Error as error:
        raise InvalidInput(f"line {line} is not CSV ({error})") from None


def _hint(cell: str) -> str:
    """What probably went wrong with a cell that is no number."""
    if re.search(r"[^\W\d_]", cell) is None and not cell.isascii():
        return ": write ASCII digits"
    return ": leave the underscores out" if is_number(cell.replace("_", "")) else ""


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:12])[: 2 * _SHOWN]
    return shown + (f", ... ({len(names)})" if len(names) > 12 else "")
