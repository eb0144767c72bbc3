"""Covariate laws: mean zero, unit variance, the right fourth moment."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.errors import InvalidInput
from riskcalc.simulation import Ambient, Gaussian, Rademacher, StudentT


@pytest.mark.parametrize(
    "law, fourth", [(Gaussian(), 3.0), (StudentT(24), 3 * 22 / 20)], ids=["gaussian", "student"]
)
def test_moments(law, fourth, z_bound, mean_and_error):
    drawn = law.draw(np.random.default_rng(1), (2_000, 200)).ravel()
    mean, error = mean_and_error(np.stack([drawn, drawn**2, drawn**4], axis=1))
    assert np.abs((mean - [0, 1, fourth]) / error).max() < z_bound(3 * 2)
    assert error[1] < 0.01
    assert error[2] < 0.02 * fourth


def test_rademacher(z_bound):
    drawn = Rademacher().draw(np.random.default_rng(1), (2_000, 200))
    assert set(np.unique(drawn)) == {-1.0, 1.0}  # second and fourth moment are 1 exactly
    assert abs(drawn.mean()) * drawn.size**0.5 < z_bound(1)


@pytest.mark.parametrize("law", [Gaussian(), Rademacher(), StudentT(9)])
def test_a_stream_can_be_read_in_pieces(law):
    whole = law.draw(np.random.default_rng(3), (10, 7))
    generator = np.random.default_rng(3)
    pieces = np.vstack([law.draw(generator, (rows, 7)) for rows in (1, 4, 5)])
    assert np.array_equal(whole, pieces)


@pytest.mark.parametrize("degrees", [4, "7/2", 2, 0, -1])
def test_student_needs_a_fourth_moment(degrees):
    with pytest.raises(InvalidInput, match="must exceed 4"):
        StudentT(degrees)


@pytest.mark.parametrize("degrees", ["many", float("nan"), None])
def test_student_needs_a_number(degrees):
    with pytest.raises(InvalidInput, match="degrees_of_freedom must be"):
        StudentT(degrees)


def test_ambient_takes_laws_only():
    with pytest.raises(InvalidInput, match="covariates must be"):
        Ambient(covariates="gaussian")
