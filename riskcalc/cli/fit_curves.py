"""`riskcalc fit-curves`: loss curves under learning-rate schedules, and the loss under another one."""

from __future__ import annotations

import click

from riskcalc.cli.completing import a_file, offering, schedules
from riskcalc.cli.writing import check_picture, print_json, print_result, write_picture
from riskcalc.errors import InvalidInput


@click.command("fit-curves")
@click.argument("files", nargs=-1, required=True, shell_complete=a_file)
@click.option("--holdout", metavar="FILE", multiple=True, help="A curve to predict, not to fit; may be repeated.")
@click.option("--warmup", metavar="W", default="0", show_default=True, help="Steps of linear warm-up at the start.")
@click.option("--free", is_flag=True, help="Fit b apart from a.")
@click.option("--level", metavar="P", default="0.95", show_default=True, help="Level of the intervals.")
@click.option(
    "--schedule",
    metavar="S",
    shell_complete=offering(schedules, files=True),
    help="Predict the last loss under this schedule, such as cosine or wsd:1/5.",
)
@click.option("--step-size", metavar="GAMMA", help="Its (peak) step size.  [default: the largest of the curves]")
@click.option("--steps", metavar="N", help="Its number of steps.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
def command(
    files: tuple[str, ...],
    holdout: tuple[str, ...],
    warmup: str,
    free: bool,
    level: str,
    schedule: str | None,
    step_size: str | None,
    steps: str | None,
    as_json: bool,
    picture: str | None,
) -> None:
    """Fit the loss curves in FILES by the theory's kernels, and predict others.

    FILES: logs with columns step, loss and lr of one model under several schedules; at least one step size falls. What
    the curves determine is printed: the source exponent s, the floor, the noise. With --holdout two published laws,
    fitted to the same curves, stand beside.

    \b
    riskcalc fit-curves constant.csv cosine.csv --holdout wsd.csv --plot fit.png
    riskcalc fit-curves cosine.csv wsd.csv --schedule wsd:1/5 --steps 100000
    """
    if picture is not None:
        check_picture(picture)
    if (schedule is None) != (steps is None):
        raise InvalidInput("--schedule and --steps ask for a prediction together: give both")
    from riskcalc.fitting import fit_curves, load_curve

    fit = fit_curves([load_curve(file, warmup=warmup) for file in files], tied=not free, level=level)
    others = [load_curve(file, warmup=warmup) for file in holdout]
    compared = fit.compare(others) if others else {}
    predicted = None
    if schedule is not None and steps is not None:
        from riskcalc.cli.schedule_flag import read_schedule

        size = repr(fit.unit) if step_size is None else step_size
        predicted = fit.predict(read_schedule(schedule, step_size=size), [steps])
    if as_json:
        found = fit.to_dict() | {"holdout": compared}
        if predicted is not None and predicted.low is not None and predicted.high is not None:
            found["predicted"] = [float(part[0]) for part in (predicted.loss, predicted.low, predicted.high)]
        print_json(found)
    else:
        lines = [str(fit), *(f"hold-out:    {error:.4f} off on average, {name}" for name, error in compared.items())]
        if predicted is not None and predicted.low is not None and predicted.high is not None:
            low, high = float(predicted.low[0]), float(predicted.high[0])
            lines.append(f"{schedule} to step {steps}: {float(predicted.loss[0]):.5g} [{low:.5g}, {high:.5g}]")
        print_result("\n".join(lines))
    if picture is not None:
        from riskcalc.plotting import plot_curves_fit

        write_picture(plot_curves_fit(fit, others or None), picture)
