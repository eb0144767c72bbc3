"""How a schedule is written in one line, at the command line: its class says the name and what may follow it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number
from riskcalc.quantity.spelling import Spelling
from riskcalc.quantity.words import meant

if TYPE_CHECKING:
    from riskcalc.schedule.schedule import Schedule

Class = TypeVar("Class", bound=type)


def spelled_out(name: str, settings: Mapping[str, Any]) -> str:
    """Name and parameters of a schedule, as it describes itself, in the spelling the command line reads.

    >>> spelled_out("multistep", {"milestones": ["1/2", "3/4"], "factor": "1/10"})
    'multistep:1/2,3/4,factor=1/10'
    """
    spelling = SPELLINGS.get(name)
    bare = spelling.bare if spelling is not None else ""
    first = settings.get(bare, [])
    words = [str(value) for value in (first if isinstance(first, list) else [first])]
    words += [f"{key}={value}" for key, value in settings.items() if key != bare and not isinstance(value, list)]
    return f"{name}:{','.join(words)}" if words else name


SPELLINGS: dict[str, Spelling] = {}  # filled as the classes of the package are made


def schedule_of(text: str, *, step_size: Number) -> Schedule:
    """The schedule that is spelled so, at this (peak) step size; an unknown name is told the nearest known one.

    >>> schedule_of("cosine:floor=1/10", step_size=1)
    Cosine(step_size=Fraction(1, 1), floor=Fraction(1, 10))
    """
    name, colon, parameters = (part.strip() for part in text.partition(":"))
    spelling = SPELLINGS.get(name)
    if spelling is None:
        raise InvalidInput(f"there is no schedule {name!r}{meant(name, SPELLINGS)}: known are {', '.join(SPELLINGS)}")
    if colon and not (parameters or spelling.needs):
        raise InvalidInput(f"--schedule {text} has nothing after the colon: leave the colon out")
    schedule: Schedule = spelling.kind(step_size, **spelling.parameters(parameters))
    return schedule


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


def name_of(schedule: Schedule) -> str:
    """The name of a schedule: what it says itself, or what its class is spelled by."""
    name = getattr(schedule, "name", None)
    return name if isinstance(name, str) else spelled_name(type(schedule))


def spelled_name(kind: type) -> str:
    """The name a class of schedules is spelled by; its own where it has no spelling."""
    return next((one.name for one in SPELLINGS.values() if one.kind is kind), kind.__name__.lower())
