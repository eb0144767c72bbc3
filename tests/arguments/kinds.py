"""What a parameter may be given: which plain values have a meaning there. All others have to be refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.arguments.strange import meaning


@dataclass(frozen=True, kw_only=True)
class Kind:
    """accepts: whether a plain value has a meaning for the parameter. plain: gives the plain value behind a value."""

    name: str
    accepts: Callable[[Any], bool]
    plain: Callable[[Any], Any] = meaning


def _as_it_is(value: Any) -> Any:
    return value


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Fraction) and not isinstance(value, bool) and abs(value) < 10**300


def number(
    *, above: float = -math.inf, least: float = -math.inf, most: float = math.inf, below: float = math.inf
) -> Kind:
    """A finite number in a range."""
    return Kind(
        name="number", accepts=lambda value: is_number(value) and above < value < below and least <= value <= most
    )


def whole(least: int = 0, most: float = math.inf) -> Kind:
    """A whole number."""
    return Kind(name="whole", accepts=lambda value: is_number(value) and value == int(value) and least <= value <= most)


def one_of(*kinds: Kind) -> Kind:
    """Any of several kinds."""
    return Kind(
        name=" or ".join(kind.name for kind in kinds), accepts=lambda value: any(it.accepts(value) for it in kinds)
    )


def words(*known: str) -> Kind:
    """One of a few words."""
    return Kind(name="word", accepts=lambda value: isinstance(value, str) and value in known, plain=_as_it_is)


def object_of(*types: type) -> Kind:
    """An object of the package."""
    return Kind(name="object", accepts=lambda value: isinstance(value, types) and not isinstance(value, type))


def several(entry: Kind, *, empty: bool = False) -> Kind:
    """A list, a tuple or an array of such entries."""

    def accepts(value: Any) -> bool:
        if hasattr(value, "tolist"):
            value = value.tolist()
        return (
            isinstance(value, list | tuple) and (empty or len(value) > 0) and all(entry.accepts(one) for one in value)
        )

    return Kind(name="list", accepts=accepts)


REAL = number()
POSITIVE = number(above=0)
NONNEGATIVE = number(least=0)
FLAG = Kind(name="flag", accepts=lambda value: isinstance(value, bool))
NONE = Kind(name="none", accepts=lambda value: value is None)
OBJECT = Kind(name="object", accepts=lambda value: False)
TEXT = Kind(name="text", accepts=lambda value: isinstance(value, str), plain=_as_it_is)
VECTOR = several(REAL)
MATRIX = several(VECTOR)
POINTS = one_of(REAL, several(REAL, empty=True))
FUNCTION = Kind(name="function", accepts=lambda value: callable(value) and not isinstance(value, type))
