"""Stated errors against true ones on sixty random problems, and on those that once did not hold."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from functools import partial

import numpy as np
import pytest

from tests.oracle.asking import Reply
from tests.oracle.command import main
from tests.oracle.examination import Finding, examine, judge
from tests.oracle.floats80 import LD
from tests.oracle.problems import question
from tests.oracle.reference import Reference
from tests.oracle.seeds import NAMED, SEED, SUITE, WAITING
from tests.oracle.table import offenders, table


@pytest.mark.every_case
@pytest.mark.parametrize("number", [number for number in SUITE if (SEED, number) not in WAITING])
def test_stated_error_holds(number):
    """Each of the sixty."""
    found = examine(SEED, number)
    assert found.outcome == "held", found


def test_sixty_of_all_kinds():
    """Every road, kind of run and kind of dimension, and step sizes at the edge."""
    asked = [question(SEED, number) for number in SUITE]
    assert len(set(SUITE)) == 60
    assert {one.road for one in asked} == {"exact", "unsketched", "equivalent"}
    assert {one.kind for one in asked} == {"constant", "stages", "smooth", "custom", "average"}
    assert {one.dimension for one in asked} == {"finite", "infinite", "explicit"}
    assert sum(one.share >= 0.98 for one in asked) >= 10
    assert {number for _, number in WAITING} <= {*SUITE, *(number for _, number in NAMED.values())}


LONG = {  # six seconds each
    "late without a drive, 1072 coordinates",
    "wsd without a drive, died out",
    "equivalent of 192400 features, 34 stages, 0.99999",
}
MARKED = [
    pytest.param(name, marks=pytest.mark.slow if name in LONG else ())
    for name, place in NAMED.items()
    if place not in WAITING
]


@pytest.mark.every_case
@pytest.mark.parametrize("name", MARKED)
def test_what_once_failed(name):
    """Problems found by longer lists, named by what was wrong with them."""
    found = examine(*NAMED[name])
    assert found.outcome == "held", found


def test_problems_have_names():
    """The same seed and number are the same problem; neighbours are not."""
    one, again, other = question(4, 7), question(4, 7), question(4, 8)
    assert one == again
    assert one != other
    assert one.road != "exact" or np.array_equal(one.sketch, again.sketch)


RIGHT = Reference(
    excess=np.array([2, 3], dtype=LD),
    bias=np.array([1, 1], dtype=LD),
    variance=np.array([0.5, 1.5], dtype=LD),
    floor=LD(0.5),
    doubt=np.full(2, LD(1e-19)),
)


def reply(error: float, gap: float = 0.0, part: str = "excess") -> Reply:
    """What a road would say that is wrong by `gap` of the excess at the second step."""
    values = {name: getattr(RIGHT, name).astype(float) for name in ("excess", "bias", "variance")}
    values[part] = values[part] + np.array([0, 3 * gap])
    return Reply(floor=0.5, error=error, **values)


@pytest.mark.parametrize("part", ["excess", "bias", "variance"])
def test_wrong_digits_are_seen(part):
    """In the excess and in its parts; a stated error of zero means the rounding of one float."""
    assert judge(RIGHT, reply(1e-12, 0.9e-12, part), 1e-9)[0] == "held"
    assert judge(RIGHT, reply(1e-12, 1.1e-12, part), 1e-9)[0] == "exceeded"
    assert judge(RIGHT, reply(1e-6, 1.1e-9, part), 1e-9)[0] == "missed"
    assert judge(RIGHT, reply(0.0, 3e-16, part), 1e-9)[0] == "exceeded"
    assert judge(RIGHT, reply(0.0), 1e-9)[0] == "held"
    assert judge(RIGHT, reply(1e-12, np.nan, part), 1e-9)[0] == "missed"


def test_a_doubtful_reference_judges_nobody():
    """Neither for nor against, unless the error stands far above the doubt."""
    unsure = replace(RIGHT, doubt=np.array([1e-19, 1e-12], dtype=LD))
    assert judge(unsure, reply(1e-12, 2e-12), 1e-9)[0] == "incomparable"
    assert judge(unsure, reply(1e-12, 2e-11), 1e-9)[0] == "exceeded"


def test_a_list_is_resumed_and_printed(tmp_path, monkeypatch, capsys):
    """What the file holds is not asked again; half a line left by a kill is."""
    path = tmp_path / "findings.jsonl"
    known = [Finding(seed=9, number=n, outcome=o, road="exact", true=1e-3) for n, o in enumerate(["held", "missed"])]
    path.write_text("".join(json.dumps(asdict(one)) + "\n" for one in known) + '{"seed": 9, "numb')
    held = partial(Finding, outcome="held")
    monkeypatch.setattr("tests.oracle.command.examine", lambda seed, number, **_: held(seed=seed, number=number))
    monkeypatch.setattr(sys, "argv", ["oracle", "--seed", "9", "--problems", "4", "--json", str(path)])
    assert main() == 1
    printed = capsys.readouterr().out
    assert "python -m tests.oracle --seed 9 --only 1" in printed
    assert sorted(json.loads(x)["number"] for x in path.read_text().splitlines() if x.endswith("}")) == [0, 1, 2, 3]


def test_the_table_counts():
    """One line a group, one for all."""
    found = [
        Finding(seed=1, number=0, outcome="held", road="exact", true=1e-15, stated=1e-14),
        Finding(seed=1, number=1, outcome="exceeded", road="exact", true=2e-14, stated=1e-14),
        Finding(seed=1, number=2, outcome="refused", road="equivalent", message="no"),
    ]
    cells = [cell.strip() for cell in table(found).splitlines()[-1].split("|")[1:-1]]
    assert cells == ["all", "", "", "3", "1", "0", "2", "1", "0", "1.0e-14", "2.0e-14"]
    assert offenders(found).count("python -m tests.oracle") == 2
