"""The flags that say which budget grows and how the step size moves, for derived exponents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.optimiser_flag import read_growing
from riskcalc.cli.problem_flags import Flags, flags_of
from riskcalc.cli.schedule_flag import SCHEDULES, named_schedule, warmed_up
from riskcalc.errors import InvalidInput

if TYPE_CHECKING:
    from riskcalc.asymptotic.shape import Shape
    from riskcalc.scaling import Budget

scaling_flags = flags_of(
    click.option("--noise", metavar="S2", default="0", show_default=True, help="Label noise: 0, or present."),
    click.option("--schedule", metavar="NAME", default="constant", show_default=True, help=f"{SCHEDULES}."),
    click.option("--warmup", metavar="W|F", help="Linear warm-up before it: W steps, or a fraction F of the run."),
    click.option(
        "--budget",
        type=click.Choice(["compute", "data"]),
        default="compute",
        show_default=True,
        help="What grows: compute C = M t B, or data N = t B.",
    ),
    click.option(
        "--step-size",
        type=click.Choice(["largest", "free"]),
        help="The largest stable step, or optimised.  [default: largest for compute, free for data]",
    ),
    click.option("--free-batch", is_flag=True, help="Optimise the batch size too (the step size is free then)."),
)

growing_optimiser_flag = flags_of(
    click.option(
        "--optimiser",
        metavar="NAME",
        default="sgd",
        show_default=True,
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
        type=click.Choice(["every", "total"]),
        help="Signal power for every output, or shared by all in total; needed with --outputs.",
    ),
    click.option("--outputs-free", is_flag=True, help="Count no outputs as compute: C = M t B, the features' cost."),
)


def read_question(flags: Flags) -> dict[str, Any]:
    """The words of a question about a growing budget; what a method with a clock of its own implies is left out."""
    from riskcalc.scaling import compute

    optimiser, budget = read_growing(str(flags["optimiser"])), read_budget(flags)
    own = not optimiser.steady and flags["schedule"] == "constant" and flags["warmup"] is None and budget == compute()
    return {
        "noise": read_noise(flags),
        "budget": None if own else budget,
        "shape": None if own else read_shape(flags),
        "normalisation": flags["normalisation"],
        "optimiser": optimiser,
    }


def read_noise(flags: Flags) -> bool:
    """Whether there is label noise."""
    from riskcalc.scaling.noise import has_noise

    return has_noise(flags["noise"], "--noise")


def read_budget(flags: Flags) -> Budget:
    """What grows, and what may be chosen."""
    from riskcalc.scaling import Choice, compute, data

    free_batch = bool(flags["free_batch"])
    default = "free" if free_batch or flags["budget"] == "data" else "largest"
    step_size = Choice.FREE if (flags["step_size"] or default) == "free" else Choice.LARGEST_STABLE
    outputs = _outputs(flags)
    if flags["budget"] == "data":
        return data(step_size=step_size, batch_size=free_batch, outputs=outputs)
    paid = not flags.get("outputs_free")
    return compute(step_size=step_size, batch_size=free_batch, outputs=outputs, pay_for_outputs=paid)


def _outputs(flags: Flags) -> str | None:
    """The exponent of the number of outputs, where there are several."""
    outputs, normalisation = flags.get("outputs"), flags.get("normalisation")
    if outputs is None:
        for name in ("normalisation", "outputs_free"):
            if flags.get(name):
                raise InvalidInput(f"--{name.replace('_', '-')} is for several outputs: say how they grow by --outputs")
        return None
    if normalisation is None:
        raise InvalidInput("--outputs needs --normalisation every (each output as hard as the problem) or total")
    if flags.get("outputs_free") and flags["budget"] == "data":
        raise InvalidInput("--outputs-free is for the compute budget: outputs cost no data, leave it out")
    return outputs


def read_shape(flags: Flags) -> Shape:
    """The schedule as the leading-order theory knows it."""
    text = str(flags["schedule"])
    schedule = named_schedule(text, step_size="1")
    if schedule is None:
        raise InvalidInput(f"--schedule {text!r} has no derived exponents: choose one of {SCHEDULES}")
    from riskcalc.asymptotic import shape_of

    return shape_of(warmed_up(schedule, text=flags["warmup"]))
