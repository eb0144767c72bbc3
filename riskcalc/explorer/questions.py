"""The questions that the page answers: every choice of its menus for which a phase diagram is derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from riskcalc.scaling import PhaseDiagram, phase_diagram
from riskcalc.schedule import named_schedule

_GROWTH = (("compute", "largest"), ("compute", "free"), ("data", "free"))
# the exponents of DANA hang on no number but its decay
_DANA = "dana-decaying:delta=1/10,memory=40"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One choice in every menu, in the words that `exponents` and the command line share."""

    schedule: str = "constant"
    noise: str = "0"
    budget: str = "compute"
    step_size: str = "largest"
    optimiser: str = "sgd"

    def words(self) -> dict[str, str]:
        """All of them, by their names."""
        return dict(vars(self))

    def diagram(self) -> PhaseDiagram:
        """The phase diagram of this question, in alpha and beta."""
        return phase_diagram(**vars(self))


def questions(schedules: Sequence[str]) -> tuple[Asked, ...]:
    """Every question of these schedules, and DANA's own, which is derived for a constant step size alone."""
    asked = [
        Asked(schedule=schedule, noise=noise, budget=budget, step_size=step_size)
        for schedule, noise, (budget, step_size) in product(schedules, ("0", "1"), _GROWTH)
    ]
    return (*asked, *([Asked(optimiser=_DANA)] if "constant" in schedules else []))


def is_schedule(name: str) -> bool:
    """Whether `exponents` knows a schedule of this name."""
    return named_schedule(name, step_size=1, asked="schedules") is not None
