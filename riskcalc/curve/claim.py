"""What an answer claims, and how well it is known. No number leaves its claim behind."""

from __future__ import annotations

from enum import StrEnum


class Claim(StrEnum):
    """What the numbers are.

    Through 1/M, the excess is the deterministic equivalent, and excess + shift the average over sketches.

    Attributes
    ----------
    GIVEN_SKETCH : "given sketch"
        Over data and noise, for one sketch.
    GIVEN_SKETCH_AND_DATA : "given sketch and data"
        Over the noise of the labels alone.
    AVERAGED_OVER_SKETCHES : "averaged over sketches"
        A mean over sampled sketches, with a standard error.
    AVERAGED_OVER_STABLE_SKETCHES : "averaged over stable sketches"
        Over those that are not past their limit of stability.
    MEDIAN_OVER_SKETCHES : "median over sketches"
        Of sampled sketches.
    DETERMINISTIC_EQUIVALENT : "deterministic equivalent"
        The limit of large M.
    AVERAGED_THROUGH_INVERSE_SIZE : "average over sketches, through 1/M"
        The equivalent and its shift.
    LEADING_ORDER : "leading order"
        The powers that lead, with their constants.

    Notes
    -----
    Valid: each curve carries one; no stated error says anything about the distance between two claims.

    Source: D01 (given a sketch), D02 (the equivalent), D50 (through 1/M), D10 to D14 (leading order).

    Examples
    --------
    >>> from riskcalc import Claim
    >>> print(Claim.LEADING_ORDER)
    leading order
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
    """How well the numbers are known to be that.

    Attributes
    ----------
    SYMBOLIC : "symbolic"
        Exact arithmetic, or a formula.
    ENCLOSED : "enclosed"
        Inside a ball whose radius is proved.
    COMPUTED : "computed"
        Verified by a second resolution, with a stated error.
    SAMPLED : "sampled"
        An average of runs, with a standard error.

    Notes
    -----
    Valid: each curve carries one.

    Source: D37 (computed), D20 and D22 (enclosed).

    Examples
    --------
    >>> from riskcalc import Warrant
    >>> print(Warrant.ENCLOSED)
    enclosed
    """

    SYMBOLIC = "symbolic"
    ENCLOSED = "enclosed"
    COMPUTED = "computed"
    SAMPLED = "sampled"
