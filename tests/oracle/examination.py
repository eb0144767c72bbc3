"""One question, both answers, and what came of it."""

from __future__ import annotations

import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from riskcalc.errors import RiskcalcError
from tests.oracle.asking import ask
from tests.oracle.floats80 import LD, OutOfReach
from tests.oracle.memory_problems import remembering
from tests.oracle.problems import question, tolerance
from tests.oracle.questions import Question
from tests.oracle.reference import Reference, answer

ROUNDING = 2.0**-53  # a float is known to be the nearest one at best
VANISHED = 1e-290  # below this an excess leaves the range of floats


@dataclass(frozen=True, kw_only=True)
class Finding:
    """outcome: held; exceeded (true error > stated); missed (> tolerance too); refused; crashed; incomparable; slow."""

    seed: int
    number: int
    outcome: str
    memory: bool = False
    road: str = ""
    kind: str = ""
    dimension: str = ""
    tolerance: float = 0.0
    true: float = 0.0
    stated: float = 0.0
    doubt: float = 0.0
    message: str = ""
    share: float = 0.0
    road_seconds: float = 0.0
    reference_seconds: float = 0.0


def errors(asked: Reference, excess: np.ndarray, bias: np.ndarray, variance: np.ndarray, floor: float) -> np.ndarray:
    """The largest true error of the excess and its parts at each step, relative to the excess."""
    gaps = [excess - asked.excess, bias - asked.bias, variance - asked.variance, floor - asked.floor]
    worst = np.max([np.abs(np.broadcast_to(gap, asked.excess.shape)).astype(LD) for gap in gaps], axis=0)
    gone = np.abs(asked.excess) < VANISHED
    return np.where(gone & (np.abs(excess) < VANISHED), 0, worst / np.where(gone, VANISHED, np.abs(asked.excess)))


def judge(asked: Reference, reply, bound: float) -> tuple[str, float, float]:
    """The outcome, the worst true error, and the doubt of the reference at that step."""
    true = errors(asked, reply.excess, reply.bias, reply.variance, reply.floor)
    if not np.all(np.isfinite(true)):
        return "missed", float("inf"), 0.0
    sure = np.maximum(true - 10 * asked.doubt, 0)
    worst = int(np.argmax(sure))
    stated = max(reply.error, ROUNDING)
    if sure[worst] > bound:
        return "missed", float(true[worst]), float(asked.doubt[worst])
    if sure[worst] > stated:
        return "exceeded", float(true[worst]), float(asked.doubt[worst])
    if not np.all(asked.doubt <= stated / 10):
        return "incomparable", float(np.max(true)), float(np.max(asked.doubt))
    return "held", float(np.max(true)), float(np.max(asked.doubt))


class Slow(Exception):
    """The time allowed for one question has run out."""


@contextmanager
def allowed(seconds: float) -> Iterator[None]:
    """At most so many seconds, where the system has an alarm clock."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def ring(*_: object) -> None:
        raise Slow

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def examine(seed: int, number: int, seconds: float = 120.0, *, memory: bool = False) -> Finding:
    """Question `number` of `seed`, of SGD or of a method with a memory, answered twice."""
    known: dict = {"seed": seed, "number": number, "memory": memory}
    try:
        with allowed(seconds), warnings.catch_warnings():
            warnings.simplefilter("error")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                asked = (remembering if memory else question)(seed, number)
            known |= {"road": asked.road, "kind": asked.kind, "dimension": asked.dimension, "share": asked.share}
            return _examined(asked, tolerance(seed, number), known)
    except Slow:
        return Finding(outcome="slow", message=f"more than {seconds:g} s", **known)


def _examined(asked: Question, bound: float, known: dict) -> Finding:
    known["tolerance"] = bound
    start = time.process_time()
    try:
        reply = ask(asked, bound)
    except RiskcalcError as error:
        known["road_seconds"] = time.process_time() - start
        return Finding(outcome="refused", message=f"{type(error).__name__}: {error}", **known)
    except Slow:
        raise
    except Exception as error:  # whatever it is, it is not one of the package's own errors
        return Finding(outcome="crashed", message=f"{type(error).__name__}: {error}", **known)
    known["road_seconds"] = time.process_time() - start
    start = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = answer(asked, max(reply.error, ROUNDING) / 10)
    except OutOfReach as error:
        return Finding(outcome="incomparable", message=f"{type(error).__name__}: {error}", stated=reply.error, **known)
    known["reference_seconds"] = time.process_time() - start
    outcome, true, doubt = judge(found, reply, bound)
    return Finding(outcome=outcome, true=true, stated=reply.error, doubt=doubt, **known)
