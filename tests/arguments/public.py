"""Every public callable: what the front door exposes, with the methods that take an argument."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import riskcalc as rc

# Made by the package, and handed out; or Python's own, where an unknown value is Python's own error.
ANSWERS = {"CrossCheck", "Measured", "theorems.MeasuredConstants", "theorems.Statement"}
# Called by the roads, with what they have read themselves; a user writes such methods and does not call them.
INSIDE = {"source", "cost", "draw", "at", "at_height", "signed", "profile", "by_degree", "sample", "waves", "on_sphere"}
INSIDE |= {"formula", "kinks", "beyond", "long_run", "density", "largest_beyond", "turns"}
INSIDE |= {"following"}
INSIDE |= {"resized", "steepness", "fall", "smallest"}
FIELDS = {"Arb", "Mpmath"}  # their methods take elements of the field
FIELDS |= {"SGD", "HeavyBall", "Nesterov", "ScheduleFree", "TwoBuffer", "Dana"}  # or what a road hands to a step
FIELDS |= {"OnePass", "FullBatch", "WithReplacement", "Reshuffled"}  # or what a run and a simulation ask of an order
FIELDS |= {"QuadraticSGD", "MeanField"}  # or what quadratic_risk has read


def callables() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Name and callable: functions, classes, and methods as `Class.method`."""
    for name in rc.__all__:
        value = getattr(rc, name)
        if inspect.ismodule(value):
            members = [(f"{name}.{inner}", getattr(value, inner)) for inner in value.__all__]
        else:
            members = [(name, value)]
        for path, member in members:
            yield from _with_methods(path, member)


def parameters(function: Callable[..., Any]) -> list[str]:
    """The names of what can be given; `self` is not."""
    found = inspect.signature(function).parameters.values()
    return [one.name for one in found if one.name != "self" and one.kind is not one.VAR_KEYWORD]


def _with_methods(path: str, member: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    if not inspect.isclass(member):
        yield path, member
        return
    if issubclass(member, enum.Enum):
        return
    if path not in ANSWERS:
        yield path, member
    if path in FIELDS:
        return
    for name in dir(member):
        static = inspect.getattr_static(member, name)
        public = not name.startswith("_") or (name == "__call__" and name in _own(member))
        if public and name not in INSIDE and isinstance(static, classmethod | staticmethod | type(_own)):
            method = getattr(member, name)
            if parameters(method):
                yield f"{path}.{name}", method


def _own(member: type) -> set[str]:
    return {name for one in member.__mro__ for name in vars(one)} - {"__class__"}
