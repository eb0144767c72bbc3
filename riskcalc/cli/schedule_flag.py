"""The flags --schedule and --warmup: a name with its parameters, or a file of step sizes; and what goes before it."""

from __future__ import annotations

import os

from riskcalc.cli.writing import note
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, whole
from riskcalc.schedule import SPELLINGS, Schedule, Warmup, load_schedule, schedule_of

SCHEDULES = f"{', '.join(one.help for one in SPELLINGS.values())}; more by name, as in wsd:1/5,floor=1/10"


def read_schedule(text: str, *, step_size: str | None) -> Schedule:
    """The schedule that the flag names, at this (peak) step size.

    >>> read_schedule("polynomial:2", step_size="0.3")
    Polynomial(step_size=Fraction(3, 10), power=Fraction(2, 1))
    """
    named = named_schedule(text, step_size=step_size)
    return _from_file(text, step_size=step_size) if named is None else named


def named_schedule(text: str, *, step_size: str | None) -> Schedule | None:
    """The same, None where it is not spelled as any class of schedules says.

    >>> named_schedule("cosine:floor=1/10", step_size="1")
    Cosine(step_size=Fraction(1, 1), floor=Fraction(1, 10))
    """
    name = text.partition(":")[0].strip()
    return schedule_of(text, step_size=_step_size(step_size, name)) if name in SPELLINGS else None


def warmed_up(schedule: Schedule, *, text: str | None) -> Schedule:
    """The schedule after the warm-up that --warmup asks for.

    >>> from riskcalc.schedule import Constant
    >>> warmed_up(Constant(1), text="1/50,start=1/10").fraction
    Fraction(1, 50)
    """
    if text is None:
        return schedule
    length, comma, more = text.partition(",")
    key, _, value = (part.strip() for part in more.partition("="))
    if comma and (key != "start" or not value):
        raise InvalidInput(f"--warmup is W (steps) or F (a fraction of the run), perhaps with ,start=R, not {text!r}")
    given = number(length, "the length of --warmup")
    if given <= 0:
        raise InvalidInput(f"--warmup is a positive number of steps or fraction of the run, not {length}: leave it out")
    start = number(value, "the start of --warmup") if comma else 0
    if given < 1:
        return Warmup(schedule, fraction=given, start=start)
    return Warmup(schedule, steps=whole(given, "the length of --warmup"), start=start)


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
