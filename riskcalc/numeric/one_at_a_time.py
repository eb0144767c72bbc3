"""Whose turn it is to compute with many digits: one thread's at a time, and in a forked process nobody's.

A lock that another thread holds at a fork is held in the child for ever: that thread does not exist there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from riskcalc.errors import PrecisionChanged

_ATTEMPTS = 3
_Answer = TypeVar("_Answer")


class Turn:
    """A lock that the thread which has it may take again.

    after_fork: what else a child has to put right when another thread had its turn at the fork.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._holder: int | None = None
        self._depth = 0
        self.after_fork: list[Callable[[], None]] = []
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._in_child)

    def __enter__(self) -> None:
        self._lock.acquire()
        self._holder = threading.get_ident()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if not self._depth:
            self._holder = None
        self._lock.release()

    def _in_child(self) -> None:
        if self._holder == threading.get_ident():  # the thread that forked goes on within its turn
            return
        self._lock, self._holder, self._depth = threading.RLock(), None, 0
        for repair in self.after_fork:
            repair()


def undisturbed(compute: Callable[[], _Answer]) -> _Answer:
    """What `compute` gives when the precision is left alone: done again, twice at most, where it was not."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return compute()
        except PrecisionChanged:
            continue
    return compute()


# mpmath and python-flint keep one precision for all threads: one that set its own would change it under the others.
ONE_AT_A_TIME = Turn()
