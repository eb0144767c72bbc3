"""`riskcalc crosscheck`: one run by independent roads, and whether they agree."""

from __future__ import annotations

import click

from riskcalc.cli.endings import NO_POWER, RED
from riskcalc.cli.outputs_flags import with_normalisation
from riskcalc.cli.problem_flags import without
from riskcalc.cli.run_flags import read_run, run_flags
from riskcalc.cli.writing import check_picture, print_json, print_result, write_picture
from riskcalc.quantity import number, whole


@click.command("crosscheck")
@without("samples", "order")
@run_flags
@click.option("--seed", metavar="S", default="0", show_default=True, help="Seed of the sketches and samples.")
@click.option(
    "--level",
    metavar="P",
    default="1e-3",
    show_default=True,
    help="Chance of calling roads that do agree different.",
)
@click.option(
    "--finite-size",
    is_flag=True,
    help="Compare the equivalent with its shift, at one model size, instead of at three without.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
def command(
    seed: str,
    level: str,
    finite_size: bool,
    as_json: bool,
    picture: str | None,
    **flags: str | None,
) -> None:
    """Compute one run by independent roads and compare them by stated rules.

    For each comparison the report states the smallest error that it could have seen, in the whole excess and in every
    term, and puts wrong formulas to the same data, which must be rejected.

    \b
    Exit status:
      0  everything agrees, and an error would have been seen
      1  something disagrees, or a wrong formula was accepted
      2  bad input
      3  nothing disagrees, but a comparison had no power to tell

    \b
    riskcalc crosscheck --a 2 --b 17/5 --dimension 400 --model-size 40 --step-size 0.3 --steps 0..1e4
    """
    run = read_run({**flags, "samples": None, "order": None})
    if picture is not None:
        check_picture(picture)
    from riskcalc.agreement import all_roads, crosscheck

    drawn = whole(seed, "--seed")
    methods = all_roads(drawn, finite_size=True) if finite_size else None
    report = crosscheck(run, methods=methods, seed=drawn, level=float(number(level, "--level")))
    if as_json:
        print_json({**report.to_dict(), "asked": with_normalisation(report.asked.record, flags)})
    else:
        print_result(report.report())
    if picture is not None:
        from riskcalc.plotting import plot_crosscheck

        write_picture(plot_crosscheck(report), picture)
    if not report.passed:
        raise click.exceptions.Exit(RED if report.failed else NO_POWER)
