"""A user's script, checked as their editor checks it and run as they run it: `tests/users_script.py`."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPT = HERE / "users_script.py"


def test_what_the_types_let_through_is_taken():
    runpy.run_path(str(SCRIPT))


@pytest.mark.slow
def test_the_types_let_through_what_is_taken_and_refuse_the_rest(tmp_path):
    pytest.importorskip("mypy")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=", str(SCRIPT)]
    where = {**os.environ, "MYPYPATH": str(HERE.parent), "MYPY_CACHE_DIR": str(tmp_path)}
    found = subprocess.run(command, capture_output=True, text=True, env=where, cwd=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
