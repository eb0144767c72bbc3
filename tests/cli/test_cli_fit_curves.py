"""`riskcalc fit-curves`: from logs to another schedule, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

STEPS = np.arange(100, 4001, 100)


@pytest.fixture
def logs(tmp_path):
    shapes = {"constant": np.ones(STEPS.size), "linear": 1 - STEPS / 4100, "drop": np.where(STEPS < 2000, 1.0, 0.2)}
    for name, shape in shapes.items():
        losses = 2 + 5 * np.cumsum(shape) ** -0.5 + 0.1 * shape
        rows = [f"{step},{loss},{3e-4 * size}" for step, loss, size in zip(STEPS, losses, shape, strict=True)]
        (tmp_path / f"{name}.csv").write_text("\n".join(["step,loss,lr", *rows]))
    return tmp_path


@pytest.mark.slow
def test_from_two_logs_to_a_third(riskcalc, logs):
    pytest.importorskip("matplotlib")
    files = [str(logs / "constant.csv"), str(logs / "linear.csv")]
    picture = logs / "fit.png"
    asked = ["--holdout", str(logs / "drop.csv"), "--schedule", "wsd:1/5", "--steps", "4000"]
    answer = riskcalc("fit-curves", *files, *asked, "--plot", str(picture))
    assert answer.status == 0, answer.err
    for words in ("source_rate:", "floor:", "hold-out:", "multi-power law", "wsd:1/5 to step 4000:"):
        assert words in answer.out
    assert picture.stat().st_size > 10_000
    found = riskcalc("fit-curves", *files, "--json").json()
    assert found["source_rate"] > 0
    assert found["holdout"] == {}


@pytest.mark.parametrize(
    "files, flags, says",
    [
        (["constant.csv"], [], "no step size falls"),
        (["linear.csv"], ["--schedule", "cosine"], "give both"),
        (["none.csv"], [], "cannot read the loss curve"),
        (["linear.csv"], ["--level", "2"], "level must be"),
        (["linear.csv"], ["--warmup", "x"], "warmup must be a"),
    ],
)
def test_refusals(riskcalc, logs, files, flags, says):
    assert says in riskcalc("fit-curves", *(str(logs / name) for name in files), *flags).refusal()
