"""Tables as text: a line of column names, then rows; every refusal names the line and the column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}([,.' ]\d{3})+([.,]\d*)?", re.ASCII)
_UNIT = re.compile(r"[(\[](?P<unit>[^)\]]*)[)\]]$")
_SHORT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+) ?(k|m|mm|g|b|bn|t)", re.ASCII | re.IGNORECASE)  # 70M, 1.4T
_APART = re.compile(r"[\W_]+")
_EXPORTED = re.compile(r"(?P<run>.+) - (?P<metric>.+?)", re.DOTALL)  # a tracker's column: its run before its metric
_ENVELOPE = re.compile(r"__(min|max)$", re.IGNORECASE)  # what trackers put beside a curve that they thinned out
_ABSENT = ("", "-", "--", "n/a", "na", "none", "null", "no log")  # nothing was measured, by cells of logs
_SHOWN = 80  # letters of the user's text in a message


@dataclass(frozen=True, kw_only=True)
class TextTable:
    """names: of the columns, all different. rows: of cells, as many as there are names; lines: where they stand.

    unit: what `lines` counts, lines of a text or records of JSON. told: how the file was read, where that is not by
    commas, decimal points and UTF-8. stated: what comments above the columns say, as `name: words`.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    unit: str = "line"
    told: tuple[str, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """The cells of a column as they stand, spaces around them apart."""
        place = self._place(name)
        return [row[place] for row in self.rows]

    def numbers(self, name: str) -> Real:
        """A column of numbers.

        Valid: ASCII digits; nan and inf are numbers here, and the reader's to refuse.
        """
        cells = self.texts(name)
        for cell, line in zip(cells, self.lines, strict=True):
            if not is_number(cell):
                raise InvalidInput(f"{self.unit} {line}: {_no_number(cell, name)}")
        return np.array([float(cell) for cell in cells], dtype=np.float64)

    def said(self, name: str) -> str | None:
        """What holds for all rows: stated above them, or the same in every cell of a column of that name."""
        if name in self.names:
            cells = set(self.texts(name))
            return cells.pop() if len(cells) == 1 else None
        return self.stated.get(name)

    def filled(self, *names: str) -> TextTable:
        """The rows that have something in each of these columns: logs leave cells empty, or say so in words."""
        places = [self._place(name) for name in names]
        there = (all(row[column].casefold() not in _ABSENT for column in places) for row in self.rows)
        return self._kept([place for place, kept in enumerate(there) if kept])

    def having(self, name: str, cell: str) -> TextTable:
        """The rows with this text, or this number, in a column."""
        value = float(cell) if is_number(cell) else None

        def same(found: str) -> bool:
            return found == cell or (value is not None and is_number(found) and float(found) == value)

        return self._kept([place for place, found in enumerate(self.texts(name)) if same(found)])

    def _kept(self, places: Sequence[int]) -> TextTable:
        rows, lines = tuple(self.rows[place] for place in places), tuple(self.lines[place] for place in places)
        return replace(self, rows=rows, lines=lines)

    def called(self, words: Sequence[str]) -> str | None:
        """The first column, in the order of the words, that is called by one of them; None where there is none.

        Capitals, spaces, underscores, a plural and a unit in brackets make no difference. Where no column is, the one
        whose metric is: trackers put their run before it.

        >>> table = TextTable(names=("Wall time", "Steps", "red-1 - train/loss"), rows=(), lines=())
        >>> table.called(["step", "wall_time"]), table.called(["loss", "train_loss"])
        ('Steps', 'red-1 - train/loss')
        """
        plain: dict[str, str] = {}
        for name in self.names:
            plain.setdefault(plain_name(name), name)
        exported = [name for name in self.names if (metric := exported_metric(name)) and plain_name(metric) in words]
        alone = exported[0] if len(exported) == 1 else None
        return next((plain[word] for word in words if word in plain), alone)

    def the_one_called(self, words: Sequence[str]) -> str | None:
        """The same where one column alone can be meant: two that differ are refused.

        Trackers count their own steps beside those of the training.
        """
        found = self.called(words)
        if found is None:
            return None
        for name in self.names:
            if name == found or plain_name(name) not in words:
                continue
            both = self.filled(found, name)
            if both.rows and not np.array_equal(both.numbers(found), both.numbers(name)):
                raise InvalidInput(
                    f"the columns {found} and {name} could both be meant, and they differ: leave one of them out"
                )
        return found

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise InvalidInput(f"there is no column {name!r}: the columns are {listed_names(self.names)}")
        return self.names.index(name)


def plain_name(name: str) -> str:
    """A column's name for comparisons: small letters, words joined by underscores, no plural and no unit.

    >>> plain_name("Train/Losses (nats)"), plain_name("_step"), plain_name("Wall time")
    ('train_loss', 'step', 'wall_time')
    """
    words = _APART.sub("_", _UNIT.sub("", name.strip()).casefold()).strip("_")
    if words.endswith("losses"):
        return words[:-2]
    return words[:-1] if len(words) > 2 and words.endswith("s") and not words.endswith("ss") else words


def unit_of(name: str) -> str | None:
    """The unit in brackets at the end of a column's name; None where there is none.

    >>> unit_of("compute (PF-days)"), unit_of("compute")
    ('PF-days', None)
    """
    found = _UNIT.search(name.strip())
    return None if found is None else found["unit"]


def exported_metric(name: str) -> str | None:
    """The metric in a column's name of a tracker's export, `RUN - METRIC`; None where there is none.

    >>> exported_metric("red-1 - train/loss"), exported_metric("red-1 - train/loss__MIN")
    ('train/loss', None)
    """
    found = None if _ENVELOPE.search(name) else _EXPORTED.fullmatch(name)
    return None if found is None else found["metric"]


def is_number(cell: str) -> bool:
    """Whether a cell is the decimal text of a float.

    >>> is_number("1e-3"), is_number("1_000"), is_number("1,5")
    (True, False, False)
    """
    return _NUMBER.fullmatch(cell.strip()) is not None


def listed_names(names: Sequence[str]) -> str:
    """The first of the names, for a message."""
    shown = ", ".join(names[:12])[: 2 * _SHOWN]
    return shown + (f", ... ({len(names)})" if len(names) > 12 else "")


def _no_number(cell: str, name: str) -> str:
    """What is wrong with a cell, and what would mend it."""
    if not cell:
        return f"the cell in column {name} is empty: fill it, or leave the row out"
    hint = ""
    if re.search(r"[^\W\d_]", cell) is None and not cell.isascii():
        hint = ": write ASCII digits"
    elif is_number(cell.replace("_", "")):
        hint = ": leave the underscores out"
    elif _SHORT.fullmatch(cell):
        hint = ": write the number out, such as 7e7 for 70M"
    elif _GROUPED.fullmatch(cell):
        hint = ": thousands, or a fraction? Leave the grouping out and write a decimal point"
    elif is_number(cell.replace(",", ".", 1)):
        hint = ": other cells have decimal points; write this one with a point too"
    return f"{cell[:_SHOWN]!r} in column {name} is no number{hint}"
