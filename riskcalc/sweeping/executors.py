"""Who computes the chunks: this process, or whatever offers the `submit` of concurrent.futures."""

from __future__ import annotations

import importlib.util
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import Any, Protocol, runtime_checkable

from riskcalc.errors import ExecutorFailed, InvalidInput, MissingDependency
from riskcalc.quantity import shown
from riskcalc.sweeping.answer import Answer
from riskcalc.sweeping.chunk import Answered, Chunk, Shipped, answered
from riskcalc.sweeping.grid import Grid
from riskcalc.sweeping.question import version

AHEAD = 256  # chunks handed out at a time: enough for a hundred workers
_SECONDS = 1.0  # that a chunk should take: what an interruption loses
_MOST = 1000  # points of a chunk
_RECENT = 0.3  # weight of the newest chunk in the mean time of a point

Batch = list[tuple[int, Answer]]


@runtime_checkable
class OffersExecutor(Protocol):
    """A client of a cluster, such as that of Dask distributed."""

    def get_executor(self) -> Executor:
        """Its workers, as an executor."""


class Serial(Executor):
    """This process, at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def executor_of(given: object) -> Executor:
    """The executor that a user gave; none is this process.

    >>> type(executor_of(None)).__name__
    'Serial'
    """
    if given is None:
        return Serial()
    if not isinstance(given, type):
        if isinstance(given, Executor):
            return given
        if isinstance(given, OffersExecutor):
            return given.get_executor()
    raise InvalidInput(
        "executor must be None, a concurrent.futures.Executor such as ProcessPoolExecutor(2), or a Client of Dask "
        f"distributed, not {shown(given)}"
    )


def answers(grid: Grid, points: Iterable[int], executor: Executor) -> Generator[Batch, None, None]:
    """The answers to these points of a grid, as they come; what was handed out and not begun is called back at the end.

    A first chunk is one point; from then on they are as long as takes about a second. How they are cut changes no bit
    of any answer.
    """
    if not isinstance(executor, Serial):
        _check_workers(executor)
    cut, running = _Cutting(grid, points), dict[Future[Answered], Chunk]()
    ahead = 1 if isinstance(executor, Serial) else AHEAD
    try:
        while True:
            while len(running) < ahead and (chunk := cut.next()) is not None:
                running[_guarded(lambda chunk=chunk: executor.submit(answered, chunk))] = chunk  # type: ignore[misc]
            if not running:
                return
            done = wait(running, return_when=FIRST_COMPLETED).done
            for future in sorted(done, key=_failed):  # what is finished is handed on before a failure ends it all
                chunk, found = running.pop(future), _guarded(future.result)
                _check_version(found.version)
                cut.learn(chunk, found)
                yield list(zip(chunk.points, found.answers, strict=False))  # those that are not answered come again
    finally:
        for future in running:
            future.cancel()


class _Cutting:
    """Cuts what is left into chunks, by the time that the last ones took."""

    def __init__(self, grid: Grid, points: Iterable[int]) -> None:
        self._shipped, self._left, self._again = Shipped(grid), iter(points), deque[int]()
        self._each: float | None = None  # seconds a point

    def next(self) -> Chunk | None:
        length = 1 if self._each is None else round(min(max(_SECONDS / max(self._each, 1e-9), 1), _MOST))
        points = tuple(self._take(length))
        return Chunk(shipped=self._shipped, points=points) if points else None

    def learn(self, chunk: Chunk, done: Answered) -> None:
        self._again.extend(chunk.points[len(done.answers) :])
        each = done.seconds / len(done.answers)
        self._each = each if self._each is None else (1 - _RECENT) * self._each + _RECENT * each

    def _take(self, length: int) -> Iterator[int]:
        for _ in range(length):
            if self._again:
                yield self._again.popleft()
                continue
            point = next(self._left, None)
            if point is None:
                return
            yield point


def _failed(future: Future[Answered]) -> bool:
    return future.cancelled() or future.exception() is not None


def _guarded(ask: Callable[[], Any]) -> Any:
    """What an executor gives; points have no errors of their own, so an error is one of the executor."""
    try:
        return ask()
    except BrokenExecutor:
        raise ExecutorFailed(
            "a worker of the executor died (killed, or out of memory), and the executor with it: what was finished is "
            "in the store, if there is one; start again with a new executor"
        ) from None
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) or "No module named" in str(error):
            raise _lacking(str(error)) from None
        said = f"{type(error).__name__}: {error}"
        raise ExecutorFailed(
            f"the executor failed ({said}): what was finished is in the store, if there is one; start again"
        ) from error


def _check_workers(executor: Executor) -> None:
    """A worker without the package could not even say so: what it is handed is looked up in the package."""
    try:
        found = _guarded(lambda: executor.submit(importlib.util.find_spec, "riskcalc").result())
    except ExecutorFailed as failure:
        if isinstance(failure.__cause__, ValueError):  # a module of that name without a specification
            raise _lacking(str(failure.__cause__)) from None
        raise
    if found is None:
        raise _lacking("No module named 'riskcalc'")


def _lacking(reason: str) -> MissingDependency:
    return MissingDependency(
        f"the workers of the executor cannot import what they need ({reason}): install riskcalc-sgd with its extras "
        f"where they run, as here ({version()})"
    )


def _check_version(theirs: str) -> None:
    if theirs != version():
        raise ExecutorFailed(
            f"the workers of the executor compute with {theirs}, and here is {version()}: install the same where they "
            "run, for their answers are not mixed"
        )
