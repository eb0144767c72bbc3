"""How an object is written in one line: its class says the name and what may follow it.

Formula: name, or name:VALUE,key=value,... where the value without a key fills one parameter and a key is the name of
another.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity.reading import Number, number, plain
from riskcalc.quantity.words import nearest

_KEYED = re.compile(r"\w+\s*=")


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """bare: the parameter that values without a key fill, "" where there is none. needs: it in words, with its letter,
    where it cannot be left out. letters: how the value is written. several: whether there may be more than one.
    elsewhere: parameters that are not written here.
    """

    name: str
    kind: type
    bare: str = ""
    needs: str = ""
    letters: str = ""
    several: bool = False
    elsewhere: tuple[str, ...] = ()

    @property
    def keys(self) -> dict[str, bool]:
        """The parameters that may be given by name, and whether each is a word."""
        fields = {field.name: field.type == "str" for field in dataclasses.fields(self.kind)}
        return {name: word for name, word in fields.items() if name not in self.elsewhere}

    @property
    def help(self) -> str:
        """One entry of a list of such objects."""
        return f"{self.name}:{self.letters}" if self.letters else self.name

    def written(self, value: object) -> str:
        """The shortest text that reads back as this object: what is as by default is left out, where it may be."""
        told: dict[str, str] = {}
        for field in dataclasses.fields(self.kind):
            held = getattr(value, field.name)
            needed = bool(self.needs) and field.name == self.bare
            if field.name not in self.elsewhere and (needed or held != field.default):
                several = isinstance(held, tuple)
                told[field.name] = ",".join(map(_word, held)) if several else _word(held)
        first = [told.pop(self.bare)] if self.bare in told else []
        words = [*first, *(f"{name}={word}" for name, word in told.items())]
        return f"{self.name}:{','.join(words)}" if words else self.name

    def parameters(self, text: str, *, asked: str) -> dict[str, Any]:
        """The parameters in what follows the name; asked: what errors call the argument that is read."""
        asked = f"{asked} {self.name}"
        values: list[Number] = []
        named: dict[str, Any] = {}
        for item in text.split(",") if text.strip() else ():
            key, equals, value = (part.strip() for part in item.partition("="))
            if not equals:
                values.append(self._bare(key, values, asked))
            elif key not in self.keys:
                known = f": it knows {', '.join(self.keys)}" if self.keys else ""
                raise InvalidInput(f"{asked} has no {key!r}{known}{nearest(key, self.keys)}")
            elif key in named:
                raise InvalidInput(f"{asked} is given {key!r} twice")
            else:
                named[key] = value if self.keys[key] else _number(value, key, asked)
        if values and self.bare in named:
            raise InvalidInput(f"{asked} is given {self.bare!r} twice")
        if values:
            named[self.bare] = tuple(values) if self.several else values[0]
        elif self.needs and self.bare not in named:
            raise InvalidInput(f"{asked} needs {self.needs}")
        return named

    def _bare(self, text: str, before: list[Number], asked: str) -> Number:
        if not self.bare or (before and not self.several):
            another = "takes no parameter" if not self.bare else "takes no second parameter"
            keys = f" without a name ({', '.join(f'{key}=' for key in self.keys)})" if self.keys else ""
            raise InvalidInput(f"{asked} {another}{keys}, but {text!r} was given")
        return _number(text, self.bare, asked)


def _number(text: str, field: str, asked: str) -> Number:
    return number(text, f"the {field.replace('_', ' ')} of {asked}")


def split(text: str) -> tuple[str, bool, str]:
    """The name, small and with hyphens, whether a colon follows it, and what follows that.

    >>> split("Inverse_Sqrt: 100")
    ('inverse-sqrt', True, '100')
    """
    name, colon, parameters = (part.strip() for part in text.partition(":"))
    return name.casefold().replace("_", "-"), bool(colon), parameters


def read_spelled(text: str, spellings: Mapping[str, Spelling], *, asked: str) -> Any:
    """The object that a text names; an error names all that are known, and the one that was probably meant."""
    name, colon, parameters = split(text)
    spelling = spellings.get(name)
    if spelling is None:
        known = ", ".join(one.help for one in spellings.values())
        raise InvalidInput(f"{asked} must be one of {known}, not {text!r}{nearest(name, spellings)}")
    if colon and not (parameters or spelling.needs):
        raise InvalidInput(f"{asked} {text} has nothing after the colon: leave the colon out")
    named = spelling.parameters(parameters, asked=asked)
    for field in dataclasses.fields(spelling.kind):
        if field.default is dataclasses.MISSING and field.name not in named:
            raise InvalidInput(f"{asked} {spelling.name} needs {field.name}=..., as in {spelling.help}")
    return spelling.kind(**named)


def spelled_value(value: object, spellings: Mapping[str, Spelling]) -> str | None:
    """The shortest spelling of an object; None where its class has none."""
    spelling = next((one for one in spellings.values() if one.kind is type(value)), None)
    return None if spelling is None else spelling.written(value)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else plain(value)


def entries(text: str) -> list[str]:
    """The entries of a list of names behind commas, where what follows a name may have commas itself.

    A part that is a number or key=value goes on with the entry before it; any other begins one.

    >>> entries("cosine,multistep:1/2,3/4,factor=1/10,wsd:1/5")
    ['cosine', 'multistep:1/2,3/4,factor=1/10', 'wsd:1/5']
    """
    found: list[str] = []
    for part in (part.strip() for part in text.split(",")):
        if found and (_KEYED.match(part) or _is_number(part)):
            found[-1] = f"{found[-1]},{part}"
        else:
            found.append(part)
    return found


def _is_number(part: str) -> bool:
    try:
        number(part, "an entry")
    except InvalidInput:
        return False
    return True
