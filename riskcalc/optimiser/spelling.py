"""How an optimiser is written in one line, and how it describes itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, plain
from riskcalc.quantity.spelling import Spelling

Class = TypeVar("Class", bound=type)

SPELLINGS: dict[str, Spelling] = {}  # filled as the classes of the package are made


def spelled(name: str, *, bare: str = "", needs: str = "", letters: str = "") -> Callable[[Class], Class]:
    """Decorate a class of optimisers: its name, and the parameters after it."""

    def enter(kind: Class) -> Class:
        SPELLINGS[name] = spelling = Spelling(name=name, kind=kind, bare=bare, needs=needs, letters=letters)
        named: Any = kind
        named.__str__ = lambda optimiser: spelling.written(optimiser)
        return kind

    return enter


def described(optimiser: Any) -> dict[str, Any]:
    """Name and parameters of an optimiser of the package, as plain JSON values."""
    name = next(one.name for one in SPELLINGS.values() if one.kind is type(optimiser))
    values = ((field.name, getattr(optimiser, field.name)) for field in dataclasses.fields(optimiser))
    return {"name": name, **{key: value if isinstance(value, str) else plain(value) for key, value in values}}


def read_share(value: object, name: str, *, of: str, whole: bool = False) -> Number:
    """Read a number from 0 to 1; 1 itself only where the `whole` is allowed."""
    share = number(value, name)
    if not (0 <= share < 1 or (whole and share == 1)):
        bound = "at most 1" if whole else "below 1"
        raise InvalidInput(f"{name}, {of}, must be at least 0 and {bound}, not {value}")
    return share


def read_positive(value: object, name: str, *, of: str, zero: bool = False) -> Number:
    """Read a number above 0, or 0 where it is allowed."""
    read = number(value, name)
    if read < 0 or (read == 0 and not zero):
        raise InvalidInput(f"{name}, {of}, must {'not be negative' if zero else 'be positive'}, not {value}")
    return read
