"""A piece of a run in which all rows of moved weights go together, whatever it is crossed by. Source: D53."""

from __future__ import annotations

from typing import Protocol

from riskcalc.quantity import Array, Complex


class Crossing(Protocol):
    """What a state at the start, and what is fed into the modes on the way, make of the drive and of the end.

    The drive is told at some places, (rows, places): at every step of a block, or at the nodes of a transform, where
    products with what is fed in are convolutions in time. Sources are (places, modes as written out).
    """

    def written_out(self, weights: Complex) -> Complex:
        """Weights of the modes (last axis) as sources need them."""

    def lasting(self, value: float) -> Array | float:
        """A constant drive."""

    def free(self, state: Complex) -> Array:
        """The drive of rows (rows, m, n) that nothing is fed into."""

    def closed(self, drive: Array) -> Array:
        """With its own feedback, from what it would be without."""

    def fed_along(self, kernels: Complex, drive: Array) -> Array:
        """What a drive (places,), fed in with each of these weights (rows, written out), makes of the drive."""

    def fed_by(self, source: Complex) -> Array:
        """What a source makes of the drive, (places,)."""

    def after(self, state: Complex, drive: Array) -> Complex:
        """Every row at the end, under its own drive."""

    def left_along(self, drive: Array) -> Complex:
        """What a drive, fed in with unit weights, leaves at the end, (rows, m, n)."""

    def left_by(self, source: Complex) -> Complex:
        """What a source leaves at the end, (m, n)."""
