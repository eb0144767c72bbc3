"""Fields whose constructor takes more than they hold: `PowerLaw(a="3/2")` takes text, and `a` is a Fraction.

What is read, and how, stands in each class's `__post_init__`; here stands what a type checker has to know of it. To
the running program `frozen` is `dataclass(frozen=True)` and `given` is `field`. A plain `dataclass` would not do:
checkers hold a field of it that has no default for a variable like any other, and ask its constructor for a Fraction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar, dataclass_transform

from riskcalc.quantity.reading import Number
from riskcalc.quantity.types import NumberLike

Kind = TypeVar("Kind")
Taken = TypeVar("Taken", contravariant=True)
Held = TypeVar("Held", covariant=True)


class Read(Protocol[Taken, Held]):
    """A field that is given as `Taken`, and holds what was read of it as `Held`."""

    def __get__(self, instance: object, owner: type) -> Held:
        """What the field holds."""

    def __set__(self, instance: object, value: Taken) -> None:
        """What the constructor takes."""


GivenNumber: TypeAlias = Read[NumberLike, Number]
GivenWhole: TypeAlias = Read[NumberLike, int]
GivenFloat: TypeAlias = Read[NumberLike, float]
MaybeNumber: TypeAlias = Read[NumberLike | None, Number | None]
MaybeWhole: TypeAlias = Read[NumberLike | None, int | None]


def given(*, default: Any) -> Any:
    """The default of such a field, written as what it holds."""
    return field(default=default)


@dataclass_transform(frozen_default=True, field_specifiers=(given, field))
def frozen(*, kw_only: bool = False, eq: bool = True) -> Callable[[type[Kind]], type[Kind]]:
    """A frozen dataclass with such fields.

    >>> @frozen(kw_only=True)
    ... class Wheel:
    ...     teeth: GivenWhole
    ...     ratio: GivenNumber = given(default=1)
    >>> Wheel(teeth=12)
    Wheel(teeth=12, ratio=1)
    """
    return dataclass(frozen=True, kw_only=kw_only, eq=eq)
