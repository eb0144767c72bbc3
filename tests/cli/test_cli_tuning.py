"""`riskcalc tune`, `riskcalc schedule` and `riskcalc doctor`: what the functions in Python say."""

from __future__ import annotations

import csv
import io

import pytest

import riskcalc as rc

ASKED = "--a 2 --b 5/2 --noise 1 --dimension 60 --model-size 30"
PROBLEM = rc.Problem(spectrum=rc.PowerLaw(2, dimension=60), signal=rc.PowerLawSignal("5/2"), noise=1)


def test_tune_is_the_function(riskcalc):
    run = rc.Run(PROBLEM, model_size=30, schedule=rc.Cosine(1), steps=[1000])
    found = rc.tuned_step_size(run)
    said = riskcalc(f"tune {ASKED} --schedule cosine --steps 1000 --json").json()
    assert (said["step_size"], said["excess"]) == (found.step_size, found.excess)
    text = riskcalc(f"tune {ASKED} --schedule cosine --steps 1000").out
    assert text == f"{found}\n"
    assert text.startswith("schedule:   cosine\nstep size:  ")
    bound = found.step_size / 2
    lower = riskcalc(f"tune {ASKED} --schedule cosine --steps 1000 --step-size {bound} --json").json()
    assert lower["at_edge"]
    assert lower["step_size"] <= bound


def test_the_critical_batch_size_stands_beside_it(riskcalc):
    asked = f"tune {ASKED} --steps 100 --critical-batch 64 --method exact --seed 1"
    found = rc.critical_batch_size(
        PROBLEM, model_size=30, samples=64, schedule=rc.Constant(1), method=rc.Exact(seed=1)
    )
    assert riskcalc(f"{asked} --json").json()["critical_batch"]["batch_size"] == found.batch_size
    assert str(found) in riskcalc(asked).out


def test_the_best_schedule_is_written_as_schedule_reads_it(riskcalc, tmp_path):
    path = tmp_path / "best.txt"
    said = riskcalc(f"schedule {ASKED} --horizon 32 --out {path} --json").json()
    assert said["excess"] < min(one["excess"] for one in said["named"])
    again = riskcalc(f"risk {ASKED} --schedule {path} --steps 32 --json").json()
    assert float(again["excess"][0]) == pytest.approx(said["excess"], rel=1e-9)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (f"tune {ASKED} --steps 10 --method montecarlo", "montecarlo cannot be tuned: use equivalent or exact"),
        (f"tune {ASKED} --steps 10 --step-size 0", "largest must be positive"),
        (f"schedule {ASKED} --horizon 1e6", "at most 20000 steps"),
        (f"schedule {ASKED} --horizon 8 --out /no/such/folder/x.txt", "/no/such/folder"),
    ],
)
def test_what_cannot_be_tuned_is_refused(riskcalc, words, says):
    assert says in riskcalc(words).refusal()


def test_the_doctor_says_what_is_here(riskcalc):
    said = riskcalc("doctor --json").json()
    assert said["needed"]["numpy"]
    assert said["cores"] >= 1
    assert "numpy" in riskcalc("doctor").out


def test_the_numbers_as_comma_separated_values(riskcalc):
    tuned = riskcalc(f"tune {ASKED} --steps 10 --csv").out.splitlines()
    assert tuned[0] == "step_size,excess"
    assert all(float(cell) > 0 for row in tuned[1:] for cell in row.split(","))
    named = riskcalc(f"schedule {ASKED} --horizon 8 --csv").out
    rows = list(csv.DictReader(io.StringIO(named)))
    assert {"named_and_tuned", "step_size", "excess", "over_the_best"} == set(rows[0])
    assert all(float(row["over_the_best"]) >= 1 for row in rows)
    assert "give one of them" in riskcalc(f"tune {ASKED} --steps 10 --csv --json").refusal()
