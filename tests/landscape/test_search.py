"""What a search finds is taken only where the road confirms it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from riskcalc import Equivalent, Exact
from riskcalc.errors import ConsistencyError, ToleranceNotMet
from riskcalc.landscape import searched


@dataclass(frozen=True)
class Choice:
    excess: float


def found_by(*choices, method, truth=1.0):
    """`searched` over the choices that each resolution finds in turn, and the resolutions that were asked."""
    asked = []

    def search(sharp):
        asked.append(sharp)
        return choices[len(asked) - 1]

    return searched(search, lambda choice: (truth, 1e-12), method=method, remedy="do less"), asked


def test_the_first_resolution_is_enough_where_the_road_agrees():
    assert found_by(Choice(1 + 9e-9), method=Equivalent()) == ((Choice(1 + 9e-9), 1.0, 1e-12), [False])


@pytest.mark.parametrize("first", [None, Choice(1 + 1.1e-8), Choice(0.9), Choice(float("inf"))])
def test_what_the_road_does_not_confirm_is_searched_again(first):
    (choice, excess, _), asked = found_by(first, Choice(1.0), method=Equivalent())
    assert (choice, excess, asked) == (Choice(1.0), 1.0, [False, True])


def test_a_road_that_promises_less_is_held_to_less():
    found_by(Choice(1 + 9e-5), method=Equivalent(tolerance=1e-5))
    with pytest.raises(ToleranceNotMet):
        found_by(Choice(1 + 2e-4), Choice(1 + 2e-4), method=Equivalent(tolerance=1e-5))


def test_a_choice_that_is_never_confirmed_is_refused_with_both_numbers():
    with pytest.raises(ToleranceNotMet, match=r"excess 0.5, but the road itself 1: do less"):
        found_by(Choice(2.0), Choice(0.5), method=Equivalent())
    with pytest.raises(ToleranceNotMet, match=r"no choice was found.*: do less"):
        found_by(None, None, method=Equivalent())


def test_modes_given_a_sketch_have_one_resolution():
    with pytest.raises(ToleranceNotMet, match="the road itself"):
        found_by(Choice(2.0), method=Exact())


def test_where_the_road_contradicts_itself_the_sharper_search_goes_on():
    def verify(choice):
        if choice.excess == 1.0:
            raise ConsistencyError("the sum rule is violated")
        return choice.excess, 1e-12

    def first_one_then(second):
        return lambda sharp: Choice(second if sharp else 1.0)

    kept = {"method": Equivalent(), "remedy": "do less"}
    assert searched(first_one_then(2.0), verify, **kept) == (Choice(2.0), 2.0, 1e-12)
    with pytest.raises(ToleranceNotMet, match="the sum rule is violated: do less"):
        searched(first_one_then(1.0), verify, **kept)
