"""Averages of iterates, and last iterates of very many modes, given precise modes: walked stage by stage.

Stages of few modes are crossed by squares of their matrix, which keeps every digit of what dies out; those of many
modes by an inverse transform; short stages and other schedules step by step. Source: D24.
"""

from __future__ import annotations

from fractions import Fraction

from riskcalc.curve import Run
from riskcalc.dynamics.precise.recursion import Row
from riskcalc.dynamics.precise.segments import MOST_WORK, Segment, segments, work
from riskcalc.dynamics.precise.squared import StageSquared
from riskcalc.dynamics.precise.transform import Transform
from riskcalc.dynamics.precise.walk import SHORTEST, walked
from riskcalc.errors import InvalidInput
from riskcalc.numeric.field import Field
from riskcalc.spectral.precise.modes import PreciseModes

MOST_SQUARED = 60  # modes whose map is squared
MOST_PRODUCTS = 2e9  # of 50 digits or less, over all squarings
_SHORT = 100  # where maps are squared, a stage of up to so many steps a mode is followed step by step


def walked_responses(run: Run, modes: PreciseModes, field: Field, *, level: int) -> list[Row]:
    """Rows at the recorded steps, within `field.working(level)`."""
    count, parts = len(modes.position), segments(run)
    if _squared(parts, count, level):
        found = walked(run, modes, field, StageSquared, shortest=_SHORT * count)
    else:
        if work(parts, shortest=SHORTEST) * count > MOST_WORK:
            raise InvalidInput(
                f"{run.steps[-1]} steps of {count} features, with averages where they are asked, take too long in more "
                f"digits than float64 (steps that are made one by one times features up to {MOST_WORK:.0e}, over all "
                "records): ask for fewer steps or records, or leave digits out"
            )
        found = walked(run, modes, field, Transform(digits=level, paired=False), shortest=SHORTEST)
    return [found[step] for step in run.steps]


def _squared(parts: list[Segment], modes: int, level: int) -> bool:
    """Whether the modes are few enough for squares."""
    shortest = _SHORT * modes
    if modes > MOST_SQUARED or work(parts, shortest=shortest) * modes > MOST_WORK:
        return False
    longest: dict[Fraction | None, int] = {}
    for part in parts:
        if part.at_once(shortest):
            longest[part.size] = max(part.length, longest.get(part.size, 0))
    squarings = sum(length.bit_length() for length in longest.values())
    return squarings * (2.0 * modes + 2) ** 3 * (1 + level / 50) <= MOST_PRODUCTS
