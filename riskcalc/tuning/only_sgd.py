"""What is searched for under SGD alone refuses other optimisers by name."""

from __future__ import annotations

from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SGD, Optimiser, read_optimiser


def require_sgd(optimiser: Optimiser | str | None, *, of: str, because: str) -> None:
    """of: the verb. because: why it knows no other, and what to do instead."""
    chosen = read_optimiser(optimiser)
    if chosen != SGD():
        raise InvalidInput(f"{of} is for SGD(), not for {chosen}: {because}")
