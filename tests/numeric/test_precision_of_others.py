"""Forks, threads and other users of the libraries: digits stay right, or the reason is said."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flint
import mpmath
import pytest

import riskcalc as rc
from riskcalc.errors import PrecisionChanged
from riskcalc.numeric.one_at_a_time import undisturbed

ROOT = Path(rc.__file__).parent
PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=40), signal=rc.PowerLawSignal(b=3), noise="1/10")
RUN = rc.Run(PROBLEM, model_size=6, schedule=rc.Constant("1/4"), steps=[30])


def digits_of(job: tuple[int, Any]) -> tuple[str, ...]:
    digits, field = job
    return rc.risk(RUN, method=rc.Exact(seed=1, digits=digits, field=field)).decimals["excess"]


@contextmanager
def meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """Another thread that does this all the time."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            act()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


FORK = """
import os, sys, threading, time, warnings
warnings.simplefilter("ignore")
import flint, riskcalc as rc
from riskcalc.numeric.one_at_a_time import ONE_AT_A_TIME
field = rc.Arb()
at_work, done = threading.Event(), threading.Event()
def hold():
    with field.working(77):
        at_work.set(); done.wait()
thread = threading.Thread(target=hold); thread.start(); at_work.wait()
child = os.fork()
if child == 0:
    resting = flint.ctx.dps
    with field.working(30):
        inside = flint.ctx.dps
    os._exit(0 if (resting, inside, flint.ctx.dps) == (15, 30, 15) else 3)
for _ in range(1500):
    ended, status = os.waitpid(child, os.WNOHANG)
    if ended: break
    time.sleep(0.02)
else:
    os.kill(child, 9); os.waitpid(child, 0); status = 99 << 8
done.set(); thread.join()
with field.working(40):                       # a fork by the thread whose turn it is: it goes on in both processes
    child = os.fork()
    if child == 0:
        with field.working(20): pass
        same = flint.ctx.dps
if child == 0:
    os._exit(0 if (same, flint.ctx.dps) == (40, 15) else 4)
second = os.waitpid(child, 0)[1]
print(os.waitstatus_to_exitcode(status), os.waitstatus_to_exitcode(second), flint.ctx.dps)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks")
def test_a_child_forked_while_another_thread_computes_is_free_and_at_rest() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", FORK], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("0 0 15\n", "")


def test_mpmath_is_not_disturbed_by_who_else_uses_it_and_disturbs_nobody() -> None:
    alone = digits_of((40, rc.Mpmath()))
    seen = set()

    def use() -> None:
        with mpmath.workdps(9):
            mpmath.zeta(mpmath.mpf(5) / 2)
        seen.add(mpmath.mp.dps)

    with meanwhile(use):
        assert digits_of((40, rc.Mpmath())) == alone
    assert seen == {15}


def test_flint_set_once_by_another_thread_is_noticed_and_computed_again() -> None:
    alone = digits_of((40, rc.Arb()))
    field, turns = rc.Arb(), []

    def compute() -> tuple[str, ...]:
        turns.append(len(turns))
        with field.working(50):
            if len(turns) == 1:
                thread = threading.Thread(target=lambda: setattr(flint.ctx, "dps", 20))
                thread.start()
                thread.join()
            return digits_of((40, rc.Arb()))

    try:
        assert undisturbed(compute) == alone
        assert len(turns) == 2
        assert flint.ctx.dps == 20  # what the other thread asked for stays
    finally:
        flint.ctx.dps = 15


@pytest.mark.parametrize("ending", ["an answer", "an error"])
def test_flint_set_all_the_time_is_said(ending: str) -> None:
    def disturbed() -> None:
        with rc.Arb().working(50):
            flint.ctx.dps = 20
            if ending == "an error":
                raise ZeroDivisionError("misleading")

    try:
        with pytest.raises(PrecisionChanged, match=r"flint\.ctx\.prec was set to 70 by another thread while 169 bits"):
            undisturbed(disturbed)
    finally:
        flint.ctx.dps = 15
    assert digits_of((20, rc.Arb()))  # nothing is left over


@pytest.mark.parametrize("operate", [
    lambda field, x: field.real(2),
    lambda field, x: field.exp(x),
    lambda field, x: field.log(x),
    lambda field, x: field.sqrt(x),
    lambda field, x: field.dot([x], [x]),
    lambda field, x: field.matrix([[x]]),
    lambda field, x: field.linear([[x]])([x]),
])  # fmt: skip
def test_operations_look_at_the_precision_they_have(operate: Callable[[Any, Any], Any]) -> None:
    field = rc.Arb()
    before = flint.ctx.prec
    with field.working(50):
        x, ours = field.real(3), flint.ctx.prec
        operate(field, x)
        flint.ctx.prec = before
        try:
            with pytest.raises(PrecisionChanged):
                operate(field, x)
        finally:
            flint.ctx.prec = ours


def test_digits_asked_by_many_threads_are_those_of_one() -> None:
    jobs = [(digits, field) for digits in (15, 60, 30) for field in (rc.Arb(), rc.Mpmath())]
    alone = [digits_of(job) for job in jobs]
    with ThreadPoolExecutor(max_workers=6) as executor:
        assert list(executor.map(digits_of, jobs * 3)) == alone * 3


def test_nothing_computes_in_the_context_that_everybody_shares() -> None:
    for source in sorted(ROOT.rglob("*.py")):
        text = re.sub(r'"""[\s\S]*?"""', "", source.read_text(encoding="utf-8"))
        if source.name != "mpmath_context.py":
            assert re.search(r"^\s*(import|from) mpmath", text, re.MULTILINE) is None, source
        if source.name != "flint_precision.py":
            assert "flint.ctx" not in text, source
