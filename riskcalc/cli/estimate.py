"""How long a question would take, from a small part of it: `--dry-run`."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from riskcalc.curve import Method, Run
from riskcalc.exact import Exact
from riskcalc.progress import shown_progress

_RUNS, _STEPS = 4, 256  # of a simulation that are tried
_LONG = 10.0  # seconds from which on more time is spent on a second look


def estimated(runs: Sequence[Run], method: Method) -> str:
    """One line: how much there is to do, and about how long it takes here."""
    with shown_progress(False):
        found = [_seconds(run, method) for run in runs]
    seconds, words = sum(one for one, _ in found), found[0][1]
    many = f"{len(runs)} curves, each of " if len(runs) > 1 else ""
    return f"{many}{words}: about {_told(seconds)} on this machine, one core"


def _seconds(run: Run, method: Method) -> tuple[float, str]:
    from riskcalc.simulation import MonteCarlo

    if isinstance(method, MonteCarlo):
        runs, last = min(method.runs, _RUNS), run.steps[-1]
        steps = max(1, min(last, _STEPS))
        part = replace(method, runs=runs, sketches=1)
        spent = _timed(lambda: part.curve(replace(run, steps=(steps,)), force=True))
        each = spent / (runs * steps)
        many = f"{method.sketches} sketches, " if method.sketches > 1 else ""
        return each * method.runs * method.sketches * last, f"{many}{method.runs} runs of {last} steps"
    if isinstance(method, Exact) and method.sketches > 1:
        one = replace(method, sketches=1, combine="mean")
        return method.sketches * _timed(lambda: one.curve(run, force=True)), f"{method.sketches} sketches"
    return _timed(lambda: method.curve(run, force=getattr(method, "digits", None) is None)), "one answer, computed"


def _timed(work: Callable[[], object]) -> float:
    """Seconds of a second look, where the first was short: a first one loads what it needs."""
    began = time.perf_counter()
    work()
    spent = time.perf_counter() - began
    if spent > _LONG:
        return spent
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _told(seconds: float) -> str:
    """A duration with one or two figures.

    >>> _told(0.2), _told(95), _told(9000)
    ('less than a second', '95 s', '2.5 h')
    """
    if seconds < 1:
        return "less than a second"
    for unit, length in (("s", 1.0), ("min", 60.0)):
        if seconds < 100 * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{seconds / 3600:.2g} h"
