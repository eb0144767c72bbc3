"""The problem: its parts, what they compute, and what they refuse."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.errors import InvalidInput, RiskcalcError, RoundedToZero
from riskcalc.problem import (
    ExplicitSignal,
    ExplicitSpectrum,
    PowerLaw,
    PowerLawSignal,
    Problem,
    gaussian_sketch,
)
from riskcalc.problem.sketch import checked_sketch, read_sketch

POWER_LAWS = Problem(spectrum=PowerLaw(a=2, dimension=4), signal=PowerLawSignal(b=3), noise="1/2")


def test_power_laws_mean_what_they_say() -> None:
    j = np.arange(1, 5)
    np.testing.assert_allclose(POWER_LAWS.eigenvalues(), j**-2.0, rtol=1e-15)
    np.testing.assert_allclose(POWER_LAWS.signal_power(), j**-3.0, rtol=1e-15)
    np.testing.assert_allclose(POWER_LAWS.target() ** 2 * j**-2.0, j**-3.0, rtol=1e-14)
    assert POWER_LAWS.dimension == 4
    assert POWER_LAWS.is_power_law


def test_scales_multiply_spectrum_and_signal() -> None:
    problem = Problem(spectrum=PowerLaw(a=1, dimension=2, scale=3), signal=PowerLawSignal(b=2, scale="1/2"))
    np.testing.assert_allclose(problem.eigenvalues(), [3.0, 1.5])
    np.testing.assert_allclose(problem.signal_power(), [0.5, 0.125])


def test_explicit_parts_are_kept_in_their_order_and_cannot_be_changed() -> None:
    given_values = np.array([0.5, 2.0, 0.0])
    problem = Problem(spectrum=ExplicitSpectrum(given_values), signal=ExplicitSignal([1, -1, 4]))
    given_values[0] = 99.0
    np.testing.assert_array_equal(problem.eigenvalues(), [0.5, 2.0, 0.0])
    np.testing.assert_array_equal(problem.signal_power(), [0.5, 2.0, 0.0])
    with pytest.raises(ValueError, match="read-only"):
        problem.eigenvalues()[0] = 1.0
    assert not problem.is_power_law


def test_a_power_law_signal_on_a_measured_spectrum_leaves_dead_directions_out() -> None:
    problem = Problem(spectrum=ExplicitSpectrum([1.0, 0.0]), signal=PowerLawSignal(b=2))
    np.testing.assert_array_equal(problem.target(), [1.0, 0.0])


def test_infinite_dimension_is_the_default_and_has_no_vectors() -> None:
    problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="17/5"))
    assert problem.dimension is None
    for vector in (problem.eigenvalues, problem.signal_power, problem.target):
        with pytest.raises(InvalidInput, match="finite dimension"):
            vector()


def test_vectors_that_do_not_fit_in_memory_are_refused() -> None:
    problem = Problem(spectrum=PowerLaw(a=2, dimension="1e12"), signal=PowerLawSignal(b=3))
    with pytest.raises(InvalidInput, match="too large"):
        problem.eigenvalues()


@pytest.mark.parametrize(
    ("keywords", "reason"),
    [
        ({"a": 0}, "a must be positive"),
        ({"a": -1}, "a must be positive"),
        ({"a": 1}, "infinite trace"),
        ({"a": "x"}, "a must be a number"),
        ({"a": 2, "dimension": 0}, "at least 1"),
        ({"a": 2, "dimension": "5/2"}, "whole number"),
        ({"a": 2, "scale": 0}, "scale must be positive"),
    ],
)
def test_spectra_without_an_answer_are_refused(keywords: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        PowerLaw(**keywords)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "nonempty"),
        ([[1.0]], "shape"),
        ([1.0, np.nan], "entry 1 is nan"),
        ([-1.0, 1.0], "negative"),
        ([0.0, 0.0], "zero"),
        ("ab", "numbers"),
        ([1j], "numbers"),
        (np.array([1j]), "numbers"),
        ([10**400], "numbers"),
        ([[1.0], [1.0, 2.0]], "numbers"),
    ],
)
def test_measured_spectra_that_are_none_are_refused(values: object, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        ExplicitSpectrum(values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keywords", "reason"),
    [
        ({"spectrum": PowerLaw(a=2), "signal": PowerLawSignal(b=1)}, "infinite at step 0"),
        ({"spectrum": PowerLaw(a=2, dimension=10), "signal": PowerLawSignal(b=-400)}, "overflow"),
        ({"spectrum": PowerLaw(a=2), "signal": ExplicitSignal([1.0])}, "as many"),
        ({"spectrum": ExplicitSpectrum([1.0, 0.5]), "signal": ExplicitSignal([1.0])}, "as many"),
        ({"spectrum": PowerLaw(a=2), "signal": PowerLawSignal(b=3), "noise": -1}, "variance"),
        ({"spectrum": PowerLaw(a=2), "signal": PowerLawSignal(b=3), "noise": "much"}, "noise"),
        ({"spectrum": 2, "signal": PowerLawSignal(b=3)}, "spectrum must be"),
        ({"spectrum": PowerLaw(a=2), "signal": 3}, "signal must be"),
    ],
)
def test_problems_without_an_answer_are_refused(keywords: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        Problem(**keywords)  # type: ignore[arg-type]


def test_a_finite_dimension_admits_slow_decay() -> None:
    problem = Problem(spectrum=PowerLaw(a="4/5", dimension=3), signal=PowerLawSignal(b=-1))
    np.testing.assert_allclose(problem.signal_power(), [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    "problem",
    [
        POWER_LAWS,
        Problem(spectrum=PowerLaw(a=1.7, scale=2), signal=PowerLawSignal(b=0.1 + 1.2), noise=0.3),
        Problem(spectrum=ExplicitSpectrum([1.0, 1 / 3]), signal=ExplicitSignal([0.1, -0.2])),
    ],
)
def test_the_description_is_plain_json_that_loses_nothing(problem: Problem) -> None:
    described = problem.describe()
    assert json.loads(json.dumps(described)) == described
    if problem.is_power_law:
        read = Problem(
            spectrum=PowerLaw(
                a=_reread(described["a"]), dimension=described["dimension"], scale=described["spectrum_scale"]
            ),
            signal=PowerLawSignal(b=_reread(described["b"]), scale=described["signal_scale"]),
            noise=_reread(described["noise"]),
        )
    else:
        read = Problem(
            spectrum=ExplicitSpectrum(described["eigenvalues"]),
            signal=ExplicitSignal(described["target"]),
            noise=described["noise"],
        )
    assert read == problem
    assert hash(read) == hash(problem)


def _reread(text: str) -> object:
    """The float or rational behind a described number; floats carry a point."""
    return float(text) if "." in text else Fraction(text)


numbers = st.one_of(st.floats(), st.integers(), st.fractions(), st.text(max_size=4), st.none())


@settings(deadline=None)
@given(a=numbers, b=numbers, noise=numbers, dimension=st.one_of(st.none(), numbers, st.integers(1, 20)))
def test_any_input_makes_a_problem_or_the_packages_own_error(
    a: object, b: object, noise: object, dimension: object
) -> None:
    try:
        problem = Problem(
            spectrum=PowerLaw(a=a, dimension=dimension),  # type: ignore[arg-type]
            signal=PowerLawSignal(b=b),  # type: ignore[arg-type]
            noise=noise,  # type: ignore[arg-type]
        )
        power = problem.signal_power()
    except RiskcalcError:
        return
    assert np.isfinite(power).all()
    assert np.isfinite(problem.target()).all()


def test_the_same_seed_is_the_same_sketch_with_entries_of_variance_one_over_m() -> None:
    first = gaussian_sketch(model_size=50, dimension=400, seed=3)
    np.testing.assert_array_equal(first, gaussian_sketch(model_size=50, dimension=400, seed=3))
    assert not np.array_equal(first, gaussian_sketch(model_size=50, dimension=400, seed=4))
    squares = 50 * first**2  # mean 1, variance 2
    z = (squares.mean() - 1) / np.sqrt(2 / squares.size)
    assert abs(z) < 4  # level 6e-5; a missing factor 1/M is off by thousands of standard errors


@pytest.mark.parametrize(
    ("model_size", "dimension", "reason"),
    [(2, None, "infinite-dimensional"), (10**6, 10**6, "memory")],
)
def test_sketches_that_cannot_be_drawn_are_refused(
    model_size: int, dimension: int | None, reason: str
) -> None:
    with pytest.raises(InvalidInput, match=reason):
        gaussian_sketch(model_size=model_size, dimension=dimension, seed=0)


def test_a_given_sketch_is_checked() -> None:
    np.testing.assert_array_equal(checked_sketch(read_sketch([[1, 2]]), model_size=1, dimension=2), [[1.0, 2.0]])
    with pytest.raises(InvalidInput, match="shape"):
        checked_sketch(read_sketch([[1, 2]]), model_size=2, dimension=2)
    with pytest.raises(InvalidInput, match="not finite"):
        read_sketch([[1, np.inf]])


def test_eigenvalues_that_rounding_made_negative_count_as_zero():
    rows = np.random.default_rng(0).normal(size=(5, 12))
    found = np.linalg.eigvalsh(rows.T @ rows)
    assert found.min() < 0
    with pytest.warns(RoundedToZero, match=r"\d eigenvalues? below zero by rounding, down to -.*as zero"):
        spectrum = ExplicitSpectrum(found)
    np.testing.assert_array_equal(spectrum.values, np.where(found > 1e-13, found, 0))
    assert np.count_nonzero(spectrum.values) == 5  # as many as there are rows: those above zero by rounding count too
    with pytest.raises(InvalidInput, match="more than rounding makes of zero"):
        ExplicitSpectrum([1.0, 0.5, -1e-14])
