"""Which columns of a file are the curve: named, or recognised by a pattern; everything else is set aside by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from riskcalc.errors import InvalidInput
from riskcalc.files import TextTable, listed_names, plain_name
from riskcalc.files.logs import ERRORS, EXCESS, HELD_OUT, LOSSES, STEPS

_STEMS = ("", "run", "seed", "rep", "replicate", "repeat", "trial", "path", "sim", "simulation", *EXCESS, *LOSSES)
_NUMBERED = re.compile(r"(?P<stem>.*?)[ _.\-:#=]*\d+", re.DOTALL)
_EXPORTED = re.compile(r"(?P<run>.+) - (?P<metric>.+?)", re.DOTALL)
_ENVELOPE = re.compile(r"__(min|max)$", re.IGNORECASE)  # what trackers put beside a curve that they thinned out
_VALUES = (*EXCESS, *LOSSES, "value", "mean", "mean_loss", *HELD_OUT)


@dataclass(frozen=True, kw_only=True)
class CurveColumns:
    """steps, values: names of columns, several values being replicates. error: of their standard error, if any.

    aside: the columns that are not used.
    """

    steps: str
    values: tuple[str, ...]
    error: str | None
    aside: tuple[str, ...]

    def told(self) -> str:
        """What is used and what is not, in words."""
        one = len(self.values) == 1
        used = self.values[0] if one else f"{len(self.values)} replicates ({listed_names(self.values)})"
        words = f"{used} by {self.steps}" + (f", standard errors {self.error}" if self.error is not None else "")
        return words + (f"; set aside: {listed_names(self.aside)}" if self.aside else "")


def curve_columns(table: TextTable, *, column: str | None, replicates: Sequence[str] | None) -> CurveColumns:
    """Find the curve in a table.

    column: the one with the curve; replicates: names or patterns such as run*. Without them: replicates are columns
    that one word and a number call (run 1, seed_2, loss.1, 3), or one metric of several runs (NAME - loss); else the
    one column that a word for a loss calls.
    """
    steps = table.called(STEPS) or _exported(table.names, STEPS)
    if steps is None or len(table.names) < 2:
        raise InvalidInput(
            "the first line must name the columns: steps, then excess or loss [and standard_error], or one column for "
            f"each replicate; it reads {listed_names(table.names)!r}"
        )
    rest = [name for name in table.names if name != steps]
    if column is not None and replicates is not None:
        raise InvalidInput("one column is the curve, or several are its replicates: name one of the two")
    if replicates is not None:
        values = _matching(rest, replicates)
    elif column is not None:
        table.texts(column)  # refuses what is no column
        values = (column,)
    else:
        values = _recognised(table, rest)
    error = table.called(ERRORS) if len(values) == 1 else None
    used = {steps, error, *values}
    return CurveColumns(
        steps=steps, values=values, error=error, aside=tuple(name for name in table.names if name not in used)
    )


def _recognised(table: TextTable, rest: Sequence[str]) -> tuple[str, ...]:
    """The replicates or the curve, by their names alone."""
    families = _families(rest)
    if len(families) > 1:
        shown = "; ".join(listed_names(family) for family in families)
        raise InvalidInput(f"several groups of columns could be the replicates ({shown}): name the one to be fitted")
    if families:
        return families[0]
    known = table.called(_VALUES) or _exported(rest, _VALUES)
    if known is not None:
        return (known,)
    raise InvalidInput(
        f"none of the columns {listed_names(rest)} is known to be a curve or its replicates: call the curve 'excess' "
        "or 'loss', replicates run1, run2, ..., or say which columns they are (--column, --replicates)"
    )


def _families(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Groups of two or more columns that are replicates by their names."""
    groups: dict[str, list[str]] = {}
    for name in names:
        if _ENVELOPE.search(name):
            continue
        exported, numbered = _EXPORTED.fullmatch(name), _NUMBERED.fullmatch(name)
        if exported is not None:
            key = f" - {plain_name(exported['metric'])}"
            if key.removeprefix(" - ") not in (*_VALUES, *STEPS):
                continue
        else:
            stem = numbered["stem"] if numbered is not None else name
            key = plain_name(stem) if stem.strip() else ""
            if key not in _STEMS:
                continue
        groups.setdefault(key, []).append(name)
    steps = {f" - {word}" for word in STEPS}
    return [tuple(group) for key, group in groups.items() if len(group) > 1 and key not in steps]


def _exported(names: Sequence[str], words: Sequence[str]) -> str | None:
    """The one column of a tracker's export whose metric is called by one of the words."""
    found = [
        name
        for name in names
        if not _ENVELOPE.search(name) and (part := _EXPORTED.fullmatch(name)) and plain_name(part["metric"]) in words
    ]
    return found[0] if len(found) == 1 else None


def _matching(names: Sequence[str], patterns: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for pattern in patterns:
        hits = [name for name in names if name == pattern or fnmatchcase(name, pattern)]
        if not hits:
            raise InvalidInput(f"no column is called {pattern!r}: the columns are {listed_names(names)}")
        found |= dict.fromkeys(hits)
    if len(found) < 2:
        named = f"only {next(iter(found))!r}" if found else "none"
        raise InvalidInput(f"replicates are several columns, but {named} is named")
    return tuple(found)
