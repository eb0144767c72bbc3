"""A schedule from a file: one step size a line, or the column of step sizes of a trainer's log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity import number
from riskcalc.schedule.custom import Custom

if TYPE_CHECKING:  # readers of files are loaded where a file is read
    from riskcalc.files import TextTable


def load_schedule(path: str | Path) -> Custom:
    """A custom schedule from a file.

    One step size a line; empty lines and `#` comments are skipped. Or any table with a column of step sizes (`lr`,
    `learning_rate`, `step_size`, `value`) and perhaps one of steps: separated, JSON, JSON lines, a list of numbers, an
    export of TensorBoard, or trainer_state.json. Every step must be there, once: what a schedule does between two
    recorded steps a file does not say.
    """
    from riskcalc.files import naming, read_encoded, table_in

    with naming("the schedule file", path):
        text, encoding = read_encoded(path)
        values = list(_values(text))
        if not values or _is_size(values[0][1]):
            return Custom([_step_size(value, place) for place, value in values])
        table = table_in(text, encoding=encoding)
        if table is None:
            raise InvalidInput("its JSON is no list of step sizes and no table with a column lr")
        return _of_table(table)


def _of_table(table: TextTable) -> Custom:
    from riskcalc.files import listed_names
    from riskcalc.files.logs import STEP_SIZES, STEPS, UNNAMED

    name = table.the_one_called(STEP_SIZES) or table.called(UNNAMED)
    if name is None:
        raise InvalidInput(
            "no column holds step sizes: call it lr, learning_rate or step_size; the columns are "
            f"{listed_names(table.names)}"
        )
    steps_name = table.the_one_called(STEPS)
    if steps_name is None:
        return Custom(table.filled(name).numbers(name))
    kept = table.filled(name, steps_name)
    steps = kept.numbers(steps_name)
    wrong = np.flatnonzero(np.diff(steps) != 1)
    if wrong.size or (steps.size and steps[0] not in (0, 1)):
        before, after = (0.0, steps[0]) if not wrong.size else steps[wrong[0] : wrong[0] + 2]
        raise InvalidInput(
            f"step {after:.17g} follows step {before:.17g}, but every step is needed once: what the step size is in "
            "between the file does not say. Record every step, or name the schedule, such as cosine"
        )
    return Custom(kept.numbers(name))


def _values(text: str) -> Iterator[tuple[int, str]]:
    for place, line in enumerate(text.splitlines(), start=1):
        value = line.partition("#")[0].strip()
        if value:
            yield place, value


def _is_size(text: str) -> bool:
    """Whether the first line is a step size, or meant as one, and no header."""
    from riskcalc.files import is_number

    if is_number(text) or text[:1] in ("{", "["):
        return is_number(text)
    return not any(map(str.isalpha, text))


def _step_size(text: str, line: int) -> float:
    try:
        if text.isascii():
            return float(number(text, "step size"))
    except ValueError:
        pass
    hint = " and decimal points" if "," in text else ""
    raise InvalidInput(
        f"line {line}: {text[:80]!r} is not a step size: write one number a line, in ASCII digits{hint}"
    )
