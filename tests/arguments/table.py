"""A valid call of every public callable, one line an argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.arguments.call import Call, Given
from tests.arguments.kinds import Kind

TABLE: dict[str, Call] = {}


def valid(value: Any, kind: Kind) -> Given:
    """A required argument."""
    return Given(value=value, kind=kind)


def default(value: Any, kind: Kind) -> Given:
    """An argument that may be None."""
    return Given(value=value, kind=kind, optional=True)


def call(name: str, function: Callable[..., Any], *, heavy: bool = False, given: dict[str, Given]) -> None:
    """Put a call into the table, once."""
    assert name not in TABLE, name
    TABLE[name] = Call(name=name, function=function, given=given, heavy=heavy)
