"""Spectral sums for a < 1 in a large finite dimension: right, and without summing term by term."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.numeric.spectral_sum import _head_length, power_law_sums

A, DIMENSION = 0.54, 400_000


def test_sums_equal_the_sum_of_all_terms():
    smallest = DIMENSION**-A
    u = smallest * np.array([0.2, 3.0, 0.5 + 0.5j, -0.3 + 1.1j, 40 - 7j])
    j = np.arange(1, DIMENSION + 1, dtype=float)[:, None]
    expected = (j**-A / (j**-A + u)).sum(axis=0)
    (found,) = power_law_sums(u, a=A, dimension=DIMENSION, exponents=((A, 1),))
    assert found == pytest.approx(expected, rel=1e-11)


def test_terms_that_grow_up_to_the_last_one_are_summed_from_there():
    """With a = 3/10 and p = 0 the first four terms beyond |u| j^a = 3 grow with j."""
    a, u = 0.3, DIMENSION**-0.3 * np.array([60.0, 200 + 90j, 9 - 30j])
    j = np.arange(1, DIMENSION + 1, dtype=float)[:, None]
    expected = [(1 / (j**-a + u)).sum(axis=0), (j**-a / (j**-a + u) ** 2).sum(axis=0)]
    found = power_law_sums(u, a=a, dimension=DIMENSION, exponents=((0, 1), (a, 2)))
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_poles_off_the_sheet_do_not_lengthen_the_head():
    u = np.array([1e-12, 1e-6, 1e-3], dtype=complex)  # positive: x^-a + u has no zero where it counts
    assert _head_length(u, A, 10**9) <= 64
