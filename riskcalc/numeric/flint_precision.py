"""The working precision of python-flint, which it keeps for the whole process, and whether it was left alone.

There is no second context to compute in, so a thread of the caller's can set another precision while we work. That is
looked for whenever a block of a precision ends and before the operations of the field, and ends the block with an
error that says so. Balls stay right at any precision; what a lower one would spoil is that they are narrow.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import flint

from riskcalc.errors import PrecisionChanged
from riskcalc.numeric.one_at_a_time import ONE_AT_A_TIME


class _Ours:
    """resting: the bits that the process had before our outermost block; set: those we set, innermost last."""

    def __init__(self) -> None:
        self.resting: int = flint.ctx.prec
        self.set: list[int] = []

    def restore_in_child(self) -> None:
        """A child in which nobody has a turn: back to what the process had before."""
        if self.set:
            self.set.clear()
            flint.ctx.prec = self.resting


_OURS = _Ours()
ONE_AT_A_TIME.after_fork.append(_OURS.restore_in_child)


@contextmanager
def flint_digits(digits: int) -> Iterator[None]:
    """A block in which flint works with so many decimal digits; enter it in turn only.

    Raises PrecisionChanged where something else has set the precision meanwhile; what was set is then left as it is.
    """
    check_digits()
    before, outer = flint.ctx.prec, len(_OURS.set)
    if not outer:
        _OURS.resting = before
    try:
        flint.ctx.dps = digits
        _OURS.set.append(flint.ctx.prec)
        yield
    finally:  # of an error too: a wrong precision may be why
        try:
            check_digits()
            flint.ctx.prec = before
        finally:
            del _OURS.set[outer:]


def check_digits() -> None:
    """Refuse to go on at a precision that is not the one of the innermost block."""
    if _OURS.set and flint.ctx.prec != _OURS.set[-1]:
        raise PrecisionChanged(
            f"flint.ctx.prec was set to {flint.ctx.prec} by another thread while {_OURS.set[-1]} bits were at work "
            "here: flint has one precision for all threads of a process; let that thread wait, or use another process"
        )
