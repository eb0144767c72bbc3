"""`riskcalc` as a process of its own, and how it ends when something is not its fault."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import riskcalc as package

RUN = ["risk", "--a", "2", "--b", "17/5", "--model-size", "100", "--step-size", "0.3", "--steps", "0,10"]
START = "from riskcalc.cli import main; main()"


def process(*arguments: str, start: str = START, **settings) -> subprocess.CompletedProcess[str]:
    root = str(Path(package.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root, "OPENBLAS_NUM_THREADS": "1"}
    given = {"capture_output": True, **settings}
    command = [sys.executable, "-c", start, *arguments]
    return subprocess.run(command, text=True, env=environment, timeout=120, check=False, **given)


def test_a_result_and_a_refusal():
    done = process(*RUN)
    assert (done.returncode, done.stderr) == (0, "")
    assert "deterministic equivalent" in done.stdout
    refused = process(*RUN, "--a", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "riskcalc: a must be positive, not 0: eigenvalues j^-a have to decay\n"


def test_help_loads_no_command_and_nothing_heavy():
    start = (
        "import sys, atexit\n"
        "from riskcalc.cli import main\n"
        "heavy = ['scipy', 'sympy', 'mpmath', 'matplotlib', 'xarray', 'riskcalc.cli.risk']\n"
        "atexit.register(lambda: print([name for name in heavy if name in sys.modules], file=sys.stderr))\n"
        "main()"
    )
    done = process("--help", start=start)
    assert done.returncode == 0
    assert "crosscheck" in done.stdout
    assert done.stderr == "[]\n"


@pytest.mark.skipif(os.name == "nt", reason="no such pipes")
def test_a_reader_that_leaves_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    done = process(*RUN, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
@pytest.mark.parametrize("words", [RUN, ["--help"], ["exponents", "--help"], ["--version"]], ids=" ".join)
def test_a_full_disk_is_one_line(words):
    with open("/dev/full", "w") as full:
        done = process(*words, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr == "riskcalc: cannot write to standard output: No space left on device\n"


def interrupted_within() -> RuntimeError:
    """What Python makes of an interrupt while a class is made."""
    try:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    "error, status, says",
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError("Unable to allocate 8 TiB"), 2, "not enough memory"),
        (OverflowError("math range error"), 2, "left the range of float64 (OverflowError: math range error)"),
        (TypeError("two\nlines"), 70, "internal error (TypeError: two lines); please report"),
        (RecursionError(), 70, "internal error"),
        (interrupted_within(), 130, "interrupted"),
    ],
)
def test_endings(riskcalc, monkeypatch, error, status, says):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr("riskcalc.cli.risk.answer", fail)
    answer = riskcalc(*RUN)
    assert answer.status == status
    lines = [line for line in answer.err.splitlines() if line]  # an interrupt first ends the line of the ^C
    assert len(lines) == 1
    assert says in lines[0]


def test_internal_errors_keep_their_traceback_on_request(riskcalc, monkeypatch):
    monkeypatch.setenv("RISKCALC_TRACEBACK", "1")
    monkeypatch.setattr("riskcalc.cli.risk.answer", lambda *_, **__: 1 / 0)
    with pytest.raises(AssertionError, match="division by zero"):
        riskcalc(*RUN)


def test_warnings_are_one_line_each_and_never_hide_a_result(riskcalc, monkeypatch):
    import warnings

    from riskcalc.cli import risk

    answer = risk.answer

    def warn(*arguments, **settings):
        warnings.simplefilter("always")
        for _ in range(2):
            warnings.warn("something\nnoisy", stacklevel=1)
        return answer(*arguments, **settings)

    monkeypatch.setattr("riskcalc.cli.risk.answer", warn)
    done = riskcalc(*RUN)
    assert done.status == 0
    assert done.err == "riskcalc: warning: something noisy\n"


def test_version_and_bare_call(riskcalc):
    assert riskcalc("--version").out.startswith("riskcalc ")
    bare = riskcalc()
    assert bare.status == 0
    assert "Usage: riskcalc" in bare.out


def test_every_command_has_its_file_and_its_line():
    import click

    from riskcalc.cli.application import COMMANDS, main

    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help


def test_a_closed_standard_output_loses_no_answer_in_silence():
    code = "import os, sys; sys.stdout = None; " + START
    done = process(*RUN, start=code, capture_output=True)
    assert done.returncode == 2
    assert "standard output is closed" in done.stderr
