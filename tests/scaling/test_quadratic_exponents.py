"""Exponents of the quadratic parameterisation: published rates, what the linear model has, and that they are rates."""

from __future__ import annotations

from fractions import Fraction

import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

DATA = {"noise": 1, "schedule": "geometric", "budget": "data"}
POINTS = [(Fraction(3), Fraction(2)), (Fraction(3), Fraction(3, 2)), (Fraction(3, 2), Fraction(5, 2))]


def quadratic(a, b, **words):
    return rc.exponents(a=a, b=b, parameterisation="quadratic", **words)


@pytest.mark.parametrize(("a", "b"), [*POINTS, (Fraction(1, 2), Fraction(2))])
def test_published_rates_in_samples(a, b):
    rate = (b - 1) / b if b >= a else 2 * (b - 1) / (a + b)
    assert quadratic(a, b, **DATA).loss_exponent == rate
    linear = rc.exponents(a=a, b=b, **DATA).loss_exponent
    assert (rate > linear) == (b < a)


@pytest.mark.parametrize(("a", "b"), POINTS)
def test_allocation(a, b):
    found = quadratic(a, b)
    assert (found.loss_exponent, found.model_size_exponent) == (2 * (b - 1) / (a + b + 2), 2 / (a + b + 2))
    noisy = {"noise": 1, "schedule": "geometric", "step_size": "free"}
    if b > a:
        assert quadratic(a, b, **noisy).loss_exponent == rc.exponents(a=a, b=b, **noisy).loss_exponent


def test_the_linear_model_at_the_mean_of_the_exponents():
    """Where no sketch distorts modes, b < a' + 1: by the linear road itself."""
    a, b = Fraction(3), Fraction(2)
    assert quadratic(a, b).loss_exponent == rc.exponents(a=(a + b) / 2, b=b).loss_exponent
    # beyond, the linear model has F_ac, and selected features have not
    assert quadratic(2, 5).loss_exponent == Fraction(8, 9)
    assert rc.exponents(a="7/2", b=5).loss_exponent != Fraction(8, 9)


def test_the_diagram_has_one_line():
    diagram = rc.phase_diagram(parameterisation="quadratic", paper_letters=False, **DATA)
    rates = {str(phase.loss_exponent) for phase in diagram.phases}
    assert rates == {"(b - 1)/b", "2*(b - 1)/(a + b)"}
    assert diagram.at(3, 2).loss_exponent == Fraction(2, 5)


def test_a_equal_to_one_is_no_tie():
    assert quadratic(1, 2).ties == ()
    assert rc.exponents(a=1, b=2).ties != ()


def test_it_says_that_it_is_a_surrogate():
    text = str(quadratic(3, 2))
    assert "surrogate:" in text
    assert "a' = (a + b)/2 = 5/2" in text
    assert "rates alone, up to logarithms of the initialisation" in text
    assert "surrogate" not in str(rc.exponents(a=3, b=2))
    diagram = str(rc.phase_diagram(parameterisation="quadratic"))
    assert "surrogate:" in diagram
    assert "rates alone" in diagram


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"a": "1/2", "b": "3/2"}, "a' = .a . b./2 above 1"),
        ({"optimiser": "heavy-ball:1/2"}, "for SGD.. and one output"),
        ({"outputs": "1/4", "normalisation": "total"}, "for SGD.. and one output"),
        ({"parameterisation": "cubic"}, "parameterisation must be linear or quadratic"),
    ],
)
def test_refusals(words, message):
    with pytest.raises(InvalidInput, match=message):
        rc.exponents(**{"a": 3, "b": 2, "parameterisation": "quadratic", **words})


def test_no_law_begins_at_a_budget():
    with pytest.raises(InvalidInput, match="rates alone"):
        quadratic(3, 2).approach()
