"""A grid file: the options of `riskcalc risk` as keys of a TOML file, with lists for what is varied."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

import click

from riskcalc.cli.method_flags import method_flags, read_method
from riskcalc.cli.missing import check_given
from riskcalc.cli.outputs_flags import with_outputs
from riskcalc.cli.problem_flags import Flags, read_problem
from riskcalc.cli.run_flags import order_of, run_flags
from riskcalc.curve.averaging_words import read_averaging
from riskcalc.curve.steps import steps_in_words
from riskcalc.errors import InvalidInput
from riskcalc.files import naming, read_text
from riskcalc.optimiser import read_optimiser
from riskcalc.quantity import shown
from riskcalc.quantity.words import nearest
from riskcalc.schedule import Schedule, load_schedule, schedule_of, warmed_up
from riskcalc.sweeping.grid import AXES, Grid, grid

_KEY = re.compile(r"\s*\[?\s*[\"']?([A-Za-z0-9_-]+)[\"']?\s*[=.\]]")
_NUMBERS = ("model_size", "step_size", "batch_size", "noise")
_WORD = re.compile(r"^\w+")  # what a message begins with, which may be a key
_LINE = re.compile(r"line (\d+)")
_FLAG = re.compile(r"--([a-z][a-z-]*)")


@click.command("grid")
@run_flags
@method_flags
def _options(**flags: str | None) -> None:
    """The options of a run and of a road, as click knows them."""


_KNOWN = tuple(str(parameter.name) for parameter in _options.params)


@dataclass(frozen=True, kw_only=True)
class _File:
    """values: of each key, lists as lists, all as text. lines: where the keys stand."""

    values: dict[str, str | list[str]]
    lines: dict[str, int]

    @contextmanager
    def at(self, key: str) -> Iterator[None]:
        """Errors name the line and the key."""
        try:
            yield
        except InvalidInput as error:
            raise InvalidInput(f"line {self.lines[key]}, {key}: {error}") from None

    def first(self, key: str) -> str:
        value = self.values[key]
        return value[0] if isinstance(value, list) else value

    def each(self, key: str, read: Callable[[str], Any]) -> Any:
        """What is varied, read entry by entry."""
        value = self.values[key]
        with self.at(key):
            return [read(entry) for entry in value] if isinstance(value, list) else read(value)


def read_grid(path: str) -> Grid:
    """The grid in a file. Numbers are read exactly: 0.3 is 3/10; errors name the line and the key."""
    with naming("the grid file", path):
        file = _parsed(read_text(path))
        flags = _flags(file)
        with _naming_lines(file):
            return _grid(file, flags)


def _grid(file: _File, flags: Flags) -> Grid:
    check_given(flags, "model_size", "steps", sized=True)
    varied: dict[str, Any] = {name: file.values[name] for name in _NUMBERS if name in file.values}
    if "optimiser" in file.values:
        varied["optimiser"] = file.each("optimiser", read_optimiser)
    return grid(
        with_outputs(read_problem({**flags, "noise": "0"}), flags),
        schedule=_schedules(file, flags),
        steps=steps_in_words(str(flags["steps"]), asked="steps"),
        horizon=flags["horizon"],
        averaging=read_averaging(str(flags["average"]), asked="--average"),
        data=order_of(flags),
        method=read_method(flags),
        **varied,
    )


def _schedules(file: _File, flags: Flags) -> Any:
    warmup, sized = flags["warmup"], "step_size" in file.values

    def read(word: str) -> Schedule | str:
        if os.path.isfile(word):
            return warmed_up(load_schedule(word), text=warmup)
        made = schedule_of(word, step_size=Fraction(1))  # the axis of step sizes gives it its own
        if not sized:
            raise InvalidInput(f"step_size is missing: the schedule {word!r} needs it")
        return word if warmup is None else warmed_up(made, text=warmup)

    return file.each("schedule", read) if "schedule" in file.values else read(str(flags["schedule"]))


def _flags(file: _File) -> dict[str, str | None]:
    """The file as the command line would read it, of every list the first entry."""
    arguments = [f"--{key.replace('_', '-')}={file.first(key)}" for key in file.values]
    try:
        context = _options.make_context("grid", arguments)
    except click.BadParameter as error:
        key = str(error.param.name if error.param else "")
        raise InvalidInput(f"line {file.lines[key]}, {key}: {error.message}") from None
    return dict(context.params)


@contextmanager
def _naming_lines(file: _File) -> Iterator[None]:
    """What an option refuses is named by its line, and by its key."""
    try:
        yield
    except InvalidInput as error:
        said = _FLAG.sub(lambda found: found[1].replace("-", "_"), str(error))
        named = [flag.replace("-", "_") for flag in _FLAG.findall(str(error))]
        line = next((file.lines[key] for key in [*named, *_WORD.findall(said)] if key in file.lines), None)
        place = "" if line is None or said.startswith("line ") else f"line {line}: "
        raise InvalidInput(f"{place}{said}") from None


def _parsed(text: str) -> _File:
    try:
        table = tomllib.loads(text, parse_float=str)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"it is not TOML: {error}{_line_of(str(error), text)}") from None
    lines: dict[str, int] = {}
    for count, content in enumerate(text.splitlines(), start=1):
        found = _KEY.match(content)
        if found:
            lines.setdefault(found[1], count)
    values = {}
    for written, value in table.items():
        key, line = written.replace("-", "_"), lines.get(written, 1)
        lines[key] = line
        if key not in _KNOWN:
            raise InvalidInput(f"line {line}: there is no key {written!r}{nearest(key, _KNOWN)}; known are {_known()}")
        values[key] = _value(value, key, line)
    return _File(values=values, lines=lines)


def _line_of(message: str, text: str) -> str:
    """The line that a message of the reader of TOML names, where it names one."""
    place = _LINE.search(message)
    lines = text.splitlines()
    if place is None or int(place[1]) > len(lines):
        return ""
    return f": {shown(lines[int(place[1]) - 1].strip())}; text stands in quotes, and every key once"


def _value(value: object, key: str, line: int) -> str | list[str]:
    if not isinstance(value, list):
        return _entry(value, key, line)
    if key == "steps":
        return ",".join(_entry(entry, key, line) for entry in value)
    if key not in AXES:
        raise InvalidInput(f"line {line}: {key} takes one value; lists are for {', '.join(AXES)}, and for steps")
    if not value:
        raise InvalidInput(f"line {line}: {key} is an empty list: give at least one value")
    return [_entry(entry, key, line) for entry in value]


def _entry(value: object, key: str, line: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        _refuse(value, key, line)
    return str(value)


def _refuse(value: object, key: str, line: int) -> NoReturn:
    if isinstance(value, dict):
        raise InvalidInput(f"line {line}: {key} is a table: a grid file has none, write the keys one below the other")
    raise InvalidInput(f"line {line}: {key} must be a number or text, not {shown(value)}")


def _known() -> str:
    return ", ".join(_KNOWN)
