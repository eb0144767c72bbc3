"""A schedule in words: its name with its parameters, and the warm-up before it."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.quantity import NumberLike, nearest, number, whole
from riskcalc.quantity.spelling import split
from riskcalc.schedule.schedule import Schedule, checked_schedule, positive_step_size, rescaled
from riskcalc.schedule.spelling import SPELLINGS
from riskcalc.schedule.warmup import Warmup

_ALSO = {"linear": "polynomial:1"}  # what others call them


def schedule_words() -> str:
    """The schedules that have a name, for lists of them."""
    return ", ".join(one.help for one in SPELLINGS.values())


def nearest_schedule(text: str) -> str:
    """The name that was probably meant, as the end of an error."""
    name = split(text)[0]
    return f" (it is {_ALSO[name]})" if name in _ALSO else nearest(name, SPELLINGS)


def is_schedule_name(text: str) -> bool:
    """Whether a text begins with the name of a schedule."""
    return split(text)[0] in SPELLINGS


def named_schedule(text: str, *, step_size: NumberLike, asked: str = "schedule") -> Schedule | None:
    """The schedule that a text names, at this (peak) step size; None where its name is not known.

    >>> named_schedule("cosine:floor=1/10", step_size=1)
    Cosine(step_size=Fraction(1, 1), floor=Fraction(1, 10))
    """
    name, colon, parameters = split(text)
    spelling = SPELLINGS.get(name)
    if spelling is None:
        return None
    if colon and not (parameters or spelling.needs):
        raise InvalidInput(f"{asked} {text} has nothing after the colon: leave the colon out")
    schedule: Schedule = spelling.kind(step_size, **spelling.parameters(parameters, asked=asked))
    return schedule


def schedule_of(text: str, *, step_size: NumberLike) -> Schedule:
    """The same, where there is nothing else that the text could be; an unknown name is told the nearest known one.

    >>> schedule_of("Cosine:floor=1/10", step_size=1)
    Cosine(step_size=Fraction(1, 1), floor=Fraction(1, 10))
    """
    named = named_schedule(text, step_size=step_size)
    if named is None:
        name = split(text)[0]
        raise InvalidInput(f"there is no schedule {name!r}{nearest_schedule(name)}: known are {', '.join(SPELLINGS)}")
    return named


def read_schedule(value: object, *, step_size: NumberLike | None = None) -> Schedule:
    """A schedule, or the one that a text names, with this peak step size, which a text cannot do without.

    >>> read_schedule("wsd:1/5", step_size="3/10") == read_schedule(named_schedule("wsd:1/5", step_size="3/10"))
    True
    """
    if not isinstance(value, str):
        given = checked_schedule(value)
        return given if step_size is None else rescaled(given, positive_step_size(step_size))
    named = schedule_of(value, step_size=1)  # a name that is not known is told first
    if step_size is None:
        raise InvalidInput(f"step_size is missing: the schedule {value!r} needs it")
    return rescaled(named, positive_step_size(step_size))


def read_unsized(value: object) -> Schedule:
    """A schedule whose own step size is not used: words stand at one."""
    return read_schedule(value, step_size=1 if isinstance(value, str) else None)


def warmed_up(schedule: Schedule, *, text: object, asked: str = "warmup") -> Schedule:
    """The schedule after a warm-up of W steps or of a fraction F of the run, perhaps from a share of the step size.

    >>> from riskcalc.schedule import Constant
    >>> warmed_up(Constant(1), text="1/50,start=1/10").fraction
    Fraction(1, 50)
    """
    if text is None:
        return schedule
    length, comma, more = text.partition(",") if isinstance(text, str) else (text, "", "")
    key, _, value = (part.strip() for part in more.partition("="))
    if comma and (key != "start" or not value):
        raise InvalidInput(f"{asked} is W (steps) or F (a fraction of the run), perhaps with ,start=R, not {text!r}")
    given = number(length, f"the length of {asked}")
    if given <= 0:
        raise InvalidInput(f"{asked} is a positive number of steps or fraction of the run, not {given}: leave it out")
    start = number(value, f"the start of {asked}") if comma else 0
    if given < 1:
        return Warmup(schedule, fraction=given, start=start)
    return Warmup(schedule, steps=whole(given, f"the length of {asked}"), start=start)
