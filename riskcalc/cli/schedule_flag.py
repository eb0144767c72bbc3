"""The flag --schedule: a name with its parameters, or a file of step sizes."""

from __future__ import annotations

import os

from riskcalc.cli.writing import note
from riskcalc.errors import InvalidInput
from riskcalc.quantity import held, number
from riskcalc.schedule import (
    Schedule,
    is_schedule_name,
    load_schedule,
    named_schedule,
    nearest_schedule,
    schedule_words,
)

SCHEDULES = f"{schedule_words()}; more by name, as in wsd:1/5,floor=1/10"


def read_schedule(text: str, *, step_size: str | None) -> Schedule:
    """The schedule that the flag names, at this (peak) step size.

    >>> read_schedule("polynomial:2", step_size="0.3")
    Polynomial(step_size=Fraction(3, 10), power=Fraction(2, 1))
    """
    if not is_schedule_name(text):
        return _from_file(text, step_size=step_size)
    if step_size is None:
        raise InvalidInput(f"--step-size is missing: the {text.partition(':')[0].strip()} schedule needs it")
    return held(named_schedule(text, step_size=number(step_size, "--step-size"), asked="--schedule"), "the schedule")


def _from_file(path: str, *, step_size: str | None) -> Schedule:
    if not os.path.exists(path):
        raise InvalidInput(
            f"--schedule {path!r} is neither a file nor one of {SCHEDULES}{nearest_schedule(path)}"
        )
    schedule = load_schedule(path)
    if step_size is not None:
        note(f"--step-size {step_size} is not used: {path} gives every step size")
    return schedule
