"""The table in a text with separators: which separator and which decimal sign it has is seen from the text itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from riskcalc.errors import InvalidInput
from riskcalc.files.table import TextTable, is_number, listed_names

_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_POINT = re.compile(r"[+-]?\d*\.\d+(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SPACES = "spaces"
_LOOKED_AT = 50  # rows that tell the separator

Rows = list[tuple[int, list[str]]]


def table_of(text: str, *, comment: str | None = "#") -> TextTable:
    """The table in a text: a header line, as many cells in every row.

    The columns are separated by commas, semicolons, tabs, bars or spaces: by what gives every row as many cells as
    the header, the most of them. A comma inside a cell is a decimal comma where no other cell has a decimal
    point and not every one could group thousands.
    comment: lines that begin with it are passed over, as empty ones are; where no other line names the columns, the
        last of those before the numbers may.

    >>> table_of("step;loss\\n1;0,5\\n").numbers("loss")
    array([0.5])
    """
    separator, lines = _stated(text)
    if separator is None:
        separator = _separator(lines, comment)
    numbered = _rows(lines, separator, comment)
    if comment is not None and numbered and all(map(is_number, numbered[0][1])):
        numbered = _named_by_comment(lines, separator, comment, numbered) or numbered
    (_, names), *body = _checked(numbered)
    names, body = _columns(names, body)
    body, commas = _with_points(body)
    words = _SPACES if separator == " " else _SEPARATORS[separator]
    told = [] if words == "commas" else [f"columns separated by {words}"]
    return TextTable(
        names=tuple(names),
        rows=tuple(tuple(row) for _, row in body),
        lines=tuple(line for line, _ in body),
        told=(*told, *(["decimal commas"] if commas else [])),
        stated={} if comment is None else dict(_statements(lines, comment)),
    )


def _stated(text: str) -> tuple[str | None, list[str]]:
    """The separator that a first line `sep=;` states, as some spreadsheets write it; the lines."""
    lines = list(io.StringIO(text, newline=""))
    first = lines[0].strip().strip('"') if lines else ""
    if first.startswith("sep=") and first[4:] in _SEPARATORS:
        lines[0] = "\n"
        return first[4:], lines
    return None, lines


def _separator(lines: list[str], comment: str | None) -> str:
    best, most = ",", 1
    for candidate in (*_SEPARATORS, " "):
        try:
            seen = [row for _, row in islice(_cells(lines, candidate, comment), _LOOKED_AT)]
        except InvalidInput:
            continue
        if len(seen) > 1 and len(seen[0]) > most and len({len(row) for row in seen}) == 1:
            if candidate == " " and not all(is_number(cell) for row in seen[1:] for cell in row):
                continue
            best, most = candidate, len(seen[0])
    if most > 1:
        return best
    header = next(_cells(lines, ",", comment), (0, [""]))[1]  # no separator fits every row: the header's own
    if len(header) == 1:
        return next((letter for letter in _SEPARATORS if letter in header[0]), ",")
    return ","


def _rows(lines: list[str], separator: str, comment: str | None) -> Rows:
    return list(_cells(lines, separator, comment))


def _cells(lines: list[str], separator: str, comment: str | None) -> Iterator[tuple[int, list[str]]]:
    line = 0

    def kept() -> Iterator[str]:
        nonlocal line
        for line, content in enumerate(lines, start=1):  # noqa: B007
            if comment is None or not content.startswith(comment):
                yield " ".join(content.split()) + "\n" if separator == " " else content

    try:
        for row in csv.reader(kept(), delimiter=separator, skipinitialspace=True, strict=True):
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
    except csv.Error as error:
        raise InvalidInput(f"line {line} is not CSV ({error})") from None


def _named_by_comment(lines: list[str], separator: str, comment: str, numbered: Rows) -> Rows | None:
    """The rows under the names of the last comment before them, as numpy.savetxt and plotting programs write it."""
    first, cells = numbered[0]
    for content in reversed(lines[: first - 1]):
        if content.startswith(comment):
            said = content.lstrip(comment).strip()
            names = said.split() if separator == " " else [name.strip() for name in said.split(separator)]
            fits = len(names) == len(cells) and not any(map(is_number, names)) and len(names) > 1
            return [(first - 1, names), *numbered] if fits else None
    return None


def _statements(lines: list[str], comment: str) -> Iterator[tuple[str, str]]:
    for content in lines:
        name, colon, words = content.removeprefix(comment).partition(":")
        if colon and content.startswith(comment):
            yield name.strip(), words.strip()


def _checked(numbered: Rows) -> Rows:
    if not numbered:
        raise InvalidInput("a header line that names the columns is needed, and at least one line of values")
    (_, names), *body = numbered
    given = [name for name in names if name]
    if len(set(given)) < len(given) or all(map(is_number, names)):
        raise InvalidInput(
            f"the first line is the header and must name the columns, all different; it reads {listed_names(names)!r}"
        )
    if not body:
        raise InvalidInput(f"no line of values follows the header {listed_names(names)!r}: at least one is needed")
    for line, row in body:
        if len(row) == len(names) + 1 and not row[-1]:
            row.pop()
        if len(row) != len(names):
            hint = ""
            if len(row) > len(names) and all(map(is_number, row)):
                hint = ": decimal commas? Then separate the columns by semicolons"
            raise InvalidInput(f"line {line} has {len(row)} values for {len(names)} columns{hint}")
    return numbered


def _columns(names: list[str], body: Rows) -> tuple[list[str], Rows]:
    """Columns without a name get one, `unnamed` and their place; such a column without values is none."""
    kept = [place for place, name in enumerate(names) if name or any(row[place] for _, row in body)]
    return (
        [names[place] or f"unnamed {place + 1}" for place in kept],
        [(line, [row[place] for place in kept]) for line, row in body],
    )


def _with_points(body: Rows) -> tuple[Rows, bool]:
    """Decimal commas as points, where they can be nothing else; else everything as it is, for the reader to refuse."""
    commas = {cell for _, row in body for cell in row if "," in cell and _COMMA.fullmatch(cell)}
    if not commas or all(map(_THOUSANDS.fullmatch, commas)):
        return body, False
    if any("." in cell and _POINT.fullmatch(cell) is not None for _, row in body for cell in row):
        return body, False
    return [(line, [cell.replace(",", ".") if cell in commas else cell for cell in row]) for line, row in body], True
