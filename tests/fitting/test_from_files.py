"""What is fitted may be the name of a file, in Python as at the command line."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

CURVE = "step,loss\n1,3.0\n10,2.0\n100,1.5\n1000,1.25\n10000,1.125\n"
POINTS = "N,D,loss\n" + "".join(f"{n},{d},{1 + 2 / n + 3 * d**-0.5}\n" for n in (10, 30, 100) for d in (100, 1e3, 1e4))


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "table.csv"
        path.write_text(text)
        return path

    return write


def test_a_curve_is_fitted_from_its_file(file):
    path = file(CURVE)
    assert rc.fit_exponents(str(path)).exponent == rc.fit_exponents(rc.load_table(path)).exponent
    local = [rc.local_exponents(one, floor=0, decades=3) for one in (path, rc.load_table(path))]
    assert (local[0].exponents == local[1].exponents).all()


def test_a_loss_table_is_fitted_from_its_file(file):
    path = file(POINTS)
    points = rc.load_points(path)
    apart = rc.fit_scaling_law(points.sizes, points.samples, points.losses)
    assert rc.fit_scaling_law(str(path)).estimates == rc.fit_scaling_law(points).estimates == apart.estimates


@pytest.mark.parametrize("more", [{"samples": [1, 2]}, {"risks": [1, 2]}])
def test_a_loss_table_has_all_its_columns(file, more):
    with pytest.raises(InvalidInput, match="leave samples and risks out"):
        rc.fit_scaling_law(file(POINTS), **more)
    with pytest.raises(InvalidInput, match="samples and risks are needed"):
        rc.fit_scaling_law([1, 2], **more)


def test_curves_one_below_the_other_are_told_apart(file):
    rows = [f"{size},{step},{step**-0.5},{size * step + 1}" for size in (10, 100) for step in (1, 10, 100, 1000)]
    with pytest.raises(InvalidInput, match="2 curves, which differ in model_size: keep"):
        rc.fit_exponents(file("\n".join(["model_size,step,loss,note", *rows])))
    with pytest.raises(InvalidInput, match="ascending"):  # nothing tells them apart
        rc.fit_exponents(file("\n".join(["step,loss", *(",".join(row.split(",")[1:3]) for row in rows)])))


@pytest.mark.parametrize(
    ("header", "unit", "says"),
    [
        ("N,compute,loss", 8.64e19, "less than one sample: give compute in floating-point operations"),
        ("N,compute (PF-days),loss", 8.64e19, r"compute \(PF-days\) is in PF-days"),
        ("N (M),C,loss", 1.0, r"N \(M\) is in M"),
    ],
)
def test_a_budget_in_another_unit_is_noticed(file, header, unit, says):
    """The samples were 1e-11, and nothing said so."""
    rows = "".join(f"{n},{6 * n * d / unit},{1 + 2 / n + 3 * d**-0.5}\n" for n in (10, 30, 99) for d in (100, 1e3, 1e4))
    with pytest.raises(InvalidInput, match=says):
        rc.load_points(file(f"{header}\n{rows}"))
    plain = rc.load_points(file("N,compute (FLOPs),loss\n10,6000,1.5\n20,6000,1.25\n"))
    assert plain.samples.tolist() == [100.0, 50.0]


def test_the_runs_of_a_loss_table_are_named(file):
    """Rows of one run wander together: resampled one by one they say too much."""
    generator = np.random.default_rng(0)
    sizes, samples = np.repeat(np.geomspace(10, 1000, 12), 6), np.tile(np.geomspace(100, 1e5, 6), 12)
    wander = np.repeat(0.02 * generator.standard_normal(12), 6)
    losses = (1 + 2 / sizes + 3 * samples**-0.5) * np.exp(wander + 0.001 * generator.standard_normal(72))
    rows = zip(np.repeat(list("abcdefghijkl"), 6), sizes, samples, losses, strict=True)
    path = file("run,N,D,loss\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    alone, together = rc.load_points(path), rc.load_points(path, groups="run")
    assert "set aside: run" in alone.columns
    assert "runs by run" in together.columns
    widths = [np.diff(rc.fit_scaling_law(one, holdout=0).intervals["E"])[0] for one in (alone, together)]
    assert widths[1] > 1.5 * widths[0]
    named = rc.fit_scaling_law(alone, groups=np.repeat(np.arange(12), 6), holdout=0).intervals
    assert named == rc.fit_scaling_law(together, holdout=0).intervals


def test_the_replicates_of_a_loss_table(file):
    rows = [(n, d, [1 + 2 / n + 3 * d**-0.5 + 0.001 * k for k in range(4)]) for n in (10, 30) for d in (1, 9)]
    path = file("N,D,loss_0,loss_1,loss_2,loss_3\n" + "".join(f"{n},{d},{','.join(map(str, l))}\n" for n, d, l in rows))
    found = rc.load_points(path)
    assert found.losses.tolist() == [list(row) for row in zip(*(losses for *_, losses in rows), strict=True)]
    assert "4 replicates (loss_0, loss_1, loss_2, loss_3) by N and D" in found.columns


def test_a_value_is_chosen_as_a_number(file):
    path = file("lr,N,D,loss\n0.1,10,100,2.5\n0.10,20,100,2.25\n0.2,30,100,2\n")
    assert rc.load_points(path, where="lr=1e-1").sizes.tolist() == [10, 20]
    with pytest.raises(InvalidInput, match="the columns are lr, N, D"):
        rc.load_points(file("lr,N,D\n1,2,3\n"))
    with pytest.raises(InvalidInput, match="'70M' in column N is no number: write the number out, such as 7e7 for 70M"):
        rc.load_points(file("N,D,loss\n70M,1e9,3\n"))
