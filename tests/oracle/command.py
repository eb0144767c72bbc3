"""The command: random questions to the package and to the slow reference, true errors beside stated ones."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from tests.oracle.certified import balls
from tests.oracle.examination import Finding, examine
from tests.oracle.floats80 import ENOUGH
from tests.oracle.table import offenders, table


def main() -> int:
    """Parse, examine, print; status 0 only if every stated error held."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--problems", type=int, default=100, metavar="N", help="how many questions (default 100)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="names the list of questions (default 0)")
    parser.add_argument("--only", metavar="K,K", help="these questions of the list alone")
    parser.add_argument("--memory", action="store_true", help="methods with a memory in place of SGD")
    parser.add_argument("--jobs", type=int, default=1, metavar="J", help="processes (default 1)")
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS", help="for one question (default 120)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="a finding a line; what it holds is not asked again")
    parser.add_argument("--certified", type=int, default=0, metavar="N", help="instead, N balls against more digits")
    parser.add_argument("--shown", type=int, default=200, help="offending questions printed (default 200)")
    words = parser.parse_args()
    if not ENOUGH:
        parser.error("this machine has no 80-bit floats, which the reference needs")
    if words.certified:
        return balls(words.certified, words.seed)
    numbers = [int(k) for k in words.only.split(",")] if words.only else list(range(words.problems))
    findings = _read(words.json, words.seed, set(numbers), memory=words.memory)
    done = {one.number for one in findings}
    left = [number for number in numbers if number not in done]
    interrupted = _collect(findings, left, words)
    print(table(findings))
    bad = offenders(findings).splitlines()
    print("\n".join(bad[: words.shown]))
    if len(bad) > words.shown:
        print(f"... and {len(bad) - words.shown} more")
    if interrupted:
        return 130
    return int(any(one.outcome in ("missed", "exceeded", "crashed") for one in findings))


def _read(path: Path | None, seed: int, wanted: set[int], *, memory: bool) -> list[Finding]:
    if path is None or not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [Finding(**json.loads(line)) for line in lines if line.endswith("}")]
    return [one for one in found if (one.seed, one.memory) == (seed, memory) and one.number in wanted]


def _answers(numbers: list[int], seed: int, jobs: int, limit: float, memory: bool) -> Iterator[Finding]:
    ask = partial(examine, seed, seconds=limit, memory=memory)
    if jobs == 1:
        with _interrupts() as stopped:
            for number in numbers:
                if stopped.is_set():
                    raise KeyboardInterrupt
                yield ask(number)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, initializer=_quiet) as pool, _interrupts() as stopped:
        answers = pool.imap_unordered(ask, numbers)
        for _ in numbers:
            yield _next(answers, stopped)


def _next(answers: Any, stopped: threading.Event) -> Finding:
    while not stopped.is_set():
        with suppress(multiprocessing.TimeoutError):
            return answers.next(timeout=1)
    raise KeyboardInterrupt


@contextmanager
def _interrupts() -> Iterator[threading.Event]:
    """Ctrl-C sets an event, however often it is pressed: what is finished is kept whole."""
    stopped = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stopped.set())
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _quiet() -> None:
    """Workers leave an interrupt to the process that started them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _collect(findings: list[Finding], numbers: list[int], words: argparse.Namespace) -> bool:
    """Appends findings as they come, to the list and to the file; whether it was interrupted."""
    start, shown = time.monotonic(), 0.0
    file = words.json.open("a", encoding="utf-8") if words.json else None
    if file and file.tell():
        file.write("\n")  # in case the last line was cut off
    try:
        for count, one in enumerate(_answers(numbers, words.seed, words.jobs, words.limit, words.memory), start=1):
            findings.append(one)
            if file:
                file.write(json.dumps(asdict(one)) + "\n")
                file.flush()
            passed = time.monotonic() - start
            if passed - shown > 5 or count == len(numbers):
                shown = passed
                bad = sum(one.outcome in ("missed", "exceeded", "crashed") for one in findings)
                print(f"\r{count}/{len(numbers)}, {bad} not held, {passed:.0f} s", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\ninterrupted: what is finished follows", file=sys.stderr)
        return True
    finally:
        if file:
            file.close()
    print(file=sys.stderr)
    return False
