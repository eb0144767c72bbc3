"""One reader of tables: any dialect gives the same numbers, and what it cannot know it refuses by line and column."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.files import read_columns, read_text, table_in
from riskcalc.schedule import Custom, load_schedule

STEP, LOSS = [1, 2, 30], [4.5, 3.25, 1.125]
PLAIN = "step,loss\n1,4.5\n2,3.25\n30,1.125\n"
RECORDS = [{"step": step, "loss": loss} for step, loss in zip(STEP, LOSS, strict=True)]


@pytest.mark.every_case
@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace(",", ";").replace(".", ","),
        PLAIN.replace(",", "\t").replace(".", ","),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", "   "),
        "sep=;\n" + PLAIN.replace(",", ";"),
        "# a comment\n\n" + PLAIN + "\n\n,\n",
        "# step loss\n" + PLAIN.split("\n", 1)[1].replace(",", " "),
        "step,loss,\n1,4.5,\n2,3.25,\n30,1.125,\n",
        '"Step","Loss (nats)"\n"1","4,5"\n"2","3,25"\n"30","1,125"\n',
        PLAIN.replace("\n", "\r\n"),
        json.dumps(RECORDS),
        "\n".join(map(json.dumps, RECORDS)),
        json.dumps({"step": STEP, "loss": LOSS}),
        json.dumps({"step": dict(zip("abc", STEP, strict=True)), "loss": dict(zip("abc", LOSS, strict=True))}),
        json.dumps({"best": None, "log_history": [*RECORDS, {"step": 30, "eval_loss": 2.0}]}),
        json.dumps([[0.0, step, loss] for step, loss in zip(STEP, LOSS, strict=True)]),
        "\n".join(json.dumps({"step": one["step"], "train": {"loss": one["loss"]}}) for one in RECORDS),
    ],
)
def test_every_dialect_gives_the_same_numbers(text: str) -> None:
    table = table_in(text)
    assert table is not None
    steps, loss = table.called(["step"]), table.called(["loss", "train_loss", "value"])
    assert steps is not None
    assert loss is not None
    kept = table.filled(steps, loss)
    assert kept.numbers(steps).tolist() == STEP
    assert kept.numbers(loss).tolist() == LOSS


def test_an_encoding_with_a_mark_is_read_and_told(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-32", "utf-8-sig"):
        (tmp_path / "log.txt").write_bytes(PLAIN.replace(",", ";").encode(encoding))
        table = read_columns(tmp_path / "log.txt")
        assert table.numbers("loss").tolist() == LOSS
        assert ("UTF" in " ".join(table.told)) == (encoding != "utf-8-sig")
        assert "columns separated by semicolons" in table.told


@pytest.mark.parametrize(
    "text, says",
    [
        ("a;b\n1;1.000,5\n", "line 2: '1.000,5' in column b is no number: thousands, or a fraction"),
        ("a;b\n1;\n2;3\n", "line 2: the cell in column b is empty"),
        ('[{"b": 1}, {"b": "x"}]', "record 2: 'x' in column b is no number"),
        ('{"b": 1}\n{"b": \n', "line 2 is not valid JSON"),
        ("[1, {", "not valid JSON"),
        ("[[1, 2]]", "record 1 of its JSON is no object"),
        ("[]", "no records"),
        ("[{}]", "the objects of its JSON are empty"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_refusals_name_the_place_and_the_cure(text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        table_in(text).numbers("b")  # type: ignore[union-attr]


def test_a_comma_that_could_group_thousands_is_read_only_beside_one_that_could_not() -> None:
    with pytest.raises(InvalidInput, match="thousands, or a fraction"):
        table_in("a;b\n1;1,500\n2;2,250\n").numbers("b")  # type: ignore[union-attr]
    assert table_in("a;b\n1;1,500\n2;2,25\n").numbers("b").tolist() == [1.5, 2.25]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "lr\n0.3\n0.2\n0.1\n",
        "step,lr\n0,0.3\n1,0.2\n2,0.1\n",
        "Step;Learning Rate\n1;0,3\n2;0,2\n3;0,1\n",
        "Wall time,Step,Value\n1.5,0,0.3\n2.5,1,0.2\n3.5,2,0.1\n",
        "[0.3, 0.2, 0.1]",
        '{"step":0,"lr":0.3}\n{"step":1,"lr":0.2}\n{"step":1,"eval_loss":2}\n{"step":2,"lr":0.1}\n',
        '{"log_history": [{"step": 1, "learning_rate": 0.3}, {"step": 2, "learning_rate": 0.2}, '
        '{"step": 3, "learning_rate": 0.1}]}',
        "0.3\n3/15\n1e-1\n\n\n",
    ],
)
def test_schedules_as_trainers_write_them(tmp_path: Path, text: str) -> None:
    (tmp_path / "schedule.txt").write_text(text)
    assert load_schedule(tmp_path / "schedule.txt") == Custom([0.3, 0.2, 0.1])


@pytest.mark.parametrize(
    "text, says",
    [
        ("step,lr\n0,0.3\n10,0.2\n", "step 10 follows step 0, but every step is needed"),
        ("step,lr\n5,0.3\n6,0.2\n", "step 5 follows step 0"),
        ("step,lr\n0,0.3\n0,0.2\n", "step 0 follows step 0"),
        ("step,loss\n0,0.3\n", "no column holds step sizes"),
        ("0,3\n0,2\n", "line 1: '0,3' is not a step size: .* decimal points"),
        ('{"a": 1}', "no list of step sizes"),
    ],
)
def test_schedules_with_holes_are_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "schedule.txt").write_text(text)
    with pytest.raises(InvalidInput, match=says):
        load_schedule(tmp_path / "schedule.txt")


def test_every_reader_of_tables_reads_a_dialect(tmp_path: Path) -> None:
    place = tmp_path / "table.csv"
    place.write_text("Eigenvalue;Target\n1,5;0,25\n0,5;1\n")
    assert rc.load_problem(place).eigenvalues().tolist() == [1.5, 0.5]
    assert rc.load_data(place).features.tolist() == [[1.5], [0.5]]
    place.write_text("Steps;Loss\n1;1,5\n2;0,75\n")
    np.testing.assert_array_equal(rc.load_table(place).excess, [1.5, 0.75])


@pytest.mark.parametrize(
    "begin, kind", [(b"\x1f\x8b\x08", "a gzip file"), (b"PK\x03\x04", "a zip file"), (b"PAR1", "a Parquet")]
)
def test_packed_files_are_named(tmp_path: Path, begin: bytes, kind: str) -> None:
    """They were said to be UTF-16."""
    path = tmp_path / "table.csv"
    path.write_bytes(begin + b"\0\1\2")
    with pytest.raises(InvalidInput, match=f"it is {kind}"):
        read_text(path)
