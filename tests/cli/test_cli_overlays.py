"""`riskcalc risk` with lists: curves beside each other, as each of them would be alone."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

MANY = "risk --a 2 --b 3 --model-size 10,40 --schedule constant,multistep:1/2,3/4 --step-size 1/5"
ALONE = "risk --a 2 --b 3 --model-size {size} --schedule {schedule} --step-size 1/5"
EACH = [(size, schedule) for size in (10, 40) for schedule in ("constant", "multistep:1/2,3/4")]


def test_every_curve_of_a_list_is_the_curve_alone(riskcalc):
    many = riskcalc(f"{MANY} --steps 0,10,100 --json").json()
    assert len(many) == 4
    for found, (size, schedule) in zip(many, EACH, strict=True):
        assert found == riskcalc(f"{ALONE.format(size=size, schedule=schedule)} --steps 0,10,100 --json").json()


def test_the_table_has_one_column_a_curve_and_says_which(riskcalc):
    answer = riskcalc(f"{MANY} --steps 0,10,100")
    table = np.loadtxt(io.StringIO(answer.out))
    many = riskcalc(f"{MANY} --steps 0,10,100 --json").json()
    np.testing.assert_array_equal(table[:, 0], [0, 10, 100])
    for column, found in enumerate(many, start=1):
        np.testing.assert_array_equal(table[:, column], np.array(found["risk"], dtype=float))
    lines = answer.out.splitlines()
    assert "curve_3: M = 40, constant" in lines[3]
    assert "a = 2, b = 3" in lines[0]
    assert lines[-4].split() == ["#step", "curve_1", "curve_2", "curve_3", "curve_4"]


def test_the_rows_say_what_they_are_and_what_they_claim(riskcalc):
    rows = list(csv.DictReader(io.StringIO(riskcalc(f"{MANY} --steps 0,10,100 --csv").out)))
    assert len(rows) == 12
    assert rows[-1] | {
        "model_size": "40",
        "step": "100",
        "claim": "deterministic equivalent",
        "warrant": "computed",
        "limit": "",
    } == rows[-1]
    assert rows[-1]["schedule"].startswith("multistep:1/2,3/4")
    alone = riskcalc(f"{ALONE.format(size=40, schedule='multistep:1/2,3/4')} --steps 0,10,100 --csv").out
    last = list(csv.DictReader(io.StringIO(alone)))[-1]
    assert last.items() <= rows[-1].items()


def test_curves_share_their_steps_where_ranges_know_other_schedules(riskcalc):
    many = riskcalc(f"{MANY} --steps 1..1000 --json").json()
    assert {500, 750} <= set(many[0]["steps"])
    assert len({tuple(found["steps"]) for found in many}) == 1


@pytest.mark.slow
def test_one_picture_with_a_legend_that_tells_them_apart(riskcalc, tmp_path):
    pytest.importorskip("matplotlib")
    path = tmp_path / "curves.svg"
    answer = riskcalc(f"{MANY} --steps 1,10,100 --plot {path}")
    assert f"picture written to {path}" in answer.err
    assert path.read_text().count("<svg") == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("--model-size 10,,40", "--model-size '10,,40' has an empty entry"),
        ("--noise 0.1,1/10", "two of the curves are the same"),
        ("--schedule cosine,wds:1/5", "--schedule 'wds:1/5' is neither a file nor one of"),
        ("--model-size 10,40 --csv --json", "two forms of one answer"),
        (f"--noise {','.join(map(str, range(60)))} --batch-size 1,2", "120 curves are asked for, at most 100"),
        ("--batch-size 1,x", "--batch-size"),
    ],
)
def test_lists_that_are_none(riskcalc, more, words):
    given = f"risk --a 2 --b 3 --model-size 10 --step-size 1/5 --steps 0,1 {more}"
    assert words in riskcalc(given).refusal()


def test_what_is_finished_is_printed_when_it_is_interrupted(riskcalc, monkeypatch):
    from riskcalc.cli import risk as command

    real, asked = command.answer, []

    def interrupted(run, *rest, **more):
        asked.append(run)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return real(run, *rest, **more)

    monkeypatch.setattr(command, "answer", interrupted)
    answer = riskcalc(f"{MANY} --steps 0,10,100 --json")
    assert answer.status == 130
    assert len(json.loads(answer.out)) == 2
    assert "2 of 4 curves are finished" in answer.err


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("risk", "--a and --b (or --alpha and --beta, or --spectrum FILE), --model-size, --steps and --step-size are"),
        ("risk --a 2 --model-size 10", "--b, --steps and --step-size are missing"),
        ("risk --a 2 --b 3 --step-size 1 --steps 1", "--model-size is missing"),
        ("crosscheck --alpha 1 --steps 1", "--beta, --model-size and --step-size are missing"),
        ("tune", "--model-size and --steps are missing"),
        ("schedule --a 2", "--b, --model-size and --horizon are missing"),
        ("allocate", "--compute are missing"),
    ],
)
def test_all_that_is_missing_is_named_at_once(riskcalc, given, missing):
    assert missing in riskcalc(given).refusal()
