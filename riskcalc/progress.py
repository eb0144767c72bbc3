"""How far a long computation is: a line on standard error, or a bar in a notebook, with the rate and the time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from riskcalc.errors import MissingDependency

_DELAY = 2.0  # seconds before anything is shown: what is over by then needs no bar
_SECONDS = 0.5  # between two looks of the bar


@contextmanager
def progress(total: int, what: str, *, shown: bool | None = None, done: int = 0) -> Iterator[Callable[[int], None]]:
    """Hand out a function that is told how many more are done.

    what: the unit, in the plural. shown: None where standard error is a terminal or a notebook's; True says it
    anywhere, one line a look where it is no terminal; False nowhere. done: how many were done before.

    >>> with progress(10, "points", shown=False) as more:
    ...     more(3)
    """
    if not (_seen() if shown is None else shown):
        yield lambda count: None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        if shown is None:
            yield lambda count: None
            return
        raise MissingDependency("progress needs tqdm: pip install tqdm") from None
    delay = _DELAY if shown is None else 0.0
    with tqdm(total=total, initial=done, unit=f" {what}", delay=delay, mininterval=_SECONDS, file=sys.stderr) as bar:
        yield lambda count: bar.update(count) and None


def _seen() -> bool:
    stream = sys.stderr
    in_notebook = type(stream).__module__.startswith("ipykernel")
    return stream is not None and (in_notebook or stream.isatty())
