"""An interrupt at any moment ends the program with one line and status 130."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import riskcalc as package

RUN = ["risk", "--a", "2", "--b", "17/5", "--model-size", "100", "--step-size", "0.3", "--steps", "0,10"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}
# the signal comes with call number %d of a function, of Python or of C
STRIKE = """
import sys, signal
from riskcalc.cli import main
left = %d
def strike(frame, event, argument):
    global left
    left -= 1
    if not left:
        sys.setprofile(None)
        signal.raise_signal(signal.SIGINT)
sys.setprofile(strike)
main()
"""
# before the program has begun to work, and after
ENDINGS = (
    (130, "riskcalc: interrupted"),
    (130, "riskcalc: interrupted: nothing is kept but what is printed above"),
)
EARLIEST = 20  # calls after which `main` has seen to it


def interrupted_at(call: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", STRIKE % call, *RUN]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False)


def check(call: int) -> None:
    done = interrupted_at(call)
    assert (done.returncode, done.stderr.strip()) in ENDINGS, call


@pytest.mark.parametrize("call", [EARLIEST, 300, 5_000, 60_000, 250_000])
def test_an_interrupt_while_modules_are_loaded(call: int) -> None:
    check(call)


@pytest.mark.slow
def test_an_interrupt_at_many_moments() -> None:
    for call in sorted({round(EARLIEST * 1.12**power) for power in range(85)}):
        done = interrupted_at(call)
        if (done.returncode, done.stderr) != (0, ""):  # the signal came later than the end
            assert (done.returncode, done.stderr.strip()) in ENDINGS, call


@pytest.mark.slow
def test_an_interrupt_by_the_clock() -> None:
    """While Python itself starts, and finds this package, it may still show a traceback; from `main` on it may not."""
    for attempt in range(60):
        command = [sys.executable, "-c", "from riskcalc.cli import main; main()", *RUN]
        process = subprocess.Popen(
            command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        time.sleep(0.005 * (attempt + 1))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
        assert re.search(r"riskcalc.cli.__init__\.py., line \d+, in main", said) is None, said
        assert process.returncode in (130, -signal.SIGINT, 1), said
        assert process.returncode != 130 or (130, said.strip()) in ENDINGS


def test_the_program_loads_next_to_nothing_before_it_can_be_interrupted() -> None:
    code = "import sys; before = set(sys.modules); import riskcalc.cli; print(sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == "['riskcalc', 'riskcalc.cli']\n"
