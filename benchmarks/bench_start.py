"""Start-up, as a user waits for it: whole processes."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-c", "import numpy"], id="numpy alone"),
        pytest.param(["-c", "import riskcalc"], id="import riskcalc"),
        pytest.param(["-c", "from riskcalc.cli import main; main(['--help'])"], id="riskcalc --help"),
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
