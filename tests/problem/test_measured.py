"""Problems measured on data: the empirical distribution as the population."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.exact import Exact
from riskcalc.problem import Measured, PowerLaw, gaussian_sketch, measure
from riskcalc.schedule import Constant
from riskcalc.simulation import Ambient, DataRows, MonteCarlo

GENERATOR = np.random.default_rng(5)
ROWS = 40
FEATURES = GENERATOR.standard_t(5, (ROWS, 6)) @ GENERATOR.standard_normal((6, 6)) + [3, 0, -1, 0, 0, 2]
LABELS = FEATURES @ [1, -2, 0, 0.5, 1, 3] + GENERATOR.standard_normal(ROWS) + 4


def least_squares(features: np.ndarray, labels: np.ndarray, *, intercept: bool) -> float:
    """The least mean squared error of a linear model, by other means."""
    columns = np.column_stack([features, np.ones(len(features))]) if intercept else features
    return float(np.mean((labels - columns @ np.linalg.pinv(columns) @ labels) ** 2))


@pytest.mark.parametrize("centre", [True, False])
def test_the_rotated_rows_have_the_measured_covariance(centre):
    found = measure(FEATURES, LABELS, centre=centre)
    covariance = found.features.T @ found.features / ROWS
    np.testing.assert_allclose(np.diag(covariance), found.problem.eigenvalues(), rtol=1e-15)
    scale = np.sqrt(found.problem.eigenvalues())
    np.testing.assert_allclose(covariance / np.outer(scale, scale), np.eye(6), atol=1e-14)
    expected = np.cov(FEATURES.T, bias=True) if centre else FEATURES.T @ FEATURES / ROWS
    np.testing.assert_allclose(found.problem.eigenvalues(), np.linalg.eigvalsh(expected)[::-1], rtol=1e-11)


@pytest.mark.parametrize("centre", [True, False])
def test_the_rotation_keeps_distances_between_rows(centre):
    found = measure(FEATURES, LABELS, centre=centre)
    before, after = (np.linalg.norm(rows[:, None] - rows, axis=2) for rows in (FEATURES, found.features))
    np.testing.assert_allclose(after, before, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("centre", [True, False])
def test_target_and_noise_are_those_of_the_best_linear_predictor(centre):
    found = measure(FEATURES, LABELS, centre=centre)
    residual = found.labels - found.features @ found.problem.target()
    assert float(found.problem.noise) == pytest.approx(np.mean(residual**2), rel=1e-13)
    assert float(found.problem.noise) == pytest.approx(least_squares(FEATURES, LABELS, intercept=centre), rel=1e-10)
    np.testing.assert_allclose(found.features.T @ residual / ROWS, 0, atol=1e-12)
    power = found.problem.signal_power().sum()
    assert power + float(found.problem.noise) == pytest.approx(np.mean(found.labels**2), rel=1e-13)


def test_what_is_centred():
    centred, as_given = measure(FEATURES, LABELS), measure(FEATURES, LABELS, centre=False)
    assert abs(centred.labels.mean()) < 1e-13
    np.testing.assert_allclose(centred.features.mean(axis=0), 0, atol=1e-13)
    np.testing.assert_array_equal(as_given.labels, LABELS)
    assert centred.problem.eigenvalues().sum() < as_given.problem.eigenvalues().sum()


def test_the_signs_of_the_eigenvectors_are_fixed():
    found, mirrored = measure(FEATURES, LABELS), measure(-FEATURES[:, ::-1], LABELS)
    assert found.problem.target().min() >= 0
    np.testing.assert_allclose(mirrored.features, found.features, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(mirrored.problem.target(), found.problem.target(), rtol=1e-9)


def test_directions_in_which_the_data_do_not_vary_are_dropped():
    constant, copied = np.full((ROWS, 1), 0.1), FEATURES[:, :1] - 7 * FEATURES[:, 1:2]
    found = measure(np.hstack([FEATURES, constant, copied]), LABELS)
    assert found.problem.dimension == 6
    assert float(found.problem.noise) == pytest.approx(float(measure(FEATURES, LABELS).problem.noise), rel=1e-10)
    # without centring the constant is a direction of its own
    assert measure(np.hstack([FEATURES, constant]), LABELS, centre=False).problem.dimension == 7


def test_small_directions_are_kept_far_above_rounding():
    scales = 10.0 ** -np.arange(0, 12, 2)
    found = measure(GENERATOR.standard_normal((ROWS, 6)) * scales, LABELS)
    assert found.problem.dimension == 6
    assert found.problem.eigenvalues()[-1] == pytest.approx(1e-20, rel=0.9)


def test_an_offset_leaves_no_direction_of_rounding_behind():
    constant = np.full((ROWS, 3), 1e9 / 3) * [1.0, 1.1, 1.3]
    assert measure(np.hstack([FEATURES, constant]), LABELS).problem.dimension == 6


@pytest.mark.parametrize("centre, rank", [(True, 4), (False, 5)])
def test_as_many_features_as_rows_leave_no_noise(centre, rank):
    found = measure(FEATURES[:5], LABELS[:5], centre=centre)
    assert found.problem.dimension == rank
    assert found.problem.noise == 0
    np.testing.assert_allclose(found.features @ found.problem.target(), found.labels, rtol=1e-10)


def test_a_nearly_exact_fit_keeps_its_small_noise():
    slight = 1e-10 * GENERATOR.standard_normal(ROWS)
    found = measure(FEATURES, FEATURES @ np.ones(6) + slight)
    assert float(found.problem.noise) == pytest.approx(least_squares(FEATURES, slight, intercept=True), rel=1e-3)


def test_scaling_the_data_scales_the_problem():
    plain, scaled = measure(FEATURES, LABELS).problem, measure(1e60 * FEATURES, 1e-60 * LABELS).problem
    np.testing.assert_allclose(scaled.eigenvalues(), 1e120 * plain.eigenvalues(), rtol=1e-11)
    np.testing.assert_allclose(scaled.target(), 1e-120 * plain.target(), rtol=1e-11)
    assert float(scaled.noise) == pytest.approx(1e-120 * float(plain.noise), rel=1e-11)


def test_it_feeds_the_exact_road_and_sgd_on_the_rows():
    found = measure(FEATURES, LABELS)
    run = Run(found.problem, model_size=3, schedule=Constant(1e-4), steps=[0])
    rows = Ambient(covariates=DataRows(found.features, found.labels))
    theory, sampled = Exact(seed=4).curve(run), MonteCarlo(runs=1, sketch_seed=4, simulator=rows).curve(run)
    # before the first step, and for the best model, only second moments count: both sides are exact
    assert sampled.excess[0] == pytest.approx(theory.excess[0], rel=1e-12)
    assert sampled.approximation == pytest.approx(theory.approximation, rel=1e-11)


def test_gaussian_rows_recover_the_power_law():
    """With n rows the relative error of an eigenvalue is about sqrt(2/n)."""
    law, rows = PowerLaw(a=2, dimension=5).eigenvalues(), 200_000
    drawn = np.random.default_rng(8).standard_normal((rows, 5)) * np.sqrt(law)
    found = measure(drawn, drawn @ np.ones(5) + np.random.default_rng(9).standard_normal(rows)).problem
    z = (found.eigenvalues() / law - 1) / np.sqrt(2 / rows)
    assert np.abs(z).max() < 4.5  # five tests at level 1e-5
    assert abs((float(found.noise) - 1) / np.sqrt(2 / rows)) < 4.5
    np.testing.assert_allclose(found.target(), 1, atol=4.5 / np.sqrt(rows * law[-1]))


def test_the_result_is_read_only():
    found = measure(FEATURES, LABELS)
    assert isinstance(found, Measured)
    for array in (found.features, found.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(AttributeError):
        found.labels = LABELS


def test_the_data_are_not_changed():
    features, labels = FEATURES.copy(), LABELS.copy()
    measure(features, labels)
    np.testing.assert_array_equal(features, FEATURES)
    np.testing.assert_array_equal(labels, LABELS)
    assert features.flags.writeable


def test_a_sketch_of_the_measured_dimension_fits():
    found = measure(FEATURES[:, [0, 0, 1]], LABELS)
    assert gaussian_sketch(model_size=2, dimension=found.problem.dimension, seed=0).shape == (2, 2)


BROKEN = FEATURES.copy()
BROKEN[7, 2] = np.nan


@pytest.mark.parametrize(
    "features, labels, centre, message",
    [
        (BROKEN, LABELS, True, "1 rows are not, the first one row 7"),
        (FEATURES, np.where(np.arange(ROWS) == 3, np.inf, LABELS), True, "the first one row 3"),
        (FEATURES, np.full(ROWS, 0.1), True, "all labels are 0.1"),
        (FEATURES, np.zeros(ROWS), False, "all labels are 0:"),
        (np.full((ROWS, 2), 0.1), LABELS, True, "features are constant"),
        (np.zeros((ROWS, 2)), LABELS, False, "features are constant"),
        (FEATURES, LABELS[:-1], True, r"\(40, 6\) and \(39,\)"),
        (FEATURES, LABELS[:, None], True, r"\(40, 6\) and \(40, 1\)"),
        (FEATURES[:, 0], LABELS, True, r"\(40,\) and \(40,\)"),
        (FEATURES[:, :0], LABELS, True, r"\(40, 0\)"),
        (FEATURES[:1], LABELS[:1], True, "at least 2 rows of data, not 1"),
        (FEATURES[:0], LABELS[:0], True, "at least 2 rows of data, not 0"),
        (1e200 * FEATURES, LABELS, True, "between 1e-100 and 1e100"),
        (FEATURES, 1e-200 * LABELS, True, "largest of the labels"),
        (1j * FEATURES, LABELS, True, "features must be an array of real numbers"),
        (FEATURES, ["even"] * ROWS, True, "labels must be an array of real numbers"),
        ([[1, 2], [3]], [1, 2], True, "features must be an array of real numbers"),
        (FEATURES, [None] * ROWS, True, "labels"),
    ],
)
def test_bad_data_is_refused(features, labels, centre, message):
    with pytest.raises(InvalidInput, match=message):
        measure(features, labels, centre=centre)


NUMBERS = st.one_of(st.floats(), st.integers(-3, 3), st.sampled_from([1e-160, 1e99, 1e160, float("nan")]))


@given(st.data(), st.integers(0, 5), st.integers(0, 4), st.booleans())
def test_any_data_gives_a_problem_or_one_clear_error(data, rows, columns, centre):
    row = st.lists(NUMBERS, min_size=columns, max_size=columns)
    features = data.draw(st.lists(row, min_size=rows, max_size=rows))
    labels = data.draw(st.lists(NUMBERS, min_size=rows, max_size=rows))
    try:
        found = measure(np.array(features, dtype=float).reshape(rows, columns), labels, centre=centre)
    except InvalidInput:
        return
    assert found.problem.eigenvalues().min() > 0
    assert found.features.shape == (rows, found.problem.dimension)
    assert float(found.problem.noise) <= np.mean(found.labels**2) * (1 + 1e-12)
