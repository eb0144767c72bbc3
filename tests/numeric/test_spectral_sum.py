"""Spectral sums against long-double direct sums and closed forms."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.spectral_sum import power_law_sums


def direct(u, a, p, n, dimension):
    """The same sum term by term, smallest terms first, in long double."""
    j = np.arange(dimension, 0, -1).astype(np.longdouble)
    terms = j ** -np.longdouble(p) / (j ** -np.longdouble(a) + np.clongdouble(u)) ** n
    return complex(terms.sum())


@given(
    a=st.sampled_from([0.3, 0.8, 1.0, 1.05, 1.5, 2.0, 3.0, 6.0]),
    offset=st.sampled_from([-0.5, 0.1, 0.8, 1.0, 1.3, 2.0, 4.0]),
    dimension=st.sampled_from([1, 7, 64, 65, 500, 3000, 40_000]),
    log_size=st.floats(-1.0, 0.0),
    turn=st.floats(0.3, 3.14159),
)
def test_finite_sums_match_direct_summation(a, offset, dimension, log_size, turn):
    size = np.exp(1 + log_size * (a * np.log(dimension) + 1))
    u = -size * np.exp(1j * turn)
    exponents = ((a, 1), (2 * a, 2), (a + offset, 1), (a + offset, 0))
    for (p, n), found in zip(
        exponents, power_law_sums([u], a=a, dimension=dimension, exponents=exponents), strict=True
    ):
        expected = direct(u, a, p, n, dimension)
        scale = np.sum(np.abs(np.arange(1.0, dimension + 1) ** -p / (np.arange(1.0, dimension + 1) ** -a + u) ** n))
        assert abs(found[0] - expected) < 4e-15 * scale


@pytest.mark.parametrize("u", [1e-20, 1e-6, 0.03, 2.0, -1e-8 + 1e-8j, -3e-4 + 2e-4j, 1j])
def test_infinite_sum_is_a_hyperbolic_cotangent_at_a_2(u):
    # sum 1/(1 + u j^2) = (pi/sqrt u coth(pi/sqrt u) - 1)/2
    root = np.pi / np.sqrt(complex(u))
    expected = (root / np.tanh(root) - 1) / 2
    found = power_law_sums(u, a=2, dimension=None, exponents=((2, 1),))[0]
    assert abs(found / expected - 1) < 2e-15


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (2, 3),
        (2, 5),
        (2, 3 + 1e-9),
        (1.5, 2.5 - 1e-13),
        *(pytest.param(*at, marks=pytest.mark.slow) for at in ((1.5, 2.5), (3, 4), (3, 7))),
    ],
)
def test_nothing_is_special_where_the_closed_form_has_a_logarithm(a, b):
    """b = a + 1, 2a + 1, and values next to them: v = 10^7 against infinity, with the tail beyond v bounded."""
    u = np.array([-1e-4 + 5e-5j, 1e-6 + 0j])
    infinite = power_law_sums(u, a=a, dimension=None, exponents=((b, 1),))[0]
    finite = np.array([direct(value, a, b, 1, 400_000) for value in u])
    tail = 400_000.0 ** (1 - b) / (b - 1) / np.abs(u + 400_000.0**-a)
    assert np.all(np.abs(infinite - finite) < 1.1 * tail + 4e-15 * np.abs(finite))


def test_power_sums_are_zeta_values():
    found = power_law_sums(1.0, a=2, dimension=None, exponents=((2, 0), (4, 0), (1.1, 0)))
    expected = (np.pi**2 / 6, np.pi**4 / 90, 10.584448464950801)
    for value, target in zip(found, expected, strict=True):
        assert abs(value / target - 1) < 2e-15


def test_cost_and_result_do_not_depend_on_a_huge_dimension():
    u = np.array([-1e-3 + 1e-3j])
    huge = power_law_sums(u, a=2, dimension=10**18, exponents=((2, 1),))[0]
    infinite = power_law_sums(u, a=2, dimension=None, exponents=((2, 1),))[0]
    assert abs(huge / infinite - 1)[0] < 2e-15


def test_a_point_next_to_a_pole_far_out_is_refused():
    pole = -(1e6**-2.0)
    with pytest.raises(ToleranceNotMet, match="pole"):
        power_law_sums(pole * (1 + 1e-9j), a=2, dimension=None, exponents=((2, 1),))
