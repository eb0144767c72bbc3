"""What is fitted may be the name of a file, in Python as at the command line."""

from __future__ import annotations

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
