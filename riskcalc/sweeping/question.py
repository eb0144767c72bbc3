"""What was asked, told in full as text: two values are told alike only where they mean the same computation.

A description for people may leave out what they need not see; this may not, because an answer is found again by it.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache, singledispatch
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

import riskcalc
from riskcalc.errors import InvalidInput
from riskcalc.quantity import plain

_DECIDE = ("numpy", "scipy", "mpmath", "python-flint", "numba")  # what else decides about the last bit


def told(value: object) -> str:
    """The value as canonical JSON text; numbers keep their kind, since 0.3 and 3/10 are not the same number.

    >>> told(Fraction(3, 10)), told(0.3)
    ('{"ratio": "3/10"}', '{"float": "0x1.3333333333333p-2"}')
    """
    return json.dumps(_of(value), sort_keys=True)


def digest(*parts: str) -> bytes:
    """32 bytes that stand for these texts, in this order."""
    return hashlib.sha256(json.dumps(parts).encode()).digest()


@lru_cache(maxsize=1)
def version() -> str:
    """What computes here: the package down to its sources, and the libraries that decide about the last bit."""
    others = ", ".join(f"{name} {_installed(name)}" for name in _DECIDE)
    return f"riskcalc {riskcalc.__version__} ({_sources()}), {others}"


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"


def _sources() -> str:
    read = hashlib.sha256()
    root = Path(riskcalc.__file__).parent
    for path in sorted(root.rglob("*.py")):
        read.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return read.hexdigest()[:12]


@singledispatch
def _of(value: object) -> Any:
    if isinstance(value, type) or not (is_dataclass(value) or callable(getattr(value, "describe", None))):
        raise InvalidInput(
            f"a {type(value).__name__} cannot be told in words, so nothing computed with it can be found again: use a "
            "frozen dataclass"
        )
    if is_dataclass(value):
        held: Any = {field.name: _of(getattr(value, field.name)) for field in fields(value)}
    else:
        held = _of(value.describe())  # type: ignore[attr-defined]
    return {"class": _class(type(value)), "holds": held}


def _class(kind: type) -> str:
    """Its name; of a class from outside the package also what it does, as far as that stands in its own lines."""
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind.__module__.partition(".")[0] == "riskcalc":
        return name
    try:
        return f"{name} {hashlib.sha256(inspect.getsource(kind).encode()).hexdigest()}"
    except (OSError, TypeError):
        raise InvalidInput(
            f"the source of the class {kind.__qualname__} cannot be read, so nobody could see that it was changed: put "
            "it into a file of its own"
        ) from None


@_of.register(type(None))
@_of.register(bool)
@_of.register(int)
@_of.register(str)
def _(value: Any) -> Any:
    return value


@_of.register
def _(value: float) -> Any:
    return {"float": float(value).hex()}


@_of.register
def _(value: Fraction) -> Any:
    return {"ratio": plain(value)}


@_of.register
def _(value: Enum) -> Any:
    return {"class": type(value).__qualname__, "holds": value.name}


@_of.register(list)
@_of.register(tuple)
def _(value: Any) -> Any:
    return [_of(one) for one in value]


@_of.register
def _(value: dict) -> Any:  # type: ignore[type-arg]  # dispatched on, where a type with parameters cannot be
    return {str(key): _of(inner) for key, inner in value.items()}


@_of.register
def _(value: np.ndarray) -> Any:
    entries = np.ascontiguousarray(value)
    if entries.dtype.hasobject:
        return [_of(one) for one in entries.tolist()]
    return {"array": hashlib.sha256(entries.tobytes()).hexdigest(), "type": entries.dtype.str, "shape": value.shape}


@_of.register
def _(value: np.generic) -> Any:
    return _of(value.item())
