"""`riskcalc schedule`: the best sequence of step sizes at a horizon."""

from __future__ import annotations

import click

from riskcalc.cli.interrupted import progress_flag
from riskcalc.cli.method_flags import method_flags
from riskcalc.cli.missing import check_given
from riskcalc.cli.problem_flags import problem_flags, read_problem
from riskcalc.cli.tune import tuning_road
from riskcalc.cli.writing import check_one_form, check_picture, csv_flag, note, print_json, print_result, write_picture
from riskcalc.display.as_csv import as_csv
from riskcalc.files.writing import check_place, write_bytes
from riskcalc.quantity import number, whole


@click.command("schedule")
@problem_flags
@method_flags
@click.option("--model-size", metavar="M", help="Number of sketched features.  [required]")
@click.option("--batch-size", metavar="B", default="1", show_default=True, help="Samples a step.")
@click.option("--horizon", metavar="N", help="Number of steps, at most 20000.  [required]")
@click.option("--largest", metavar="GAMMA", help="Bound on every step size.  [default: the largest stable one]")
@click.option("--out", "path", metavar="FILE", help="Write the step sizes, one a line, as --schedule reads them.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@csv_flag
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
@progress_flag
def command(
    model_size: str | None,
    batch_size: str,
    horizon: str | None,
    largest: str | None,
    path: str | None,
    as_json: bool,
    as_rows: bool,
    picture: str | None,
    **flags: str | None,
) -> None:
    """Minimise the exact excess after N steps over every step size.

    \b
    riskcalc schedule --a 2 --b 5/2 --noise 1 --model-size 200 --horizon 256 --out best.txt --plot best.png
    """
    check_one_form(as_json, as_rows)
    check_given({**flags, "model_size": model_size, "horizon": horizon}, "model_size", "horizon")
    if picture is not None:
        check_picture(picture)
    if path is not None:
        check_place(path, what="the step sizes")
    problem, method = read_problem(flags), tuning_road(flags)
    from riskcalc.tuning import optimal_schedule

    found = optimal_schedule(
        problem,
        model_size=number(model_size, "--model-size"),
        horizon=whole(horizon, "--horizon", least=1),
        batch_size=whole(batch_size, "--batch-size", least=1),
        largest=None if largest is None else number(largest, "--largest"),
        method=method,
    )
    sizes = found.schedule.values.tolist()
    if path is not None:
        write_bytes(path, "".join(f"{size!r}\n" for size in sizes).encode(), what="the step sizes")
        note(f"step sizes written to {path}")
    if as_json:
        print_json(
            {
                "excess": found.excess,
                "error": found.error,
                "converged": found.converged,
                "largest": found.largest,
                "named": [
                    {"schedule": one.schedule.describe(), "step_size": one.step_size, "excess": one.excess}
                    for one in found.named
                ],
                "step_sizes": sizes,
            }
        )
    else:
        print_result(as_csv(found.page()) if as_rows else str(found))
    if picture is not None:
        from riskcalc.plotting import plot_optimal_schedule

        write_picture(plot_optimal_schedule(found), picture)
