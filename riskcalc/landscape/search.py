"""A search on one resolution: what it finds is computed again by the road itself, or looked for on a sharper one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from riskcalc.equivalent import Equivalent
from riskcalc.errors import ConsistencyError, ToleranceNotMet
from riskcalc.landscape.landscape import Road

_SAME = 1e-8  # relative difference between the search's excess and the road's


class Candidate(Protocol):
    """What a search may find: whatever it is, its excess on the resolution of the search."""

    @property
    def excess(self) -> float:
        """The excess of the choice."""


Found = TypeVar("Found", bound=Candidate)


def searched(
    search: Callable[[bool], Found | None],
    verify: Callable[[Found], tuple[float, float | None]],
    *,
    method: Road,
    remedy: str,
) -> tuple[Found, float, float | None]:
    """The best choice, with its excess and relative error by the road itself.

    search: at the resolution that is sharp or not; None where the best cannot be told there. verify: the excess of a
    choice by the road, and its error. Only the equivalent has two resolutions.
    remedy: what a user can do where the road does not confirm what was found.
    """
    reason = "no choice was found at which the excess can be computed"
    for sharp in (False, True) if isinstance(method, Equivalent) else (False,):
        found = search(sharp)
        if found is None:
            continue
        try:
            excess, error = verify(found)
        except ConsistencyError as failed:
            reason = str(failed)
            continue
        if abs(found.excess - excess) <= max(_SAME, 10 * method.tolerance) * excess:
            return found, excess, error
        reason = f"the search found the excess {found.excess:.12g}, but the road itself {excess:.12g}"
    raise ToleranceNotMet(f"{reason}: {remedy}")
