"""`riskcalc allocate`: how to spend a real compute budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.completing import offering, optimisers
from riskcalc.cli.exponents import approach_of
from riskcalc.cli.missing import check_given
from riskcalc.cli.problem_flags import flags_of, problem_flags, read_exponents, read_problem
from riskcalc.cli.writing import check_picture, print_json, print_result, write_picture
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SGD, optimiser_words, read_optimiser
from riskcalc.problem import PowerLaw, PowerLawSignal, Problem
from riskcalc.quantity import held, number

if TYPE_CHECKING:
    from riskcalc.allocation import ComputeOptimal

_budget_flags = flags_of(
    click.option("--compute", metavar="C", help="The budget C = M t B, such as 1e21.  [required]"),
    click.option("--step-size", metavar="GAMMA", help="Constant step size.  [default: optimised too]"),
    click.option("--stable-fraction", metavar="F", help="Step size as a fraction of the largest stable one."),
    click.option("--batch-size", metavar="B", default="1", show_default=True, help="Samples a step."),
    click.option("--samples", metavar="N", help="N samples are all there is: full batches of them, C = M t N."),
    click.option(
        "--optimiser",
        metavar="NAME",
        default="sgd",
        show_default=True,
        shell_complete=offering(optimisers),
        help=f"{optimiser_words()}.",
    ),
    click.option("--ratio", metavar="R", help="Dimension of the data as R times the model size (for a <= 1)."),
)


@click.command("allocate")
@problem_flags
@_budget_flags
@click.option("--no-local", is_flag=True, help="Leave out the local exponents (half the time).")
@click.option("--finite-size", is_flag=True, help="Also how one model of this size scatters over its sketches.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture: excess against M around this budget.")
def command(
    compute: str | None, no_local: bool, finite_size: bool, as_json: bool, picture: str | None, **flags: str | None
) -> None:
    """The best model size and number of steps at one budget, and how far the asymptotic answer is.

    The excess is that of the deterministic equivalent, minimised over a real model size with M t B = C and t whole.

    \b
    riskcalc allocate --alpha 1 --beta 3/4 --compute 1e21 --step-size 0.3
    riskcalc allocate --a 2 --b 5/2 --noise 1/100 --compute 1e15
    riskcalc allocate --a 2 --b 3/2 --noise 1/10 --compute 1e12 --step-size 0.2 --samples 1000
    riskcalc allocate --alpha 0.4 --beta 1 --ratio 4 --stable-fraction 1/2 --compute 1e12
    """
    check_given({**flags, "compute": compute}, "compute")
    if picture is not None:
        check_picture(picture)
    problem = _problem(flags)
    from riskcalc.allocation import compute_optimal

    settings: dict[str, Any] = {
        name: flags[name] for name in ("step_size", "stable_fraction", "batch_size", "samples", "ratio")
    }
    optimiser = read_optimiser(str(flags["optimiser"]), asked="--optimiser")
    if picture is not None and optimiser != SGD():
        raise InvalidInput("--plot draws the excess of SGD around this budget: leave it out with --optimiser")
    budget = held(compute, "--compute")
    found = compute_optimal(
        problem, compute=budget, local=not no_local, optimiser=optimiser, finite_size=finite_size, **settings
    )
    print_json(json_of(found)) if as_json else print_result(str(found))
    if picture is not None:
        from riskcalc.allocation import isoflops
        from riskcalc.plotting.frontier import plot_frontier

        curves = isoflops(problem, budgets=_around(float(found.compute)), **settings)
        write_picture(plot_frontier(curves), picture)


def json_of(found: ComputeOptimal) -> dict[str, object]:
    """Numbers as such; exponents of the asymptotic answer are rationals as strings."""
    return {
        "problem": found.asked,
        "compute": float(found.compute),
        "batch_size": found.batch_size,
        "samples": found.samples,
        "step_size": found.step_size,
        "step_size_rule": found.step_size_rule,
        "model_size": found.model_size,
        "steps": found.steps,
        "excess": found.excess,
        "error": found.error,
        "spread": found.spread,
        "claim": "deterministic equivalent",
        "local": None if found.local is None else _local(found),
        "asymptotic": None if found.asymptotic is None else _asymptotic(found),
        "approach": None if found.approach is None else approach_of(found.approach),
        "notes": list(found.notes),
    }


def _local(found: ComputeOptimal) -> dict[str, object]:
    local = held(found.local, "the local exponents")
    return {
        "budgets": list(local.budgets),
        "model_size_exponent": local.model_size_exponent,
        "loss_exponent": local.loss_exponent,
        "step_size_exponent": local.step_size_exponent,
    }


def _asymptotic(found: ComputeOptimal) -> dict[str, object]:
    derived = held(found.asymptotic, "the asymptotic answer")
    return {
        "phase": derived.phase,
        "model_size_exponent": str(derived.model_size_exponent),
        "loss_exponent": str(derived.loss_exponent),
        "exponents": {name: str(value) for name, value in derived.exponents.items()},
        "balance": list(derived.balance),
        "ties": list(derived.ties),
        "logs": {name: str(power) for name, power in derived.logs.items()},
    }


def _problem(flags: dict[str, str | None]) -> Problem:
    """The problem; with --ratio its dimension is set for each model size, and 2 stands in for it."""
    if flags["ratio"] is None or flags["spectrum"] is not None:
        return read_problem(flags)
    if flags["dimension"] is not None:
        from riskcalc.errors import InvalidInput

        raise InvalidInput("--ratio already says how large the dimension is: leave --dimension out")
    a, b = read_exponents(flags)
    noise = number(flags["noise"], "--noise")
    return Problem(spectrum=PowerLaw(a=a, dimension=2), signal=PowerLawSignal(b=b), noise=noise)


def _around(compute: float) -> list[float]:
    """Budgets for the picture: two decades a step, the asked one last."""
    return [compute / 100.0**step for step in (4, 3, 2, 1, 0) if compute / 100.0**step >= 100]
