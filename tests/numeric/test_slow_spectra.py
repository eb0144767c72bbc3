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


def test_poles_off_the_sheet_do_not_lengthen_the_head():
    u = np.array([1e-12, 1e-6, 1e-3], dtype=complex)  # positive: x^-a + u has no zero where it counts
    assert _head_length(u, A, 10**9) <= 64
