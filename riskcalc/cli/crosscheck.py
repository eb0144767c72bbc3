"""`riskcalc crosscheck`: one run by independent roads, and whether they agree."""

from __future__ import annotations

import click

from riskcalc.cli.endings import RED
from riskcalc.cli.outputs_flags import with_normalisation
from riskcalc.cli.run_flags import read_run, run_flags
from riskcalc.cli.writing import check_picture, print_json, print_result, write_picture
from riskcalc.quantity import number, whole


@click.command("crosscheck")
@run_flags
@click.option("--seed", metavar="S", default="0", show_default=True, help="Seed of the sketches and samples.")
@click.option(
    "--level",
    metavar="P",
    default="1e-3",
    show_default=True,
    help="Chance of calling roads that do agree different.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
def command(
    seed: str,
    level: str,
    as_json: bool,
    picture: str | None,
    **flags: str | None,
) -> None:
    """Compute one run by independent roads and compare them by stated rules.

    The exit status is 0 if all comparisons pass and 1 if one does not.

    \b
    riskcalc crosscheck --a 2 --b 17/5 --dimension 400 --model-size 40 --step-size 0.3 --steps 0..1e4
    """
    run = read_run(flags)
    if picture is not None:
        check_picture(picture)
    from riskcalc.agreement import crosscheck

    report = crosscheck(run, seed=whole(seed, "--seed"), level=float(number(level, "--level")))
    if as_json:
        print_json({**report.to_dict(), "asked": with_normalisation(report.asked, flags)})
    else:
        print_result(report.report())
    if picture is not None:
        from riskcalc.plotting import plot_crosscheck

        write_picture(plot_crosscheck(report), picture)
    if not report.passed:
        raise click.exceptions.Exit(RED)
