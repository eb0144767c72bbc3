"""Tables as trainers and trackers write them: what is taken for what is said, and what could be two things is asked."""

from __future__ import annotations

import json

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.fitting.table import check_copies
from riskcalc.schedule import load_schedule

STEPS = np.unique(np.geomspace(10, 10_000, 40).round())
CURVE = 1 + 5 * STEPS**-0.5


def noisy(seed):
    return CURVE * np.exp(0.02 * np.random.default_rng(seed).standard_normal(STEPS.size))


def table(path, **columns):
    rows = zip(*(np.broadcast_to(column, STEPS.shape) for column in columns.values()), strict=True)
    names = ",".join(name.replace("__", " ") for name in columns)
    path.write_text("\n".join([names, *(",".join(map(str, row)) for row in rows)]))
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "log.csv"


def test_two_columns_of_steps_that_differ_are_asked_about(path):
    """The tracker's own count was taken, and the exponent was that of the count."""
    table(path, Step=np.arange(STEPS.size) + 1, iteration=STEPS, loss=CURVE)
    with pytest.raises(InvalidInput, match=r"Step and iteration could both be meant, and they differ.*--steps"):
        rc.fit_exponents(path)
    found = rc.load_table(path, steps="iteration")
    np.testing.assert_array_equal(found.steps, STEPS)
    assert "by iteration" in found.columns
    np.testing.assert_array_equal(rc.load_table(path, steps="Step").steps, np.arange(STEPS.size) + 1)
    table(path, Step=STEPS, iteration=STEPS, loss=CURVE)
    np.testing.assert_array_equal(rc.load_table(path).steps, STEPS)
    table(path, tokens=1000 * STEPS, loss=CURVE)
    np.testing.assert_array_equal(rc.load_table(path, steps="tokens").steps, 1000 * STEPS)
    with pytest.raises(InvalidInput, match="cannot be the curve too"):
        rc.load_table(path, steps="tokens", column="tokens")
    with pytest.raises(InvalidInput, match="no column 'epoch'"):
        rc.load_table(path, steps="epoch")


def test_two_step_sizes_that_differ_are_asked_about(path):
    table(path, step=STEPS, loss=CURVE, lr=0.1, learning_rate=0.2)
    with pytest.raises(InvalidInput, match="could both be meant, and they differ"):
        rc.load_curve(path)


def test_a_run_before_the_metric_is_read_alike_everywhere(path):
    """Exports of trackers were read by one reader and refused by two."""
    header = "Step,red-1 - train/loss,red-1 - train/learning_rate,red-1 - train/loss__MIN"
    path.write_text("\n".join([header, *(f"{step + 1},{2 + 1 / (step + 1)},{0.1},{0}" for step in range(20))]))
    curve = rc.load_curve(path)
    np.testing.assert_array_equal(curve.losses, 2 + 1 / np.arange(1.0, 21))
    np.testing.assert_array_equal(curve.recorded_sizes, np.full(20, 0.1))
    np.testing.assert_array_equal(rc.load_table(path).excess, curve.losses)
    np.testing.assert_array_equal(load_schedule(path).step_sizes(0, 20, horizon=20), np.full(20, 0.1))


def test_a_step_size_that_falls_is_told(path):
    """Its exponent is of the schedule too, and nothing said so."""
    table(path, step=STEPS, loss=CURVE, lr=np.linspace(0.3, 0.03, STEPS.size))
    assert "lr falls to 10 % along this curve" in rc.load_table(path).columns
    table(path, step=STEPS, loss=CURVE, lr=np.minimum(STEPS / 100, 0.3))  # a warm-up
    assert "falls" not in rc.load_table(path).columns


def test_standard_errors_of_zero_say_nothing(path):
    """The interval was a point."""
    table(path, step=STEPS, loss=noisy(0), standard_error=0)
    with pytest.raises(InvalidInput, match="standard_error is 0 in every row"):
        rc.fit_exponents(path)
    table(path, step=STEPS, loss=noisy(0), standard_error=np.where(STEPS == 10, 0, 0.02))
    assert rc.fit_exponents(path).interval[1] - rc.fit_exponents(path).interval[0] > 0.1


def test_standard_errors_far_below_the_residuals_are_told(path):
    table(path, step=STEPS, loss=noisy(0), standard_error=0.0002)
    assert "the residuals are" in rc.fit_exponents(path).uncertainty
    table(path, step=STEPS, loss=noisy(0), standard_error=0.03)
    assert "the residuals are" not in rc.fit_exponents(path).uncertainty


def test_what_was_not_measured_is_left_out(path):
    rows = [("Step", "Training Loss"), (5, "No log"), *zip(STEPS, CURVE, strict=True), (20_000, "None"), (30_000, "")]
    path.write_text("\n".join(f"{step},{loss}" for step, loss in rows))
    np.testing.assert_array_equal(rc.load_table(path).steps, STEPS)


def test_one_replicate_alone_is_asked_about(path):
    table(path, step=STEPS, run1=CURVE)
    with pytest.raises(InvalidInput, match=r"run1 alone is no group of replicates.*--column run1"):
        rc.load_table(path)


def test_copies_that_were_rounded_are_copies():
    runs = np.array([noisy(seed) for seed in range(6)])
    rc.fit_exponents((STEPS, runs))
    copied = np.vstack([runs, runs[3].astype(np.float32).astype(float)])
    with pytest.raises(InvalidInput, match="replicate 4 and replicate 7 hold the same numbers"):
        rc.fit_exponents((STEPS, copied))
    check_copies(np.vstack([runs, 1e6 * runs[:1]]))  # one astray makes no copies of the others


def test_replicates_of_another_curve_are_refused():
    """They were fitted in place of the curve that was given."""
    runs = np.array([noisy(seed) for seed in range(6)])
    rc.fit_exponents((STEPS, CURVE), replicates=runs)
    with pytest.raises(InvalidInput, match="the replicates are no runs of this curve"):
        rc.fit_exponents((STEPS, CURVE), replicates=5 * runs)


def test_masked_numbers_are_not_fitted():
    masked = np.ma.array(CURVE, mask=STEPS > 1000)
    with pytest.raises(InvalidInput, match=r"excess holds .* masked values"):
        rc.fit_exponents((STEPS, masked))
    rc.fit_exponents((STEPS, np.ma.array(CURVE, mask=False)))


@pytest.mark.parametrize("orient", ["split", "table", "index", "columns", "records"])
def test_every_way_in_which_a_data_frame_writes_json(path, orient):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"step": STEPS, "loss": CURVE})
    path.write_text(frame.to_json(orient=orient, double_precision=15))
    found = rc.load_table(path)
    np.testing.assert_array_equal(found.steps, STEPS)
    np.testing.assert_allclose(found.excess, CURVE, rtol=1e-14)


def test_json_of_another_kind_is_said_to_be_none(path):
    path.write_text(json.dumps({"lr": 0.1}))
    with pytest.raises(InvalidInput, match="neither a saved curve nor a table"):
        rc.load_table(path)
