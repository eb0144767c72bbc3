"""Curves read from files: what is written is what is fitted, and bad files are refused in one line."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput


@pytest.fixture
def written(tmp_path):
    def write(text, name="curve.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_table_of_means(written):
    table = rc.load_table(written("# made by hand\nsteps, excess, standard_error\n0,1,0\n1,0.5,0.1\n10,0.25,0.05\n"))
    np.testing.assert_array_equal(table.steps, [1, 10])
    np.testing.assert_array_equal(table.excess, [0.5, 0.25])
    np.testing.assert_array_equal(table.standard_error, [0.1, 0.05])


def test_columns_are_replicates(written):
    table = rc.load_table(written("\ufefft,run1,run2,run3,run4\r\n1,1,2,3,4\r\n2,4,3,2,1\r\n"))
    np.testing.assert_array_equal(table.replicates, [[1, 4], [2, 3], [3, 2], [4, 1]])
    np.testing.assert_array_equal(table.excess, [2.5, 2.5])


def test_a_saved_curve_keeps_its_floor_and_error(tmp_path):
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="12/5"))
    curve = rc.risk(rc.Run(problem, model_size=100, schedule=rc.Constant("3/10"), steps=[0, 1, 10, 100]))
    curve.save(tmp_path / "curve.json")
    table = rc.load_table(tmp_path / "curve.json")
    np.testing.assert_array_equal(table.excess, curve.excess[1:])
    assert table.floor == curve.approximation / (1 - curve.method["kappa"])
    assert table.error == curve.error


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "it is empty"),
        ("# nothing\n", "a header line that names the columns"),
        ("steps,excess\n", "no line of values follows the header"),
        ("1,2\n3,4\n", "the header and must name the columns"),
        ("place,excess\n3,4\n", "the first line must name the columns"),
        ("steps,excess,excess\n1,2,3\n", "all different"),
        ("steps,excess\n1,2,3\n", "line 2 has 3 values for 2 columns"),
        ("steps,excess\n# note\n1,two\n", "line 3: 'two' in column excess is no number"),
        ("steps,a\n1,2\n", "none of the columns a is known to be a curve .* call the curve 'excess'"),
        ("steps,run1,run2\n1,2,3\n", "2 replicates are too few"),
        ("steps,excess\n2,1\n1,2\n", "ascending"),
        ("steps,excess\n1,nan\n", "not finite at step 1"),
        ("steps,excess,standard_error\n1,2,-1\n", "not negative"),
        ('steps,excess\n1,"2\n', "not CSV"),
        (b"\xff\xfe\x00", "it begins as UTF-16 text, but is none"),
        ("{}", "neither a saved curve nor a table"),
        ("steps;excess\n1;1,5\n2;0.5\n", "line 2: '1,5' in column excess is no number: other cells have"),
        ("steps;excess\n1;1,500\n", "line 2: '1,500' in column excess is no number: thousands, or a fraction"),
        ("steps;excess\n1;2\n3\n", "line 3 has 1 values for 2 columns"),
        ("steps,excess\n1,0,5\n", "line 2 has 3 values for 2 columns: decimal commas"),
        ("steps,excess\n\u0661,2\n", "line 2: .* is no number: write ASCII digits"),
        ("steps,excess\n1_0,2\n", "leave the underscores out"),
        (b"steps,excess\n1,2\x00\n", "line 2 holds a NUL byte"),
        (b"steps,excess\n1,\xe9\n", r"line 2 is not UTF-8 \(byte 0xe9\)"),
        ("steps,excess\n1," + "2" * 200_000 + "\n", "line 2 is not CSV"),
    ],
)
def test_bad_files(written, text, says):
    path = written(text)
    with pytest.raises(InvalidInput, match=says) as refused:
        rc.load_table(path)
    assert str(path) in str(refused.value)


def test_no_file(tmp_path):
    with pytest.raises(InvalidInput, match="cannot read"):
        rc.load_table(tmp_path / "none.csv")
    with pytest.raises(InvalidInput, match="cannot read"):
        rc.load_table(tmp_path)
