"""The store: every answer once, whoever asks; nothing lost by a kill, nothing mixed from another version."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput
from riskcalc.schedule import Listed
from riskcalc.sweeping import chunk, store as stores
from riskcalc.sweeping.answer import Answer, unpacked
from riskcalc.sweeping.grid import grid
from riskcalc.sweeping.question import told
from riskcalc.sweeping.store import opened_store
from tests.sweeping.small import PROBLEM, SMALL, bits, small


@pytest.fixture
def counted(monkeypatch):
    """The points that are computed."""
    seen, asked = [], chunk.answer_of

    def answer(made, point):
        seen.append(point)
        return asked(made, point)

    monkeypatch.setattr(chunk, "answer_of", answer)
    return seen


def test_what_is_kept_is_not_computed_again(tmp_path, counted):
    kept = tmp_path / "a.sqlite"
    first = small(store=kept, noise=0)
    assert len(counted) == 4
    second = small(store=kept)  # another grid, which shares half of its points
    assert len(counted) == 8
    assert bits(small(store=kept)) == bits(second) == bits(small())
    assert len(counted) == 16
    assert bits(small(store=kept, noise=0)) == bits(first)
    assert len(counted) == 16


def test_the_same_run_in_other_words_is_the_same_question(tmp_path, counted):
    kept = tmp_path / "a.sqlite"
    rc.sweep(PROBLEM, model_size=[10], schedule=["constant"], step_size=["3/10"], steps=[30], store=kept)
    rc.sweep(PROBLEM, model_size="10", schedule=rc.Constant("3/10"), steps=[30], horizon=30, store=kept)
    assert len(counted) == 1
    rc.sweep(PROBLEM, model_size=10, schedule=rc.Constant(0.3), steps=[30], store=kept)  # not the number 3/10
    assert len(counted) == 2


def test_a_refusal_is_kept_and_an_accident_is_not(tmp_path, counted, monkeypatch):
    kept = tmp_path / "a.sqlite"
    asked = {"model_size": 10, "schedule": "constant", "step_size": [9, "1/10"], "steps": [5], "store": kept}
    fine = chunk.risk

    def out_of_memory(run, *, method):
        if run.schedule.step_size < 1:
            raise MemoryError("planted")
        return fine(run, method=method)

    monkeypatch.setattr(chunk, "risk", out_of_memory)
    first = rc.sweep(PROBLEM, **asked).reason.values
    assert first[0].startswith("unstable")
    assert "MemoryError" in first[1]
    monkeypatch.setattr(chunk, "risk", fine)
    second = rc.sweep(PROBLEM, **asked).reason.values
    assert second.tolist() == [first[0], ""]
    assert counted == [0, 1, 1]


def test_another_version_is_not_mixed_and_is_spoken_of(tmp_path, counted, monkeypatch):
    kept = tmp_path / "a.sqlite"
    for module in (stores, chunk):
        monkeypatch.setattr(module, "version", lambda: "riskcalc 0.0.1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("riskcalc.sweeping.executors.version", lambda: "riskcalc 0.0.1")
        small(store=kept)
    monkeypatch.undo()
    monkeypatch.setattr(chunk, "answer_of", lambda made, point: Answer(reason="planted"))
    with pytest.warns(UserWarning, match="the store holds 8 answers of another version"):
        found = small(store=kept)
    assert set(found.reason.values.ravel()) == {"planted"}


def test_a_batch_is_committed_whole_or_not_at_all(tmp_path):
    place = tmp_path / "a.sqlite"

    def failing():
        yield b"1" * 32, Answer(reason="one")
        raise KeyboardInterrupt

    with opened_store(place) as held:
        held.keep([(b"0" * 32, Answer(reason="zero"))])
        with pytest.raises(KeyboardInterrupt):
            held.keep(failing())
    with opened_store(place) as held:
        assert [place for place, _ in held.found([b"0" * 32, b"1" * 32])] == [0]
    assert sqlite3.connect(place).execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def test_an_answer_comes_back_to_the_last_bit():
    values = np.array([0.1, np.inf, -0.0, 5e-324, np.nextafter(1, 2)])
    series = {"excess": values, "bias": values[::-1].copy()}
    answer = Answer(series=series, single={"error": 1e-300, "irreducible": np.inf})
    back = unpacked(*answer.packed())
    assert {name: one.tobytes() for name, one in back.series.items()} == {
        name: one.tobytes() for name, one in answer.series.items()
    }
    assert back.single == answer.single
    nothing = unpacked(*Answer(reason="none").packed())
    assert (nothing.series, nothing.reason) == ({}, "none")


def test_every_part_of_a_question_is_in_its_key():
    """What changes the answer changes the key; a sketch or a list of step sizes as much as a word."""
    base = {**SMALL, "step_size": "1/10", "schedule": "constant", "noise": 0, "model_size": 10}
    sketch = np.eye(3, 20)
    finite = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=20), signal=rc.PowerLawSignal(b=2))
    others = [
        {"model_size": 11},
        {"step_size": 0.1},
        {"schedule": "polynomial:1"},
        {"noise": "1/7"},
        {"steps": [0, 29]},
        {"steps": [30]},
        {"horizon": 31},
        {"batch_size": 2},
        {"optimiser": rc.HeavyBall("1/2")},
        {"averaging": rc.IterateAverage()},
        {"method": rc.Equivalent(tolerance=1e-8)},
        {"method": rc.Equivalent(digits=20)},
        {"method": rc.Exact(sketch=sketch)},
        {"method": rc.Exact(sketch=2 * sketch)},
        {"method": rc.MonteCarlo(seed=1)},
        {"method": rc.MonteCarlo(seed=2)},
        {"schedule": rc.Custom(np.full(30, 0.1))},
        {"schedule": rc.Custom(np.r_[np.full(29, 0.1), 0.05])},
    ]
    problems = [
        PROBLEM,
        finite,
        rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="17/5", scale=2)),
        rc.Problem(spectrum=rc.ExplicitSpectrum([1, 0.5]), signal=rc.ExplicitSignal([1, 1])),
        rc.Problem(spectrum=rc.ExplicitSpectrum([1, 0.5]), signal=rc.ExplicitSignal([1, -1])),
    ]
    keys = [grid(PROBLEM, **{**base, **other}).key(0) for other in others]
    keys += [grid(problem, **base).key(0) for problem in problems]
    assert len(set(keys)) == len(others) + len(problems)


class Slower(Listed):  # a class from outside the package
    """Half a step."""

    def step_sizes(self, start, stop, *, horizon):
        return np.full(stop - start, 0.05)


def test_a_class_from_outside_is_known_by_its_own_lines(monkeypatch):
    import inspect

    before = told(Slower())
    monkeypatch.setattr(inspect, "getsource", lambda kind: "other lines")
    assert told(Slower()) != before
    with pytest.raises(InvalidInput, match="a function cannot be told in words"):
        told(lambda: 0)


def test_files_that_are_no_store_are_refused(tmp_path):
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(InvalidInput, match=r"cannot use the store .*other.sqlite: it is a database of something else"):
        small(store=other)
    text = tmp_path / "text"
    text.write_text("no database, whatever its name, but a text of some length" * 20)
    with pytest.raises(InvalidInput, match=r"cannot use the store .*text: file is not a database"):
        small(store=text)
    with pytest.raises(InvalidInput, match=r"cannot write the store .*there is no folder"):
        small(store=tmp_path / "none" / "a.sqlite")
