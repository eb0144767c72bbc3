"""The ladder on rungs of known error: it climbs as far as it must and no further, and says why where it ends."""

from __future__ import annotations

import math

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.agreeing import Ladder, by_what_is_missing, two_differ


def climb(errors, *, attempts=4, failed=None, digits=10):
    """The levels that were looked at, and what came out; errors: by level, None where a rung fails."""
    seen = []

    def look(level):
        seen.append(level)
        if errors(level) is None:
            raise ToleranceNotMet(f"nothing at {level}")
        return f"answer at {level}", errors(level)

    given = {} if failed is None else {"failed": failed}
    ladder = Ladder(
        attempts=attempts,
        higher=by_what_is_missing(spare=2),
        refusal=two_differ("rungs of the test", remedy="ask for fewer"),
        **given,
    )
    try:
        return seen, ladder.climbed(look, first=digits, digits=digits)
    except ToleranceNotMet as refusal:
        return seen, refusal


def test_the_first_rung_that_is_good_enough_is_taken():
    """An error of exactly 10^-digits is one."""
    assert climb(lambda level: -10.0) == ([10], ("answer at 10", -10.0))
    assert climb(lambda level: -math.inf) == ([10], ("answer at 10", -math.inf))


def test_the_next_rung_is_higher_by_what_is_missing():
    seen, found = climb(lambda level: 6.5 - level)  # 6.5 digits are lost
    assert seen == [10, 19]
    assert found == ("answer at 19", -12.5)


def test_a_ladder_ends_and_names_its_last_difference():
    seen, refusal = climb(lambda level: -9.0, attempts=3)
    assert seen == [10, 13, 16]
    assert str(refusal) == "two rungs of the test differ by 1e-9 relative, more than the 10 digits asked: ask for fewer"


def test_an_infinite_difference_is_climbed_from():
    seen, found = climb(lambda level: math.inf if level < 100 else -20.0)
    assert seen == [10, 312]
    assert found[1] == -20.0


def test_a_rung_that_fails_ends_the_climb_unless_another_level_is_named():
    seen, refusal = climb(lambda level: None)
    assert seen == [10]
    assert str(refusal) == "nothing at 10"
    seen, found = climb(lambda level: None if level < 30 else -12.0, failed=lambda level, digits: level + digits)
    assert seen == [10, 20, 30]
    assert found == ("answer at 30", -12.0)


def test_a_ladder_of_failures_says_why():
    _, refusal = climb(lambda level: None, attempts=2, failed=lambda level, digits: level + 5)
    assert str(refusal) == "rungs of the test give no answer to 10 digits; nothing at 15"
    _, refusal = climb(lambda level: -3.0 if level == 10 else None, attempts=2, failed=lambda level, digits: level)
    assert str(refusal).endswith("1e-3 relative, more than the 10 digits asked: ask for fewer; nothing at 19")


def test_nan_is_no_agreement():
    """It is climbed from like a difference without bound, and refused at the top."""
    seen, refusal = climb(lambda level: math.nan, attempts=2)
    assert seen == [10, 312]
    assert isinstance(refusal, ToleranceNotMet)
