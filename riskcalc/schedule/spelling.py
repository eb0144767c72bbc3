"""How a schedule is written in one line, at the command line: its class says the name and what may follow it.

Formula: name, or name:VALUE,key=value,... where the value without a key fills one parameter and a key is the name of
another.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number

if TYPE_CHECKING:
    from riskcalc.schedule.schedule import Schedule

Class = TypeVar("Class", bound=type)


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """bare: the parameter that values without a key fill, "" where there is none. needs: it in words, with its letter,
    where it cannot be left out. letters: how the value is written. several: whether there may be more than one.
    """

    name: str
    kind: type
    bare: str
    needs: str
    letters: str
    several: bool

    @property
    def keys(self) -> dict[str, bool]:
        """The parameters that may be given by name, and whether each is a word."""
        fields = {field.name: field.type == "str" for field in dataclasses.fields(self.kind)}
        return {name: word for name, word in fields.items() if name != "step_size"}

    @property
    def help(self) -> str:
        """One entry of a list of schedules."""
        return f"{self.name}:{self.letters}" if self.letters else self.name

    def read(self, text: str, step_size: Callable[[], Number]) -> Schedule:
        """The schedule behind what follows the name. step_size: asked once the rest is in order."""
        values: list[Number] = []
        named: dict[str, Any] = {}
        for item in text.split(",") if text.strip() else ():
            key, equals, value = (part.strip() for part in item.partition("="))
            if not equals:
                values.append(self._bare(key, values))
            elif key not in self.keys:
                known = f": it knows {', '.join(self.keys)}" if self.keys else ""
                raise InvalidInput(f"--schedule {self.name} has no {key!r}{known}")
            elif key in named:
                raise InvalidInput(f"--schedule {self.name} is given {key!r} twice")
            else:
                named[key] = value if self.keys[key] else self._number(value, key)
        if values and self.bare in named:
            raise InvalidInput(f"--schedule {self.name} is given {self.bare!r} twice")
        if values:
            named[self.bare] = tuple(values) if self.several else values[0]
        elif self.needs and self.bare not in named:
            raise InvalidInput(f"--schedule {self.name} needs {self.needs}")
        schedule: Schedule = self.kind(step_size(), **named)
        return schedule

    def _bare(self, text: str, before: list[Number]) -> Number:
        if not self.bare or (before and not self.several):
            another = "takes no parameter" if not self.bare else "takes no second parameter"
            keys = f" without a name ({', '.join(f'{key}=' for key in self.keys)})" if self.keys else ""
            raise InvalidInput(f"--schedule {self.name} {another}{keys}, but {text!r} was given")
        return self._number(text, self.bare)

    def _number(self, text: str, field: str) -> Number:
        return number(text, f"the {field.replace('_', ' ')} of --schedule {self.name}")


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


def spelled(
    name: str, *, bare: str = "", needs: str = "", letters: str = "", several: bool = False
) -> Callable[[Class], Class]:
    """Decorate a class of schedules: its name, and the parameters after it."""

    def enter(kind: Class) -> Class:
        spelling = Spelling(name=name, kind=kind, bare=bare, needs=needs, letters=letters, several=several)
        SPELLINGS[name] = spelling
        return kind

    return enter


def name_of(schedule: Schedule) -> str:
    """The name of a schedule: what it says itself, or what its class is spelled by."""
    name = getattr(schedule, "name", None)
    return name if isinstance(name, str) else spelled_name(type(schedule))


def spelled_name(kind: type) -> str:
    """The name a class of schedules is spelled by; its own where it has no spelling."""
    return next((one.name for one in SPELLINGS.values() if one.kind is kind), kind.__name__.lower())
