"""How far a long computation is: a line on standard error, or a bar in a notebook, with the rate and the time left."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from riskcalc.errors import MissingDependency

_DELAY = 2.0  # seconds before anything is shown: what is over by then needs no bar
_SECONDS = 0.5  # between two looks of the bar
_MANY = 10_000  # beyond, counts are written as thousands and millions

_asked: ContextVar[bool | None] = ContextVar("asked", default=None)  # for all bars in a block: anywhere, nowhere
_inside: ContextVar[bool] = ContextVar("inside", default=False)  # of another bar, which tells more


@contextmanager
def shown_progress(shown: bool | None) -> Iterator[None]:
    """Say for all bars of a block whether they are shown: True anywhere, False nowhere, None where somebody sees them.

    A block of processes' work says False: what they do is counted by whoever sent them.
    """
    before = _asked.set(shown)
    try:
        yield
    finally:
        _asked.reset(before)


@contextmanager
def progress(
    total: int | None, what: str, *, shown: bool | None = None, done: int = 0
) -> Iterator[Callable[[int], None]]:
    """Hand out a function that is told how many more are done.

    total: None where it is not known. what: the unit, in the plural. shown: None where standard error is a terminal or
    a notebook's, or as the block says (`shown_progress`); True says it anywhere, one line a look where it is no
    terminal; False nowhere. done: how many were done before. Inside another bar nothing is shown.

    >>> with progress(10, "points", shown=False) as more:
    ...     more(3)
    """
    told = _asked.get() if shown is None else shown
    if _inside.get() or not (_seen() if told is None else told):
        yield lambda count: None
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a notebook has no widgets: a line of text serves as well
            from tqdm.auto import tqdm
    except ImportError:
        if told is None:
            yield lambda count: None
            return
        raise MissingDependency("progress needs tqdm: pip install tqdm") from None
    before = _inside.set(True)
    bar = tqdm(
        total=total,
        initial=done,
        unit=f" {what}",
        unit_scale=total is not None and total >= _MANY,
        delay=_DELAY if told is None else 0.0,
        mininterval=_SECONDS,
        file=sys.stderr,
    )
    try:
        with bar:
            yield lambda count: bar.update(count) and None
    finally:
        _inside.reset(before)


def _seen() -> bool:
    stream = sys.stderr
    in_notebook = type(stream).__module__.startswith("ipykernel")
    return stream is not None and (in_notebook or stream.isatty())
