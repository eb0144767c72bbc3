"""Start-up, as a user waits for it: whole processes, and what of it loading others' packages takes.

Run with `pytest benchmarks/bench_start.py` where Python may keep bytecode (PYTHONDONTWRITEBYTECODE unset): without it
every process compiles the package again.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

COMMAND = ["-c", "from riskcalc.cli import main; main()"]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-c", "import numpy"], id="numpy alone"),
        pytest.param(["-c", "import riskcalc"], id="import riskcalc"),
        pytest.param(["-c", "import click, sympy, numpy"], id="click, SymPy and NumPy alone"),
        pytest.param([*COMMAND, "--help"], id="riskcalc --help"),
        pytest.param([*COMMAND, "exponents", "--alpha", "1", "--beta", "3/4"], id="riskcalc exponents"),
        pytest.param([*COMMAND, "phases"], id="riskcalc phases"),
    ],
)
def test_start(benchmark, arguments):
    benchmark.pedantic(
        subprocess.run,
        args=([sys.executable, *arguments],),
        kwargs={"check": True, "capture_output": True},
        rounds=7,
        warmup_rounds=1,
    )
