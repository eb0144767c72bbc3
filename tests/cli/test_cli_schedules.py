"""--schedule: names, parameters and files."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc.cli.schedule_flag import read_schedule
from riskcalc.schedule import Constant, Cosine, Geometric, Polynomial, WarmupStableDecay

RUN = "risk --a 2 --b 17/5 --model-size 100 --steps 0,10"


@pytest.mark.parametrize(
    "text, schedule",
    [
        ("constant", Constant("3/10")),
        ("geometric", Geometric("3/10")),
        ("cosine", Cosine("3/10")),
        ("polynomial:3/2", Polynomial("3/10", power="3/2")),
        ("wsd:0.2", WarmupStableDecay("3/10", decay="1/5")),
    ],
)
def test_names(text, schedule):
    assert read_schedule(text, step_size="0.3") == schedule


def test_a_file_needs_no_step_size(riskcalc, tmp_path):
    path = tmp_path / "sizes.txt"
    path.write_text("# warm\n" + "0.3\n" * 6 + "0.1\n" * 6)
    read = riskcalc(*RUN.split(), "--schedule", str(path), "--json").json()
    assert read["problem"]["schedule"] == {"name": "custom", "step_sizes": [0.3] * 6 + [0.1] * 6}
    answer = riskcalc(*RUN.split(), "--schedule", str(path), "--json", "--step-size", "0.2")
    assert answer.json()["excess"] == read["excess"]
    assert "--step-size 0.2 is not used" in answer.err


def test_the_horizon_is_the_last_step_unless_given(riskcalc):
    flags = f"{RUN} --step-size 0.3 --schedule polynomial:1 --json"
    short, long = riskcalc(flags).json(), riskcalc(f"{flags} --horizon 20").json()
    assert (short["problem"]["horizon"], long["problem"]["horizon"]) == (10, 20)
    assert float(short["excess"][1]) != pytest.approx(float(long["excess"][1]), rel=1e-3)
    assert np.isclose(float(short["excess"][0]), float(long["excess"][0]), rtol=1e-12)


@pytest.mark.parametrize("schedule", ["cosine", "wsd:1/5"])
def test_ten_to_the_thirteen_steps_of_a_smooth_schedule(riskcalc, schedule):
    flags = "risk --a 2 --b 12/5 --model-size 1e9 --step-size 0.3 --noise 1 --steps 1e6,1e13"
    printed = riskcalc(*flags.split(), "--schedule", schedule, "--horizon", "1e13", "--json").json()
    assert printed["steps"] == [10**6, 10**13]
    assert float(printed["excess"][1]) < 1e-5 < float(printed["excess"][0])
    assert printed["digits"] >= 9
