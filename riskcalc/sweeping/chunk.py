"""A chunk: a few points of a grid, answered one after the other wherever this is called; no point knows another."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol, runtime_checkable

from riskcalc.answer import risk
from riskcalc.curve import Method
from riskcalc.errors import MissingDependency, PrecisionChanged, RiskcalcError
from riskcalc.progress import shown_progress
from riskcalc.sweeping.answer import Answer, of_curve
from riskcalc.sweeping.grid import Grid
from riskcalc.sweeping.one_thread import one_thread
from riskcalc.sweeping.question import version

PATIENCE = 4.0  # seconds after which a chunk comes back with what it has, one point at least


@runtime_checkable
class Sampling(Protocol):
    """A road that draws samples, from a seed of their own."""

    def reseeded(self, seed: int) -> Method:
        """The same road with other samples, and the same sketches."""


class Shipped:
    """A grid that is packed once, however often it is sent, and unpacked once wherever it arrives."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid

    @cached_property
    def _packed(self) -> bytes:
        try:
            from cloudpickle import dumps  # knows classes of a script, which a cluster's workers cannot import
        except ImportError:
            from pickle import dumps
        packed: bytes = dumps(self.grid)
        return packed

    def __reduce__(self) -> tuple[Callable[[bytes], Shipped], tuple[bytes]]:
        return _arrived, (self._packed,)


@lru_cache(maxsize=2)
def _arrived(packed: bytes) -> Shipped:
    return Shipped(pickle.loads(packed))


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """points: of the grid, by number."""

    shipped: Shipped
    points: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answers to the first points of a chunk. version: of what computed them; seconds: that it took."""

    answers: tuple[Answer, ...]
    version: str
    seconds: float


def answered(chunk: Chunk) -> Answered:
    """Answer the points of a chunk in turn, until all are answered or `PATIENCE` is over."""
    began, answers = time.monotonic(), list[Answer]()
    with one_thread(), shown_progress(False):  # whoever sent the chunk counts its points
        for point in chunk.points:
            answers.append(answer_of(chunk.shipped.grid, point))
            if time.monotonic() - began > PATIENCE:
                break
    return Answered(answers=tuple(answers), version=version(), seconds=time.monotonic() - began)


def answer_of(grid: Grid, point: int) -> Answer:
    """The answer to one point, which is a reason where there is no curve; nothing but the question decides it."""
    try:
        method, seed = grid.method, None
        if isinstance(method, Sampling):
            seed = _seed(grid.key(point))
            method = method.reseeded(seed)
        return of_curve(risk(grid.run(point), method=method), seed=seed)
    except (PrecisionChanged, MissingDependency) as error:
        return Answer(reason=str(error), settled=False)
    except RiskcalcError as error:
        return Answer(reason=str(error))
    except ArithmeticError as error:
        return Answer(reason=f"a number left the range of float64 ({error}): use less extreme numbers")
    except Exception as error:  # one point is not worth the sweep; it is asked again next time
        return Answer(reason=f"internal error ({type(error).__name__}: {error}); please report it", settled=False)


def _seed(key: bytes) -> int:
    """A seed that depends on the question alone: 63 bits, as a coordinate can hold them."""
    return int.from_bytes(key[:8], "big") >> 1
