"""The flags that say which budget grows and how the step size moves, for derived exponents."""

from __future__ import annotations

from typing import Any

import click

from riskcalc.cli.completing import offering, optimisers, schedules
from riskcalc.cli.problem_flags import Flags, flags_of
from riskcalc.cli.schedule_flag import SCHEDULES
from riskcalc.cli.word import Word

_WORDS = (
    "noise",
    "budget",
    "schedule",
    "warmup",
    "step_size",
    "free_batch",
    "outputs",
    "normalisation",
    "outputs_free",
    "compute",
    "optimiser",
    "parameterisation",
)

scaling_flags = flags_of(
    click.option("--noise", metavar="S2", default="0", show_default=True, help="Label noise: 0, or present."),
    click.option(
        "--schedule",
        metavar="NAME",
        default="constant",
        show_default=True,
        shell_complete=offering(schedules),
        help=f"{SCHEDULES}.",
    ),
    click.option("--warmup", metavar="W|F", help="Linear warm-up before it: W steps, or a fraction F of the run."),
    click.option(
        "--budget",
        type=Word(["compute", "data", "data-set"]),
        default="compute",
        show_default=True,
        help="What grows: compute C = M t B, data N = t B, or a data set of N, seen many times in full-batch steps. "
        "C = M n B, t = n/log2(n), where a schedule is geometric.",
    ),
    click.option("--compute", metavar="C", help="Of a data set: the exponent c of what it may cost, M t N = N^c."),
    click.option(
        "--step-size",
        type=Word(["largest", "free"]),
        help="The largest stable step, or optimised.  [default: largest for compute, free for data]",
    ),
    click.option(
        "--parameterisation",
        type=Word(["linear", "quadratic"]),
        default="linear",
        show_default=True,
        help="quadratic: f = <x, v*v> on the first M features, by a surrogate that has its rates.",
    ),
    click.option("--free-batch", is_flag=True, help="Optimise the batch size too (the step size is free then)."),
)

growing_optimiser_flag = flags_of(
    click.option(
        "--optimiser",
        metavar="NAME",
        default="sgd",
        show_default=True,
        shell_complete=offering(optimisers),
        help="sgd, constant momentum or dana:..., as in risk; dana-decaying:delta=C,memory=D0 is DANA with decay 1/a.",
    )
)

growing_outputs_flags = flags_of(
    click.option(
        "--outputs",
        metavar="X",
        help="Let the number of outputs grow as P = budget^X; the loss is their total. Compute is then C = M P t B.",
    ),
    click.option(
        "--normalisation",
        type=Word(["every", "total"]),
        help="Of --outputs: signal power for every one, or shared by all in total.  [default: every]",
    ),
    click.option("--outputs-free", is_flag=True, help="Count no outputs as compute: C = M t B, the features' cost."),
)


def read_words(flags: Flags) -> dict[str, Any]:
    """The words of a question about a growing budget, as the functions in Python take them."""
    return {name: flags[name] for name in _WORDS if flags.get(name) is not None}


def as_flag(name: str) -> str:
    """What an argument is called at the command line.

    >>> as_flag("step_size")
    '--step-size'
    """
    return f"--{name.replace('_', '-')}"
