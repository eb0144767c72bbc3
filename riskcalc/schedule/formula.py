"""A schedule by its formula, written once for every kind of number: float64 arrays, exact fields, SymPy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Number
from riskcalc.schedule.schedule import read_horizon
from riskcalc.schedule.smooth import whole_steps

Value = Any  # of one kind: an array, an element of a field, an expression
Real = NDArray[np.float64]


class Reading(Protocol):
    """Steps s = 0, ..., N - 1 of a run of N, and the arithmetic of one kind of number.

    Values know + - * / and whole powers; `number`, `power`, `sine` and `least` are what kinds of number differ in.
    """

    @property
    def begun(self) -> Value:
        """s + 1."""

    @property
    def left(self) -> Value:
        """N - s."""

    @property
    def horizon(self) -> Value:
        """N."""

    def number(self, value: Number) -> Value:
        """A number the user gave."""

    def power(self, base: Value, exponent: Number) -> Value:
        """A positive value to any power."""

    def sine(self, quarters: Value) -> Value:
        """sin(pi x/2)."""

    def least(self, one: Value, other: Value) -> Value:
        """The smaller of two values."""


class Formula(ABC):
    """What a class of schedules with a formula says once; its float64 step sizes follow from that."""

    @abstractmethod
    def formula(self, at: Reading) -> Value:
        """gamma at the steps that are read."""

    @abstractmethod
    def kinks(self) -> tuple[Number, ...]:
        """Where, in shares of the run that are left, another branch of the formula begins: ascending, in (0, 1)."""

    def step_sizes(self, start: int, stop: int, *, horizon: int) -> Real:
        """gamma_s for s = start, ..., stop - 1, where stop <= horizon."""
        return self.at(*whole_steps(start, stop, horizon=horizon), horizon=read_horizon(horizon))

    def at(self, done: Real, left: Real, *, horizon: int) -> Real:
        """gamma at real-valued steps s = done = horizon - left."""
        sizes = np.asarray(self.formula(_Floats(begun=done + 1, left=left, horizon=horizon)), dtype=np.float64)
        return sizes if sizes.shape == left.shape else np.full(left.shape, sizes)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Floats:
    """Many steps at once, as float64 arrays."""

    begun: Real
    left: Real
    horizon: int

    def number(self, value: Number) -> float:
        return float(value)

    def power(self, base: Real, exponent: Number) -> Real:
        return np.asarray(base ** float(exponent))

    def sine(self, quarters: Real) -> Real:
        return np.asarray(np.sin(np.pi / 2 * quarters))

    def least(self, one: Real, other: Real) -> Real:
        return np.asarray(np.minimum(one, other))
