"""The questions that the page answers: every choice of its menus for which a phase diagram is derived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from riskcalc.scaling.question import Question
from riskcalc.scaling.words import read_question
from riskcalc.schedule import named_schedule

_GROWTH = (("compute", "largest"), ("compute", "free"), ("data", "free"))
# a constant memory changes no exponent (D42); this one stands for all of them
_STEADY = ("sgd", "heavy-ball:9/10")
# the exponents of DANA hang on no number but its decay
_DANA = (
    "dana:delta=1/10,decay=0,memory=40",
    "dana:delta=1/10,decay=1/2,memory=40",
    "dana-decaying:delta=1/10,memory=40",
)


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

    def question(self) -> Question:
        """The question that the words ask; several may ask the same."""
        return read_question(**vars(self))


def questions(schedules: Sequence[str]) -> tuple[Asked, ...]:
    """Every question of these schedules; with a constant step size among them, what is derived for it alone."""
    asked = [
        Asked(schedule=schedule, noise=noise, budget=budget, step_size=step_size, optimiser=optimiser)
        for optimiser, schedule, noise, (budget, step_size) in product(_STEADY, schedules, ("0", "1"), _GROWTH)
    ]
    if "constant" in schedules:
        asked += [Asked(budget="data-set", step_size="free", noise=noise) for noise in ("0", "1")]
        asked += [Asked(optimiser=optimiser) for optimiser in _DANA]
    return tuple(asked)


def is_schedule(name: str) -> bool:
    """Whether `exponents` knows a schedule of this name."""
    return named_schedule(name, step_size=1, asked="schedules") is not None
