"""The flags that say how the model is trained and when it is looked at, and the run they give."""

from __future__ import annotations

import click

from riskcalc.cli.completing import offering, optimisers, schedules
from riskcalc.cli.missing import check_given
from riskcalc.cli.outputs_flags import outputs_flags, with_outputs
from riskcalc.cli.problem_flags import Flags, flags_of, problem_flags, read_problem
from riskcalc.cli.schedule_flag import SCHEDULES, read_schedule
from riskcalc.cli.writing import note
from riskcalc.curve import Run
from riskcalc.curve.averaging_words import read_averaging
from riskcalc.curve.steps import steps_in_words
from riskcalc.optimiser import optimiser_words, read_optimiser
from riskcalc.order import Order, order_words, read_order
from riskcalc.quantity import held, number, whole
from riskcalc.schedule import constant_size, warmed_up

run_flags = flags_of(
    problem_flags,
    outputs_flags,
    click.option("--model-size", metavar="M", help="Number of sketched features.  [required]"),
    click.option(
        "--batch-size",
        metavar="B",
        default="1",
        show_default=True,
        help="Samples a step; the update uses their mean gradient.",
    ),
    click.option("--step-size", metavar="GAMMA", help="Step size; where it decays, the largest one."),
    click.option(
        "--schedule",
        metavar="NAME|FILE",
        default="constant",
        show_default=True,
        shell_complete=offering(schedules, files=True, several=True),
        help=f"{SCHEDULES}, or a file with one step size a line.",
    ),
    click.option(
        "--warmup",
        metavar="W|F[,start=R]",
        help="Linear warm-up before the schedule: W steps or a fraction F of the run, from R (0) of the step size.",
    ),
    click.option(
        "--average",
        metavar="last|iterates|tail:F|exponential:RATE",
        default="last",
        show_default=True,
        help="The model recorded: the last iterate, the mean of all, or of the last fraction F of them, or their "
        "exponential mean.",
    ),
    click.option(
        "--optimiser",
        metavar="NAME",
        default="sgd",
        show_default=True,
        shell_complete=offering(optimisers, several=True),
        help=f"What a step does: {optimiser_words()}.",
    ),
    click.option("--samples", metavar="N", help="Size of a data set that is seen many times, in some --order."),
    click.option("--order", metavar="NAME", help=f"In which order the --samples are seen: {order_words()}."),
    click.option("--horizon", metavar="N", help="Length of the schedule.  [default: the last of the steps]"),
    click.option(
        "--steps",
        metavar="LIST",
        help="Step counts, such as 0,10,1e4; 1..1e6 stands for about eight a decade, more where the schedule bends.  "
        "[required]",
    ),
)


def read_run(flags: Flags) -> Run:
    """The run that the flags of `run_flags` ask for."""
    check_given(flags, "model_size", "steps", sized=True)
    horizon = flags["horizon"]
    run = Run(
        with_outputs(read_problem(flags), flags),
        model_size=number(flags["model_size"], "--model-size"),
        batch_size=whole(flags["batch_size"], "--batch-size", least=1),
        schedule=warmed_up(
            read_schedule(str(flags["schedule"]), step_size=flags["step_size"]),
            text=flags.get("warmup"),
            asked="--warmup",
        ),
        steps=steps_in_words(str(flags["steps"]), asked="--steps"),
        horizon=None if horizon is None else whole(horizon, "--horizon", least=1),
        averaging=read_averaging(str(flags["average"]), asked="--average"),
        optimiser=read_optimiser(str(flags["optimiser"]), asked="--optimiser"),
        data=order_of(flags),
    )
    asked = held(run.question.schedule, "the schedule")
    if asked.name != "constant" and constant_size(run.schedule, horizon=run.horizon) is not None:
        note(f"under {asked.spelled} the step size never moves in a run of {run.horizon} steps")
    return run


def order_of(flags: Flags) -> Order:
    """The order that --order and --samples ask for together."""
    return read_order(flags["order"], samples=flags["samples"], asked="--order", asked_samples="--samples")
