"""How a schedule is written in one line, at the command line: its class says the name and what may follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from riskcalc.quantity.spelling import Spelling

Class = TypeVar("Class", bound=type)

SPELLINGS: dict[str, Spelling] = {}  # filled as the classes of the package are made


def spelled(
    name: str, *, bare: str = "", needs: str = "", letters: str = "", several: bool = False
) -> Callable[[Class], Class]:
    """Decorate a class of schedules: its name, and the parameters after it."""

    def enter(kind: Class) -> Class:
        SPELLINGS[name] = Spelling(
            name=name,
            kind=kind,
            flag="--schedule",
            bare=bare,
            needs=needs,
            letters=letters,
            several=several,
            elsewhere=("step_size",),
        )
        return kind

    return enter


def name_of(schedule: object) -> str:
    """The name a schedule is spelled by; that of its class where it has no spelling."""
    kind = type(schedule)
    return next((one.name for one in SPELLINGS.values() if one.kind is kind), kind.__name__.lower())
