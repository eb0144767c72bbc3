"""What schedules that change at every step have in common: no stages, and a limit on their length."""

from __future__ import annotations

from riskcalc.errors import InvalidInput

LONGEST_SMOOTH_RUN = 100_000_000  # steps; each is computed, about ten minutes at this length


def check_length(horizon: int, name: str) -> None:
    """Refuse runs whose steps cannot be gone through one by one."""
    if horizon > LONGEST_SMOOTH_RUN:
        raise InvalidInput(
            f"the {name} schedule changes at every step, and {horizon:.6g} steps are too many to go through one by one "
            f"(at most {LONGEST_SMOOTH_RUN:.0e}): use a constant or geometric schedule, or fewer steps"
        )
