"""Numbers as users give them."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings, strategies as st

from riskcalc.errors import InvalidInput
from riskcalc.quantity import exact, number, plain, whole

rationals = st.fractions(max_denominator=10**6)
anything = st.one_of(
    st.text(max_size=20),
    st.floats(),
    st.integers(),
    st.none(),
    st.booleans(),
    st.complex_numbers(),
    st.lists(st.integers(), max_size=2),
    st.from_regex(r"\A[0-9+\-./eE_ ]{1,12}\Z"),
)


@pytest.mark.parametrize(
    ("given_as", "expected"),
    [
        ("17/5", Fraction(17, 5)),
        (" 0.3 ", Fraction(3, 10)),
        ("1e-3", Fraction(1, 1000)),
        ("-2.5E2", Fraction(-250)),
        ("1_000", Fraction(1000)),
        (7, Fraction(7)),
        (np.int64(7), Fraction(7)),
        (sympy.Rational(3, 2), Fraction(3, 2)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_rationals_are_read_exactly(given_as: object, expected: Fraction) -> None:
    read = number(given_as, "a")
    assert isinstance(read, Fraction)
    assert read == expected


@pytest.mark.parametrize("value", [0.3, np.float64(0.3), np.float32(0.5)])
def test_floats_stay_the_floats_they_are(value: float) -> None:
    read = number(value, "step_size")
    assert type(read) is float
    assert read == float(value)


@pytest.mark.parametrize(
    "value",
    ["", "abc", "1/0", "0x10", "1e", "1+1", "nan", "inf", None, True, [1], 1j, math.nan, math.inf, object()],
)
def test_what_is_no_number_is_refused_by_name(value: object) -> None:
    with pytest.raises(InvalidInput, match="step_size"):
        number(value, "step_size")


@pytest.mark.parametrize("value", ["1e301", "1e-301", 10**301, Fraction(1, 10**301), 1e305, 1e-310])
def test_numbers_without_a_usable_float_are_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="out of range"):
        number(value, "noise")


def test_numbers_that_would_exhaust_memory_or_cannot_be_printed_are_refused() -> None:
    for value in ("1e999999999", "1" * 5000, 10**5000, Fraction(10**5000, 10**5000 + 1)):
        with pytest.raises(InvalidInput, match="steps"):
            number(value, "steps")


def test_user_text_is_never_evaluated() -> None:
    with pytest.raises(InvalidInput):
        number("__import__('os').getcwd()", "a")


@given(rationals)
def test_plain_text_reads_back_as_the_same_rational(value: Fraction) -> None:
    assert number(plain(value), "a") == value


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_plain_text_reads_back_as_the_same_float(value: float) -> None:
    assert float(plain(value)) == value


@settings(deadline=None)
@given(anything)
def test_any_input_is_read_or_refused_with_the_packages_own_error(value: object) -> None:
    for read in (number, whole):
        try:
            result = read(value, "x")
        except InvalidInput:
            continue
        assert math.isfinite(float(result))


@pytest.mark.parametrize(("value", "expected"), [("1e6", 10**6), (1e6, 10**6), (5, 5), ("8/2", 4)])
def test_whole_numbers_come_in_several_shapes(value: object, expected: int) -> None:
    read = whole(value, "steps")
    assert type(read) is int
    assert read == expected


@pytest.mark.parametrize("value", ["1/2", 0.5, "1e-3", -1, "nan"])
def test_what_is_not_whole_or_too_small_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="steps"):
        whole(value, "steps")


def test_the_least_whole_number_is_allowed_and_no_less() -> None:
    assert whole(1, "batch_size", least=1) == 1
    with pytest.raises(InvalidInput, match="at least 1"):
        whole(0, "batch_size", least=1)


def test_a_float_where_exactness_is_needed_suggests_the_fraction() -> None:
    assert exact(Fraction(3, 2), "a") == Fraction(3, 2)
    with pytest.raises(InvalidInput, match=r"a='3/10'"):
        exact(0.3, "a")


@pytest.mark.parametrize("text", ["٣", "３/10", "1e\u0663", "½"])
def test_other_digits_than_ascii_are_refused(text):
    with pytest.raises(InvalidInput, match="ASCII"):
        number(text, "a")


@pytest.mark.parametrize("text", ["1_0", "1_0000", "1_000_00"])
def test_an_underscore_stands_between_thousands(text: str) -> None:
    with pytest.raises(InvalidInput, match="thousands"):
        number(text, "b")


@pytest.mark.parametrize("value", [Decimal("2.5"), sympy.sqrt(2)])
def test_what_is_no_rational_is_told_what_is(value: object) -> None:
    with pytest.raises(InvalidInput, match=r"must be a number such as 2, '17/5' or '0\.3'"):
        number(value, "a")
