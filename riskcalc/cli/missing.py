"""What a question lacks, all of it named at once."""

from __future__ import annotations

from riskcalc.cli.problem_flags import Flags
from riskcalc.errors import InvalidInput
from riskcalc.schedule import is_schedule_name

_PROBLEM = "--a and --b (or --alpha and --beta, or --spectrum FILE)"
_PARTNERS = {"a": "b", "b": "a", "alpha": "beta", "beta": "alpha"}


def check_given(flags: Flags, *needed: str, sized: bool = False) -> None:
    """Refuse flags that lack more than one thing: the problem, what is needed, the step size of a named schedule.

    One thing that is missing alone is refused with its reason by whoever reads it.
    """
    missing = [*_problem(flags), *(f"--{name.replace('_', '-')}" for name in needed if flags[name] is None)]
    if sized and flags["step_size"] is None and is_schedule_name(str(flags["schedule"])):
        missing.append("--step-size")
    if len(missing) > 1:
        raise InvalidInput(f"{', '.join(missing[:-1])} and {missing[-1]} are missing")
    if missing and missing[0] not in (_PROBLEM, "--step-size", *(f"--{name}" for name in _PARTNERS)):
        raise InvalidInput(f"{missing[0]} is missing")


def _problem(flags: Flags) -> list[str]:
    if flags["spectrum"] is not None:
        return []
    given = [name for name in _PARTNERS if flags[name] is not None]
    if not given:
        return [_PROBLEM]
    return [f"--{_PARTNERS[given[0]]}"] if len(given) == 1 else []
