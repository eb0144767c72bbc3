"""The words in which a schedule says its formula, whatever the kind of number: floats, exact fields, SymPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from riskcalc.quantity import Number
from riskcalc.schedule.schedule import Schedule

Value = Any  # of one kind: an array, an element of a field, an expression
Place = Any  # a number of steps, exactly: a whole number or a Fraction; a share of a long run in SymPy


class Reading(Protocol):
    """Steps s = 0, ..., N - 1 of a run of N, and the arithmetic of one kind of number.

    Values know + - * / and whole powers; `number`, `power`, `sine` and `least` are what kinds of number differ in.
    Pieces are put together by `split` and `later`.
    """

    @property
    def done(self) -> Value:
        """s."""

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
        """A positive value to any power; 0 to a positive one."""

    def sine(self, quarters: Value) -> Value:
        """sin(pi x/2)."""

    def least(self, one: Value, other: Value) -> Value:
        """The smaller of two values."""

    def share(self, fraction: Number) -> Place:
        """That fraction of N steps."""

    def whole(self, fraction: Number) -> Place:
        """The same, rounded up to whole steps."""

    def steps(self, place: Place) -> Value:
        """A number of steps as a value."""

    def split(self, place: Place, before: Callable[[Any], Value], after: Callable[[Any], Value]) -> Value:
        """before(at) at the steps s < place, after(at) at the others."""

    def later(self, place: Place) -> Reading:
        """The same steps, counted from `place`, in a run of N - place."""

    def first(self) -> Reading:
        """Step 0 of this run alone."""

    def of(self, schedule: Schedule) -> Value:
        """Another schedule at these steps, whether it has a formula or not."""


@runtime_checkable
class Written(Protocol):
    """What says its formula."""

    def formula(self, at: Reading) -> Value:
        """gamma at the steps that are read."""
