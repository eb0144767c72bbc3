"""What an answer claims, and how well it is known. No number leaves its claim behind."""

from __future__ import annotations

from enum import StrEnum


class Claim(StrEnum):
    """What the numbers are.

    Through 1/M, the excess is the deterministic equivalent, and excess + shift the average over sketches.
    """

    GIVEN_SKETCH = "given sketch"
    GIVEN_SKETCH_AND_DATA = "given sketch and data"
    AVERAGED_OVER_SKETCHES = "averaged over sketches"
    AVERAGED_OVER_STABLE_SKETCHES = "averaged over stable sketches"
    MEDIAN_OVER_SKETCHES = "median over sketches"
    DETERMINISTIC_EQUIVALENT = "deterministic equivalent"
    AVERAGED_THROUGH_INVERSE_SIZE = "average over sketches, through 1/M"
    LEADING_ORDER = "leading order"


class Warrant(StrEnum):
    """How well the numbers are known to be that."""

    SYMBOLIC = "symbolic"
    ENCLOSED = "enclosed"
    COMPUTED = "computed"
    SAMPLED = "sampled"
