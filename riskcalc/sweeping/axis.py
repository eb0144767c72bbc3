"""One axis of a grid: what is varied, exactly as it was given, and the labels by which it is found again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SPELLINGS as OPTIMISERS, Optimiser
from riskcalc.quantity import Number, is_several, listed, number, plain, shown
from riskcalc.quantity.spelling import spelled_value
from riskcalc.schedule import SPELLINGS as SCHEDULES, Schedule, Warmup

_MOST = 2**63  # a 64-bit coordinate


@dataclass(frozen=True, kw_only=True)
class Axis:
    """values: as a run takes them. labels: as text that reads back. coordinate: the labels of the Dataset, numbers
    where the values are. listed: whether a list was given; a single value is a coordinate without a dimension.
    """

    name: str
    values: tuple[Any, ...]
    labels: tuple[str, ...]
    coordinate: tuple[Any, ...]
    listed: bool

    def __len__(self) -> int:
        return len(self.values)


def number_axis(name: str, given: object, read: Callable[[object], Number] | None = None) -> Axis:
    """An axis of numbers; whole ones have a whole coordinate.

    >>> number_axis("model_size", ["1e3", 10]).coordinate
    (1000, 10)
    """
    entries, several = _entries(name, given)
    values: tuple[Number, ...] = tuple(map(partial(number, name=name) if read is None else read, entries))
    counts = name in ("model_size", "batch_size")
    whole = counts and all(value == int(value) and value < _MOST for value in values)
    coordinate = tuple(int(value) if whole else float(value) for value in values)
    twice = [label for label, times in Counter(coordinate).items() if times > 1]
    if twice:
        raise _repeated(name, twice[0])
    return Axis(
        name=name, values=values, labels=tuple(map(plain, values)), coordinate=coordinate, listed=several
    )


def schedule_axis(given: object, read: Callable[[object], Schedule]) -> Axis:
    """An axis of schedules, by the words they were given in or are spelled by; by their step sizes too where several
    are spelled alike.
    """
    entries, several = _entries("schedule", given)
    values = tuple(map(read, entries))
    names = [one.strip() if isinstance(one, str) else _spelled(one) for one in entries]
    alike = Counter(names)
    sizes = [getattr(one, "step_size", None) for one in values]
    told = [
        f"{name} at {plain(size)}" if alike[name] > 1 and size is not None else name
        for name, size in zip(names, sizes, strict=True)
    ]
    _all_different("schedule", values, names)
    return _of_names("schedule", values, told, several)


def optimiser_axis(given: object, read: Callable[[object], Optimiser]) -> Axis:
    """An axis of optimisers, by their spelled names."""
    entries, several = _entries("optimiser", given)
    values = tuple(map(read, entries))
    names = [_spelled(one) for one in values]
    _all_different("optimiser", values, names)
    return _of_names("optimiser", values, names, several)


def _of_names(name: str, values: tuple[Any, ...], names: Sequence[str], several: bool) -> Axis:
    alike, seen = Counter(names), Counter[str]()
    labels = []
    for one in names:  # what has no shorter name, such as lists of step sizes
        seen[one] += 1
        labels.append(f"{one} ({seen[one]})" if alike[one] > 1 else one)
    return Axis(name=name, values=values, labels=tuple(labels), coordinate=tuple(labels), listed=several)


def _entries(name: str, given: object) -> tuple[tuple[Any, ...], bool]:
    several = is_several(given)
    entries = listed(given, name, "a value or a list of values") if several else (given,)
    if not entries:
        raise InvalidInput(f"{name} is an empty list: give at least one value")
    return entries, several


def _all_different(name: str, values: tuple[Any, ...], names: Sequence[str]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise _repeated(name, names[place])


def _repeated(name: str, label: object) -> InvalidInput:
    return InvalidInput(f"{name} has {shown(label)} more than once: give every value of an axis once")


def _spelled(value: Any) -> str:
    if isinstance(value, Warmup):
        length = value.fraction if value.steps is None else value.steps
        start = f",start={plain(value.start)}" if value.start else ""
        return f"{_spelled(value.schedule)} after warm-up {length}{start}"
    known = spelled_value(value, {**SCHEDULES, **OPTIMISERS})
    return str(value.describe().get("name", type(value).__name__.lower())) if known is None else known
