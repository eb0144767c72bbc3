"""How an order is written in one line, how it reads its samples, and how it describes itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, plain
from riskcalc.quantity.spelling import Spelling

Class = TypeVar("Class", bound=type)

SPELLINGS: dict[str, Spelling] = {}  # the orders of a data set, filled as their classes are made


def spelled(name: str) -> Callable[[Class], Class]:
    """Decorate a class of orders of N samples: its name."""

    def enter(kind: Class) -> Class:
        named: Any = kind
        SPELLINGS[name] = Spelling(name=name, kind=kind, bare="samples", needs="N, its samples", letters="N")
        named.__str__ = lambda order: f"{name} of {plain(order.samples)} samples"
        return kind

    return enter


def described(order: Any) -> dict[str, Any]:
    """Name and samples of an order of the package, as plain JSON values."""
    name = next(one.name for one in SPELLINGS.values() if one.kind is type(order))
    return {"name": name, "samples": plain(order.samples)}


def read_samples(value: object) -> Number:
    """N >= 1; a whole number for samples that are drawn, any real one for the equivalent."""
    samples = number(value, "samples")
    if samples < 1:
        raise InvalidInput(f"samples must be at least 1, not {value}")
    return samples
