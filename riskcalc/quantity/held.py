"""What has to be there by what came before: for the reader of types, and a clear error where the house is at fault."""

from __future__ import annotations

from typing import TypeVar

from riskcalc.errors import ConsistencyError

Value = TypeVar("Value")


def held(value: Value | None, what: str) -> Value:
    """The value, which is not None here; unlike an assertion this holds under `python -O` too.

    >>> held(3, "the standard error")
    3
    """
    if value is None:
        raise ConsistencyError(f"{what} is missing, though it should be there: please report this with the question")
    return value
