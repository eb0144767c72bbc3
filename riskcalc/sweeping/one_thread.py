"""Linear algebra in one thread: the last bits of its answers depend on how many there are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from riskcalc.errors import MissingDependency

_lock = threading.Lock()
_inside = 0
_limits: Any = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold the libraries of linear algebra to one thread, until the last of those that asked for it has left.

    The limit is one of the process: whoever came first and left first would else lift it under the others.
    """
    global _inside, _limits
    with _lock:
        if not _inside:
            _limits = _limited()
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                _limits.restore_original_limits()
                _limits = None


def _limited() -> Any:
    import scipy.linalg  # noqa: F401  # brings a library of its own: one that is loaded later would not be held

    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        raise MissingDependency('a sweep needs threadpoolctl: pip install "riskcalc-sgd[data]"') from None
    return threadpool_limits(limits=1)
