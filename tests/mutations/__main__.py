"""Plant every error of the list in a copy of the project and say which of them no test notices.

    python -m tests.mutations [--only WORD] [--jobs N]

Exit status 0: all noticed; 1: some survived; 2: the list itself is at fault, or tests fail without any planted error.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.mutations.planted import ROOT, Planted, read_planted

_KEPT = ("riskcalc", "tests", "derivations", "docs", "notebooks", "benchmarks", "pyproject.toml", "README.md")
_LONGEST = 900  # seconds; a test that hangs has noticed
_NOTICED, _SURVIVED = 1, 0  # exit statuses of pytest


@dataclass(frozen=True, kw_only=True)
class Outcome:
    planted: Planted
    words: str
    seconds: float

    @property
    def noticed(self) -> bool:
        return self.words == "noticed"


@contextmanager
def _copy() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        for name in _KEPT:
            source, target = ROOT / name, Path(folder) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy(source, target)
        yield Path(folder)


def run_one(planted: Planted) -> Outcome:
    """Its tests, in a copy that carries the error: what the default suite runs of them, then every case."""
    start = time.perf_counter()
    with _copy() as folder:
        path = folder / planted.file
        path.write_text(planted.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
        words = _tested(planted, folder)
        if words == "SURVIVED":
            words = _tested(planted, folder, "--every-case")
    return Outcome(planted=planted, words=words, seconds=time.perf_counter() - start)


def _tested(planted: Planted, folder: Path, *options: str) -> str:
    # the first -m stands in pyproject.toml and deselects slow tests; a later one replaces it
    marks = ["-m", "slow or not slow" if planted.slow else "not slow"]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *options, *marks, *planted.tests]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return "noticed"
    words = {_NOTICED: "noticed", _SURVIVED: "SURVIVED"}.get(done.returncode)
    if words is None:
        last = (done.stdout + done.stderr).strip().splitlines()[-1:]
        words = f"pytest exits with {done.returncode}: {' '.join(last)}"
    return words


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="those whose name or file holds this word")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    try:
        chosen = [one for one in read_planted() if asked.only in one.name or asked.only in one.file]
        for one in chosen:
            one.applied((ROOT / one.file).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        print(error, file=sys.stderr)
        return 2
    if chosen and (words := run_one(replace(chosen[0], wrong=chosen[0].right)).words) != "SURVIVED":
        print(f"tests fail without any planted error: those of {chosen[0].name!r} say {words!r}", file=sys.stderr)
        return 2
    missed = 0
    with ThreadPoolExecutor(max_workers=asked.jobs) as pool:
        for outcome in pool.map(run_one, chosen):
            missed += not outcome.noticed
            print(f"{outcome.seconds:6.1f} s  {outcome.words:9s}  {outcome.planted.name}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} planted errors noticed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
