"""One valid call of a public callable, and what each of its parameters may be given instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.arguments.kinds import Kind


@dataclass(frozen=True)
class Later:
    """A valid argument that is made when it is needed: making it takes time."""

    make: Callable[[], Any]


@dataclass(frozen=True, kw_only=True)
class Given:
    """A valid argument, and the kind of the parameter. optional: whether None stands for the default."""

    value: Any
    kind: Kind
    optional: bool = False

    def accepts(self, value: Any) -> bool:
        return (self.optional and value is None) or self.kind.accepts(self.kind.plain(value))


@dataclass(frozen=True, kw_only=True)
class Call:
    """name: as a user writes it, `Run` or `Constant.peak`. heavy: what is accepted is asked in the slow tests only."""

    name: str
    function: Callable[..., Any]
    given: Mapping[str, Given]
    heavy: bool = False

    def __call__(self, **changed: Any) -> Any:
        arguments = {name: one.value for name, one in self.given.items()} | changed
        arguments = {name: value.make() if isinstance(value, Later) else value for name, value in arguments.items()}
        return self.function(**arguments)
