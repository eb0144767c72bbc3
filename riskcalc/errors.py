"""The package's own errors: what was asked, which condition fails, what to do.

Every error raised on purpose is a `RiskcalcError`, so one `except` is enough for a caller and the command
line can turn any of them into one line.
"""

from __future__ import annotations


class RiskcalcError(Exception):
    """Base class of every error this package raises on purpose."""


class InvalidInput(RiskcalcError, ValueError):
    """A value lies outside the domain in which the question has an answer."""


class UnstableRun(RiskcalcError):
    """The step size is too large: the expected risk grows without bound.

    largest: the largest stable constant step size, where it is known. partial: what was finished before, where
    something was.
    """

    def __init__(self, message: str, *, largest: float | None = None, partial: object = None) -> None:
        super().__init__(message)
        self.largest, self.partial = largest, partial


class ToleranceNotMet(RiskcalcError):
    """A computation could not verify the accuracy that was asked for.

    best: where balls were asked, the narrowest that were proved, as (value, radius) texts by name.
    known: the relative error that could be stated, where one could.
    """

    def __init__(
        self, message: str, *, best: dict[str, list[tuple[str, str]]] | None = None, known: float | None = None
    ) -> None:
        super().__init__(message)
        self.best = best
        self.known = known


class ConsistencyError(RiskcalcError):
    """A sum rule that must hold exactly is violated: the result cannot be trusted."""


class PrecisionChanged(RiskcalcError):
    """Something else in the process set the working precision of a library while it was in use here."""


class MissingDependency(RiskcalcError, ImportError):
    """An optional package is needed for what was asked."""


class RoundedToZero(UserWarning):
    """Numbers below zero by rounding were taken for zero."""


class ExecutorFailed(RiskcalcError):
    """Whoever was to compute the points of a sweep cannot, or is gone.

    partial: the Dataset of what was finished, where there is one.
    """

    def __init__(self, message: str, *, partial: object = None) -> None:
        super().__init__(message)
        self.partial = partial


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during something long. partial: what was finished, as the answer to a smaller question."""

    def __init__(self, message: str, *, partial: object) -> None:
        super().__init__(message)
        self.partial = partial


class SweepInterrupted(Interrupted):
    """Ctrl-C during a sweep. partial: the Dataset of what was finished."""
