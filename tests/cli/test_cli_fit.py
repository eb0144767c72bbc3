"""`riskcalc fit`: from a file to exponents, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture
def table(tmp_path):
    steps = np.geomspace(1, 1e4, 40)
    runs = (0.02 + steps**-0.7) * np.exp(0.03 * np.random.default_rng(0).standard_normal((12, 40)))
    lines = ["steps," + ",".join(f"run{place}" for place in range(12))]
    lines += [",".join(map(repr, map(float, (step, *row)))) for step, row in zip(steps, runs.T, strict=True)]
    path = tmp_path / "runs.csv"
    path.write_text("\n".join(lines))
    return str(path)


def test_a_table_of_replicates(riskcalc, table):
    found = riskcalc("fit", table, "--expected", "7/10", "--json").json()
    (term,) = found["terms"]
    assert found["floor_source"] == "fitted"
    assert term["inside"] is True
    assert term["interval"][1] - term["interval"][0] < 0.05
    assert found["replicates"] == 12


def test_a_curve_with_a_spread_says_how_one_model_scatters(riskcalc, tmp_path):
    curve = tmp_path / "curve.json"
    asked = "risk --a 2 --b 12/5 --model-size 1e3 --step-size 0.3 --steps 1e2..1e4 --finite-size --json"
    curve.write_text(riskcalc(asked).out)
    written, told = riskcalc(asked).json(), riskcalc("fit", str(curve), "--window", "300:1e4")
    shares = [
        float(spread) / float(excess)
        for step, spread, excess in zip(written["steps"], written["spread"], written["excess"], strict=True)
        if step >= 300
    ]
    assert f"scatters by {min(shares):.2%} to {max(shares):.2%} at this size" in told.out
    read = riskcalc("fit", str(curve), "--window", "300:1e4", "--json").json()["of_one_model"]
    assert read == pytest.approx([min(shares), max(shares)])


def test_every_flag(riskcalc, table, tmp_path):
    pytest.importorskip("matplotlib")
    picture = tmp_path / "fit.png"
    asked = "--floor 0.02 --window 2:1e3 --level 0.9 --interval bca --resamples 100 --seed 3 --plot"
    answer = riskcalc("fit", table, *asked.split(), str(picture))
    assert answer.status == 0, answer.err
    assert "90 % interval" in answer.out
    assert "BCa" in answer.out
    assert picture.stat().st_size > 10_000


def test_what_risk_prints_can_be_fitted(riskcalc, tmp_path):
    asked = "risk --a 2 --b 12/5 --model-size 1e9 --step-size 0.3 --steps 1e3..1e9 --json"
    path = tmp_path / "curve.json"
    path.write_text(riskcalc(asked).out)
    found = riskcalc("fit", str(path), "--expected", "7/10", "--json").json()
    (term,) = found["terms"]
    assert term["interval"] is None
    assert term["inside"] is None
    assert term["inside_with_drift"] is True
    assert term["resolution"] < 0.01


@pytest.mark.parametrize(
    "asked, says",
    [
        (["--window", "10"], "--window must be LO:HI"),
        (["--window", "10:1"], "0 < low < high"),
        (["--window", "a:b"], "window must be a number"),
        (["--terms", "3"], "terms must be 1 or 2"),
        (["--terms", "x"], "terms must be a number"),
        (["--floor", "known"], "does not say its floor"),
        (["--floor", "low"], "floor must be a number"),
        (["--expected", "0.1,0.2"], "2 expected exponents for 1 terms"),
        (["--interval", "wald"], "--interval must be one of"),
        (["--resamples", "3"], "resamples must be at least 100"),
        (["--level", "2"], "level must be"),
        (["--plot", "fit.txt"], "must end in .png"),
        (["--window", "1:2"], "recorded steps lie in the window"),
    ],
)
def test_bad_input(riskcalc, table, asked, says):
    assert says in riskcalc("fit", table, *asked).refusal()


def test_the_columns_of_a_log_can_be_named(riskcalc, tmp_path):
    path = tmp_path / "log.csv"
    rows = [f"{step};{(1 + 10 * step**-0.5):.6f};{step / 9}".replace(".", ",") for step in range(10, 400, 10)]
    path.write_text("\n".join(["Step;mse;epoch", *rows]))
    assert "none of the columns mse, epoch is known" in riskcalc("fit", str(path)).refusal()
    out = riskcalc("fit", str(path), "--column", "mse").out
    assert "columns:    mse by Step; set aside: epoch; columns separated by semicolons; decimal commas" in out
    assert "--replicates" in riskcalc("fit", str(path)).refusal()
    assert "no column is called 'run*'" in riskcalc("fit", str(path), "--replicates", "run*").refusal()


def test_a_bad_file(riskcalc, tmp_path):
    assert "cannot read" in riskcalc("fit", str(tmp_path / "none.csv")).refusal()
    broken = tmp_path / "broken.csv"
    broken.write_text("steps,excess\n1,x\n")
    assert "line 2" in riskcalc("fit", str(broken)).refusal()


def test_flags_of_the_other_kind_of_table_are_refused(riskcalc, table, tmp_path):
    """Those of curves were accepted for loss tables, and did nothing."""
    path = tmp_path / "losses.csv"
    rows = [(n, d) for n in (10, 20, 40, 80, 160) for d in (500, 1000, 4000, 16000)]
    path.write_text("N,D,loss\n" + "".join(f"{n},{d},{1 + 2 / n + 3 * d**-0.5}\n" for n, d in rows))
    assert "--window, --seed are for curves" in riskcalc("fit", str(path), "--window", "1:10", "--seed", "0").refusal()
    assert "--groups is for loss tables" in riskcalc("fit", table, "--groups", "run").refusal()
    assert "none asked for" in riskcalc("fit", str(path), "--holdout", "0").out
    assert "5 groups are too few" in riskcalc("fit", str(path), "--groups", "N").refusal()


def test_the_steps_may_be_named(riskcalc, tmp_path):
    path = tmp_path / "log.csv"
    rows = [(place, 1000 * place, 1 + 3 * (1000 * place) ** -0.5) for place in range(1, 40)]
    path.write_text("Step,tokens,loss\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    assert "loss by tokens; set aside: Step" in riskcalc("fit", str(path), "--steps", "tokens").out
