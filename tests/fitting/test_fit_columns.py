"""Which columns of a log are fitted: replicates are named or recognised, everything else is set aside by name."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

STEPS = np.arange(10, 810, 10)
TRUTH = 1 + 10 * STEPS**-0.5


def run(seed):
    return TRUTH * np.exp(0.01 * np.random.default_rng(seed).standard_normal(STEPS.size))


def written(path, columns):
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(columns), *(",".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


CLUTTER = {
    "epoch": STEPS / 100,
    "lr": 3e-4 * np.ones(STEPS.size),
    "wall_time": 1.7e9 + STEPS,
    "M": 64 * np.ones(STEPS.size),
    "std": 0.3 * np.ones(STEPS.size),
    "loss__MIN": run(8),
    "loss__MAX": run(9),
    "grad_norm": run(7),
}


@pytest.mark.every_case
@pytest.mark.parametrize(
    "columns",
    [
        {"": np.arange(STEPS.size), "step": STEPS, "loss": run(0), **CLUTTER},
        {"Unnamed: 0": np.arange(STEPS.size), "Step": STEPS, "Train Loss (nats)": run(0), **CLUTTER},
        {"Wall time": 1e9 + STEPS, "Step": STEPS, "Value": run(0)},
        {"Step": STEPS, "big-3 - _step": STEPS, "big-3 - train/loss": run(0), "big-3 - train/loss__MIN": run(1)},
        {"step": STEPS, "mean": run(0), "std": run(1) - run(1) + 0.1},
        {"global_step": STEPS, "loss": run(0), "eval_loss": run(3)},
    ],
)
def test_what_is_no_run_is_set_aside_by_name(tmp_path, columns):
    """Taken for replicates such columns gave exponents from -0.96 to 0.50 with intervals of 9e9."""
    table = rc.load_table(written(tmp_path / "log.csv", columns))
    np.testing.assert_array_equal(table.excess, run(0))
    assert table.replicates is None
    assert "set aside" in table.columns
    for name in ("epoch", "lr", "std", "eval_loss"):
        assert (name in table.columns) == (name in columns)


def test_the_fit_of_a_cluttered_log_is_that_of_its_loss(tmp_path):
    fit = rc.fit_exponents(rc.load_table(written(tmp_path / "log.csv", {"step": STEPS, **CLUTTER, "loss": run(0)})))
    assert fit.exponent == rc.fit_exponents((STEPS, run(0))).exponent
    assert fit.interval[0] < 0.5 < fit.interval[1]
    assert "columns:    loss by step; set aside: epoch, lr" in str(fit)
    assert fit.to_dict()["columns"].startswith("loss by step")


@pytest.mark.every_case
@pytest.mark.parametrize(
    "names, pattern",
    [
        (["run1", "run2", "run3", "run4"], None),
        (["Seed 0", "Seed 1", "Seed 2", "Seed 3"], None),
        (["0", "1", "2", "3"], None),
        (["loss", "loss.1", "loss.2", "loss.3"], None),
        (["a - loss", "b - loss", "c - loss", "d - loss"], None),
        (["x_a", "x_b", "x_c", "x_d"], "x_*"),
        (["red", "green", "blue", "grey"], "red,green,blue,grey"),
    ],
)
def test_replicates_are_recognised_or_named(tmp_path, names, pattern):
    columns = {"step": STEPS, **{name: run(place) for place, name in enumerate(names)}, "epoch": CLUTTER["epoch"]}
    table = rc.load_table(written(tmp_path / "log.csv", columns), replicates=pattern)
    np.testing.assert_array_equal(table.replicates, [run(place) for place in range(4)])
    assert table.columns.endswith("set aside: epoch")


@pytest.mark.parametrize(
    "columns, asked, says",
    [
        ({"red": run(0), "green": run(1)}, {}, "none of the columns red, green is known"),
        ({"lr": run(0)}, {}, "none of the columns lr is known"),
        ({f"run{i}": run(i % 3) for i in range(5)}, {}, "hold the same numbers: copies of a run"),
        ({**{f"run{i}": run(i) for i in range(4)}, "run9": TRUTH[::-1]}, {}, "run9 never falls"),
        ({**{f"run{i}": run(i) for i in range(4)}, "seed1": run(5), "seed2": run(6)}, {}, "several groups of columns"),
        ({"loss": run(0)}, {"column": "risk"}, "no column 'risk'"),
        ({"loss": run(0)}, {"replicates": "run*"}, "no column is called 'run\\*'"),
        ({"loss": run(0)}, {"replicates": "loss"}, "only 'loss' is named"),
        ({"loss": run(0)}, {"replicates": "loss", "column": "loss"}, "name one of the two"),
    ],
)
def test_what_is_not_known_is_refused(tmp_path, columns, asked, says):
    path = written(tmp_path / "log.csv", {"step": STEPS, **columns})
    with pytest.raises(InvalidInput, match=says):
        rc.load_table(path, **asked)


def test_rows_without_a_loss_are_left_out(tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("step,loss,eval_loss\n1,5,\n2,4,4.5\n2,,4.5\n3,3,\n")
    np.testing.assert_array_equal(rc.load_table(path).excess, [5, 4, 3])
