"""Lengths inside a run: a number of steps, or a fraction of it."""

from __future__ import annotations

from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Number, number, shown


def only_length(what: str, **given: object) -> None:
    """One of two ways to say a length, not both, not none."""
    if sum(value is not None for value in given.values()) != 1:
        first, second = given
        found = " and ".join(f"{name}={shown(value)}" for name, value in given.items() if value is not None)
        raise InvalidInput(
            f"{what} is given either in steps ({first}=...) or as a fraction of the run ({second}=...), one of the "
            f"two, but given is {found or 'neither'}"
        )


def read_fraction(value: object, *, most: int | None = 1) -> Number:
    """Read a fraction of the run; 0 < fraction < most."""
    read = number(value, "fraction")
    if read <= 0 or (most is not None and read >= most):
        bound = "positive" if most is None else f"in (0, {most})"
        raise InvalidInput(f"fraction is a part of the run: it must be {bound}, not {shown(value)}")
    return read


def told_length(described: dict[str, Any]) -> dict[str, Any]:
    """A description without the way that was not taken."""
    return {key: value for key, value in described.items() if value is not None}
