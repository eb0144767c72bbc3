"""Progress is on standard error, where somebody sees it or asks for it."""

from __future__ import annotations

from riskcalc.progress import progress


def told(capsys, **how):
    with progress(10, "points", **how) as more:
        more(4)
        more(6)
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_silent_where_nobody_sees_it(capsys):
    assert told(capsys) == told(capsys, shown=False) == ""


def test_rate_and_time_left_where_asked(capsys):
    said = told(capsys, shown=True)
    assert "10/10" in said
    assert "points/s" in said


def test_what_was_done_before_counts(capsys):
    with progress(10, "points", shown=True, done=8) as more:
        more(2)
    assert "8/10" in capsys.readouterr().err


def test_shown_after_a_while_on_a_terminal(capsys, monkeypatch):
    import sys

    from riskcalc import progress as module

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert "10/10" not in told(capsys)  # over before anybody would wonder
    monkeypatch.setattr(module, "_DELAY", 0.0)
    assert "10/10" in told(capsys)
