"""The flag --schedule: a name, a name with its parameter, or a file of step sizes."""

from __future__ import annotations

import os
from collections.abc import Callable

from riskcalc.cli.writing import note
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number
from riskcalc.schedule import (
    Constant,
    Cosine,
    Geometric,
    Polynomial,
    Schedule,
    WarmupStableDecay,
    load_schedule,
)

SCHEDULES = "constant, geometric, cosine, polynomial:P (power P), wsd:F (decay over the last fraction F)"

_PLAIN: dict[str, Callable[[Number], Schedule]] = {
    "constant": Constant,
    "geometric": Geometric,
    "cosine": Cosine,
}
_PARAMETERS = {"polynomial": "the power P, as in polynomial:2", "wsd": "the decay fraction F, as in wsd:1/5"}


def read_schedule(text: str, *, step_size: str | None) -> Schedule:
    """The schedule that the flag names, at this (peak) step size.

    >>> read_schedule("polynomial:2", step_size="0.3")
    Polynomial(step_size=Fraction(3, 10), power=Fraction(2, 1))
    """
    name, colon, parameter = text.strip().partition(":")
    if name in _PLAIN and not colon:
        return _PLAIN[name](_step_size(step_size, name))
    if name in _PLAIN:
        raise InvalidInput(f"--schedule {name} takes no parameter, but {parameter!r} was given")
    if name in _PARAMETERS and not parameter:
        raise InvalidInput(f"--schedule {name} needs {_PARAMETERS[name]}")
    if name == "polynomial":
        power = number(parameter, "the power of --schedule polynomial")
        return Polynomial(_step_size(step_size, name), power=power)
    if name == "wsd":
        decay = number(parameter, "the decay fraction of --schedule wsd")
        return WarmupStableDecay(_step_size(step_size, name), decay=decay)
    return _from_file(text, step_size=step_size)


def _step_size(text: str | None, name: str) -> Number:
    if text is None:
        raise InvalidInput(f"--step-size is missing: the {name} schedule needs it")
    return number(text, "--step-size")


def _from_file(path: str, *, step_size: str | None) -> Schedule:
    if not os.path.exists(path):
        raise InvalidInput(f"--schedule {path!r} is neither a file nor one of {SCHEDULES}")
    schedule = load_schedule(path)
    if step_size is not None:
        note(f"--step-size {step_size} is not used: {path} gives every step size")
    return schedule
