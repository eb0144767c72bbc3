"""`riskcalc data`: a report in one command, and one clear line for data that cannot be used."""

from __future__ import annotations

import numpy as np
import pytest

QUICK = ("--sketches", "2", "--runs", "2", "--steps", "0,20", "--resamples", "20")


@pytest.fixture
def place(tmp_path):
    generator = np.random.default_rng(0)
    features = generator.standard_normal((50, 6))
    np.savez(tmp_path / "good.npz", images=features, kind=np.arange(50) % 2, y=features[:, 0])
    np.savez(tmp_path / "constant.npz", X=features, y=np.ones(50))
    features[3, 2] = np.nan
    np.savez(tmp_path / "nan.npz", X=features, y=np.arange(50.0))
    (tmp_path / "text.csv").write_text("a,b\n" + "1,2\nred,3\n" * 15)
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n3\n")
    (tmp_path / "semicolons.csv").write_text("a;b\n1,5;2\n" * 15)
    (tmp_path / "one.csv").write_text("a,b\n1,2\n")
    (tmp_path / "headless.csv").write_text("1,2\n" * 30)
    (tmp_path / "broken.npz").write_bytes(b"PK not an archive")
    return tmp_path


def test_a_regression_in_one_command(riskcalc, tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "data.png"
    answer = riskcalc("data", "sklearn:diabetes", "--kernel", "laplace", *QUICK, "--plot", str(picture))
    assert answer.status == 0, answer.err
    for words in ("442 rows", "laplace (bandwidth", "\na: ", "\nb: ", "the intervals allow", "gap to exact"):
        assert words in answer.out
    assert picture.stat().st_size > 10_000


def test_json_and_every_flag(riskcalc, place):
    asked = "--kernel rbf --bandwidth 3 --features images --labels kind --class 1 --no-standardise --rows 40"
    more = "--window 1:8 --level 0.9 --model-size 5 --step-size 1/8 --batch-size 2 --seed 3 --task classes --json"
    found = riskcalc("data", str(place / "good.npz"), *asked.split(), *more.split(), *QUICK).json()
    assert found["data"]["rows"] == 40
    assert found["data"]["outputs"] == ["1 against the rest"]
    assert found["kernel"] == {"name": "rbf", "bandwidth": 3.0}
    assert found["a"]["level"] == 0.9
    assert found["curves"]["steps"] == [0, 20]
    assert found["curves"]["model_size"] == 5


@pytest.mark.parametrize(
    "file, flags, says",
    [
        ("constant.npz", (), "constant target"),
        ("nan.npz", (), "first one row 3"),
        ("good.npz", (), "say which one holds the features"),
        ("good.npz", ("--features", "X"), "no array 'X'"),
        ("good.npz", ("--features", "images", "--label", "z"), "no array 'z'"),
        ("good.npz", ("--features", "images", "--model-size", "7"), "exceeds the 6 directions"),
        ("good.npz", ("--features", "images", "--labels", "kind", "--class", "5"), "no row has the class '5'"),
        ("text.csv", (), "line 3: 'red' in column a is no number; leave the column out"),
        ("text.csv", ("--label", "c"), "no column 'c'"),
        ("ragged.csv", (), "line 3 has 1 values for 2 columns"),
        ("one.csv", (), "1 rows are too few"),
        ("headless.csv", (), "the header and must name"),
        ("semicolons.csv", (), "line 3: 'a' in column a is no number"),
        ("broken.npz", (), "cannot read"),
        ("missing.csv", (), "cannot read"),
        ("good.npz", ("--kernel", "cubic"), "--kernel must be one of"),
        ("good.npz", ("--bandwidth", "1"), "--bandwidth is for rbf and laplace"),
        ("good.npz", ("--order", "1"), "--order is for arccos"),
        ("good.npz", ("--window", "3"), "--window must be LO:HI"),
        ("good.npz", ("--plot", "x.txt"), "must end in .png"),
    ],
)
def test_one_clear_line(riskcalc, place, file, flags, says):
    assert says in riskcalc("data", str(place / file), *flags).refusal()


def test_an_unknown_bundled_set(riskcalc):
    assert "ships with scikit-learn" in riskcalc("data", "sklearn:mnist").refusal()


def test_a_step_too_large_leaves_what_is_finished(riskcalc, place):
    answer = riskcalc("data", str(place / "good.npz"), "--features", "images", *QUICK, "--step-size", "30")
    assert answer.status == 2
    assert answer.err.startswith("riskcalc: SGD on the rows is unstable at step_size 30")
    assert answer.err.count("\n") == 1
    assert "50 rows" in answer.out
    assert "not run to its end" in answer.out
