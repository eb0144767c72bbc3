"""What an answer claims, and how well it is known. No number leaves its claim behind."""

from __future__ import annotations

from enum import StrEnum


class Claim(StrEnum):
    """What the numbers are."""

    GIVEN_SKETCH = "given sketch"
    GIVEN_SKETCH_AND_DATA = "given sketch and data"
    AVERAGED_OVER_SKETCHES = "averaged over sketches"
    DETERMINISTIC_EQUIVALENT = "deterministic equivalent"
    LEADING_ORDER = "leading order"


class Warrant(StrEnum):
    """How well the numbers are known to be that."""

    SYMBOLIC = "symbolic"
    ENCLOSED = "enclosed"
    COMPUTED = "computed"
    SAMPLED = "sampled"
