"""Which columns of a file are the curve: named, or recognised by a pattern; everything else is set aside by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from riskcalc.errors import InvalidInput
from riskcalc.files import TextTable, exported_metric, listed_names, plain_name
from riskcalc.files.logs import ERRORS, EXCESS, HELD_OUT, LOSSES, STEPS

_STEMS = ("", "run", "seed", "rep", "replicate", "repeat", "trial", "path", "sim", "simulation", *EXCESS, *LOSSES)
_NUMBERED = re.compile(r"(?P<stem>.*?)[ _.\-:#=]*\d+", re.DOTALL)
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


def curve_columns(
    table: TextTable, *, steps: str | None, column: str | None, replicates: Sequence[str] | None
) -> CurveColumns:
    """Find the curve in a table.

    steps: the column it runs along; column: the one with the curve; replicates: names or patterns such as run*.
    Without them: the steps are the one column that a word for them calls; replicates are columns
    that one word and a number call (run 1, seed_2, loss.1, 3), or one metric of several runs (NAME - loss); else the
    one column that a word for a loss calls.
    """
    along = steps if steps is not None else _steps_of(table)
    if along is None or len(table.names) < 2:
        raise InvalidInput(
            "the first line must name the columns: steps, then excess or loss [and standard_error], or one column for "
            f"each replicate; it reads {listed_names(table.names)!r}: rename them, or say which one holds the steps "
            "(--steps)"
        )
    table.texts(along)  # refuses what is no column
    rest = [name for name in table.names if name != along]
    if column is not None and replicates is not None:
        raise InvalidInput("one column is the curve, or several are its replicates: name one of the two")
    if replicates is not None:
        values = _matching(rest, replicates)
    elif column is not None:
        table.texts(column)  # refuses what is no column
        values = (column,)
    else:
        values = _recognised(table, rest)
    if along in values:
        raise InvalidInput(f"the column {along} holds the steps, and cannot be the curve too")
    error = table.called(ERRORS) if len(values) == 1 else None
    used = {along, error, *values}
    return CurveColumns(
        steps=along, values=values, error=error, aside=tuple(name for name in table.names if name not in used)
    )


def _steps_of(table: TextTable) -> str | None:
    try:
        return table.the_one_called(STEPS)
    except InvalidInput as error:
        raise InvalidInput(f"{error}, or name the one to go by (--steps)") from None


def _recognised(table: TextTable, rest: Sequence[str]) -> tuple[str, ...]:
    """The replicates or the curve, by their names alone."""
    families = [family for family in families_of(rest) if len(family) > 1]
    if len(families) > 1:
        shown = "; ".join(listed_names(family) for family in families)
        raise InvalidInput(f"several groups of columns could be the replicates ({shown}): name the one to be fitted")
    if families:
        return families[0]
    known = table.called(_VALUES)
    if known is not None:
        return (known,)
    alone = [name for (name,) in families_of(rest) if _NUMBERED.fullmatch(name)]
    if alone:
        raise InvalidInput(
            f"{listed_names(alone)} alone is no group of replicates: call one run 'loss', or name it "
            f"(--column {alone[0]})"
        )
    raise InvalidInput(
        f"none of the columns {listed_names(rest)} is known to be a curve or its replicates: call the curve 'excess' "
        "or 'loss', replicates run1, run2, ..., or say which columns they are (--column, --replicates)"
    )


def families_of(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Groups of columns that are replicates by their names; of one column too."""
    groups: dict[str, list[str]] = {}
    for name in names:
        metric, numbered = exported_metric(name), _NUMBERED.fullmatch(name)
        if metric is not None:
            key = f" - {plain_name(metric)}"
            if key.removeprefix(" - ") not in (*_VALUES, *STEPS):
                continue
        else:
            stem = numbered["stem"] if numbered is not None else name
            key = plain_name(stem) if stem.strip() else ""
            if key not in _STEMS:
                continue
        groups.setdefault(key, []).append(name)
    steps = {f" - {word}" for word in STEPS}
    return [tuple(group) for key, group in groups.items() if key not in steps]


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
