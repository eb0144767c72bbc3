"""Arguments that are no numbers: yes or no, one of a few words, an object of the package, a list, a function, a file.

None of them is read by its truth value: `"no"`, `"0"` and an empty array are not False here, they are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, cast, overload

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.quantity.reading import Number, number
from riskcalc.quantity.words import nearest, shown

Value = TypeVar("Value")


def flag(value: object, name: str) -> bool:
    """Read yes or no: True or False, nothing that merely has a truth value.

    >>> flag(True, "force")
    True
    >>> flag("no", "force")
    Traceback (most recent call last):
    ...
    riskcalc.errors.InvalidInput: force must be True or False, not 'no'
    """
    if not isinstance(value, bool | np.bool_):
        raise InvalidInput(f"{name} must be True or False, not {shown(value)}")
    return bool(value)


def chosen(value: object, name: str, words: Iterable[str]) -> str:
    """Read one of a few words, capitals or not; an error names them all, and the one that was probably meant.

    >>> chosen("Auto", "task", ("regression", "classes", "auto"))
    'auto'
    """
    known = tuple(words)
    found = value.strip().casefold() if isinstance(value, str) else None
    if found is None or found not in known:
        meant = "" if found is None else nearest(found, known)
        raise InvalidInput(f"{name} must be {', '.join(known[:-1])} or {known[-1]}, not {shown(value)}{meant}")
    return found


@overload
def of_type(value: object, kind: type[Value], name: str, examples: str) -> Value: ...


@overload  # a protocol or a union, which the reader of types does not know as a type
def of_type(value: object, kind: Any, name: str, examples: str) -> Any: ...


def of_type(value: object, kind: Any, name: str, examples: str) -> Any:
    """Read an object of the package: an instance of `kind`, which may be a protocol or a union, never the class itself.

    >>> from fractions import Fraction
    >>> of_type("geometric", Fraction, "schedule", "a schedule such as Constant('3/10')")
    Traceback (most recent call last):
    ...
    riskcalc.errors.InvalidInput: schedule must be a schedule such as Constant('3/10'), not 'geometric'
    """
    if isinstance(value, type) or not isinstance(value, kind):
        raise InvalidInput(f"{name} must be {examples}, not {shown(value)}")
    return value


def optional(value: object, kind: Any, name: str, examples: str) -> Any:
    """The same where None stands for the default."""
    return None if value is None else of_type(value, kind, name, examples)


def is_several(value: object) -> bool:
    """Whether this is a list of things, not one: text, a table of names and an array without axes count as one."""
    return (
        isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping) and getattr(value, "ndim", 1) > 0
    )


def listed(value: object, name: str, examples: str) -> tuple[Any, ...]:
    """Read several of something: a list, a tuple or whatever else can be gone through.

    >>> listed([1, 2], "budgets", "a list of budgets")
    (1, 2)
    """
    if not is_several(value):
        raise InvalidInput(f"{name} must be {examples}, not {shown(value)}")
    return tuple(cast(Iterable[Any], value))


def numbers(value: object, name: str) -> tuple[Number, ...]:
    """Read one number or several, which text has behind commas.

    >>> numbers("1,4", "passes") == numbers([1, 4], "passes"), numbers(4, "passes")
    (True, (Fraction(4, 1),))
    """
    entries = value.split(",") if isinstance(value, str) else value if is_several(value) else (value,)
    return tuple(number(entry, name) for entry in listed(entries, name, "numbers"))


def as_function(value: object, name: str, examples: str) -> Callable[..., Any]:
    """Read something that can be called; a class is not meant."""
    if isinstance(value, type) or not callable(value):
        raise InvalidInput(f"{name} must be {examples}, not {shown(value)}")
    return value


def file_path(value: object, name: str) -> Path:
    """Read the name of a file.

    >>> file_path("curves/a.json", "path").name
    'a.json'
    """
    if not isinstance(value, str | PathLike) or isinstance(value, bytes):
        raise InvalidInput(f"{name} must be the name of a file, not {shown(value)}")
    place: Any = value
    try:
        return Path(place)
    except TypeError:  # a PathLike of bytes
        raise InvalidInput(f"{name} must be the name of a file as text, not {shown(value)}") from None
