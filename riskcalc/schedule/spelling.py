"""How a schedule is written in one line: its class says the name and what may follow it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from riskcalc.quantity import plain
from riskcalc.quantity.spelling import Spelling

if TYPE_CHECKING:
    from riskcalc.schedule.schedule import Schedule

Class = TypeVar("Class", bound=type)


def spelled_out(name: str, settings: Mapping[str, Any]) -> str:
    """Name and parameters of a schedule, as it describes itself, in the spelling that is read; defaults are left out.

    >>> spelled_out("multistep", {"milestones": ["1/2", "3/4"], "factor": "1/10"})
    'multistep:1/2,3/4'
    """
    spelling = SPELLINGS.get(name)
    bare = spelling.bare if spelling is not None else ""
    first = settings.get(bare, [])
    defaults = {} if spelling is None else _defaults(spelling.kind)
    words = [str(value) for value in (first if isinstance(first, list) else [first])]
    words += [
        f"{key}={value}"
        for key, value in settings.items()
        if key != bare and not isinstance(value, list) and str(value) != defaults.get(key)
    ]
    return f"{name}:{','.join(words)}" if words else name


def _defaults(kind: type) -> dict[str, str]:
    """What each parameter is where it is not given, as descriptions tell it."""
    told: dict[str, Any] = {field.name: field.default for field in dataclasses.fields(kind)}
    known = {name: value for name, value in told.items() if value is not dataclasses.MISSING and value is not None}
    return {name: value if isinstance(value, str) else plain(value) for name, value in known.items()}


SPELLINGS: dict[str, Spelling] = {}  # filled as the classes of the package are made


def spelled(
    name: str, *, bare: str = "", needs: str = "", letters: str = "", several: bool = False
) -> Callable[[Class], Class]:
    """Decorate a class of schedules: its name, and the parameters after it."""

    def enter(kind: Class) -> Class:
        SPELLINGS[name] = Spelling(
            name=name,
            kind=kind,
            bare=bare,
            needs=needs,
            letters=letters,
            several=several,
            elsewhere=("step_size",),
        )
        return kind

    return enter


def name_of(schedule: Schedule) -> str:
    """The name of a schedule: what it says itself, or what its class is spelled by."""
    name = getattr(schedule, "name", None)
    return name if isinstance(name, str) else spelled_name(type(schedule))


def spelled_name(kind: type) -> str:
    """The name a class of schedules is spelled by; its own where it has no spelling."""
    return next((one.name for one in SPELLINGS.values() if one.kind is kind), kind.__name__.lower())
