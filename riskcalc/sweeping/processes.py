"""Worker processes of our own: they end with the process that started them, however that ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from riskcalc.quantity import whole


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """So many processes as an executor, for the main thread; where the block ends by an error, they end at once.

    Each is started anew, not forked, so that no lock is held in it by a thread that it does not have.
    """
    count = whole(workers, "workers", least=1)
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        count, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_the_parent
    )
    try:
        _start(pool, count)
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - before:
            worker.terminate()
        raise
    pool.shutdown()


def _start(pool: Executor, count: int) -> None:
    """Start the workers deaf to Ctrl-C, which a terminal sends to all of them and which is ours to answer."""
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is ignored when a program starts, stays ignored in it
    try:
        for _ in range(count):
            pool.submit(os.getpid)
    finally:
        signal.signal(signal.SIGINT, heard)


def _end_with_the_parent() -> None:
    """A worker waits for work for ever, even from a parent that was killed."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
