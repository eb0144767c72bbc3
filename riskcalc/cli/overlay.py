"""Several curves by one command: an option that is given a list is varied, and every combination is a run."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from riskcalc.cli.problem_flags import Flags
from riskcalc.cli.run_flags import read_run
from riskcalc.curve import Run
from riskcalc.curve.wording import in_one_line
from riskcalc.errors import InvalidInput
from riskcalc.quantity.spelling import entries

MOST_CURVES = 100
_NUMBERS = ("a", "b", "alpha", "beta", "dimension", "noise", "model_size", "batch_size", "step_size", "samples")
_WORDS = ("schedule", "optimiser")
VARIED = (*_NUMBERS, *_WORDS)


def combinations(flags: Flags) -> list[dict[str, str | None]]:
    """The flags of every run, each with one value of what is varied; the last option that is varied, fastest."""
    lists: dict[str, list[str]] = {}
    for name in VARIED:
        text = flags[name]
        if text is not None and "," in text:
            lists[name] = _entries(name, text)
    found = [{**flags, **dict(zip(lists, values, strict=True))} for values in product(*lists.values())]
    if len(found) > MOST_CURVES:
        raise InvalidInput(
            f"{len(found)} curves are asked for, at most {MOST_CURVES} are put beside each other: use riskcalc sweep"
        )
    return found


def runs_side_by_side(each: list[dict[str, str | None]]) -> list[Run]:
    """The runs, all looked at where one of their schedules bends, so that their curves share one table."""
    runs = [read_run(flags) for flags in each]
    for place, run in enumerate(runs):
        if run.describe() in [other.describe() for other in runs[:place]]:
            raise InvalidInput(f"two of the curves are the same ({in_one_line(run.question)}): name every value once")
    steps = tuple(sorted({step for run in runs for step in run.steps}))
    return [replace(run, steps=steps) for run in runs]


def _entries(name: str, text: str) -> list[str]:
    found = entries(text) if name in _WORDS else [entry.strip() for entry in text.split(",")]
    flag = f"--{name.replace('_', '-')}"
    if not all(found):
        raise InvalidInput(f"{flag} {text!r} has an empty entry: give values separated by commas, or one")
    return found
