"""`riskcalc fit`: exponents of a curve from a file."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, BinaryIO

import click
from click.core import ParameterSource

from riskcalc.cli.completing import a_file
from riskcalc.cli.interrupted import keeping, progress_flag
from riskcalc.cli.writing import check_picture, print_json, print_result, write_picture
from riskcalc.errors import InvalidInput
from riskcalc.quantity import held

if TYPE_CHECKING:
    from riskcalc.fitting import ExponentFit, ScalingLawFit
    from riskcalc.fitting.points import LossPoints

_OF_CURVES = ("floor", "terms", "window", "expected", "interval", "resamples", "seed", "resolution")
_OF_TABLES = ("form", "compute", "irreducible", "where", "groups", "holdout")


@click.command("fit")
@click.argument("file", metavar="FILE|-", shell_complete=a_file)
@click.option("--steps", metavar="NAME", help="The column of steps, where its name does not say so.")
@click.option("--column", metavar="NAME", help="The column with the curve, where its name does not say so.")
@click.option("--replicates", metavar="A,B", help="Columns that are runs of it: names, or patterns such as 'x_*'.")
@click.option("--floor", metavar="F", help="known, fitted, or a number.  [default: known where the file says it]")
@click.option("--terms", metavar="K", default="1", show_default=True, help="Power laws above the floor: 1 or 2.")
@click.option("--window", metavar="LO:HI", help="Steps to fit; 'auto' for the widest without drift.  [default: all]")
@click.option("--expected", metavar="S", help="Derived exponent to compare with, such as 7/10; with two terms S1,S2.")
@click.option("--level", metavar="P", default="0.95", show_default=True, help="Level of the intervals.")
@click.option("--interval", metavar="NAME", default="studentised", show_default=True, help="Or percentile, bca.")
@click.option("--resamples", metavar="R", default="1000", show_default=True, help="Bootstrap resamples.")
@click.option("--seed", metavar="S", default="0", show_default=True, help="Seed of the bootstrap.")
@click.option("--resolution", metavar="D", default="0.01", show_default=True, help="Drift auto allows if unsampled.")
@click.option("--form", metavar="F", help="Of a loss table: additive, coupled, theory.  [default: additive]")
@click.option("--compute", metavar="C", help="Of a loss table: the best split of this budget, C = 6 N D.")
@click.option("--irreducible", metavar="E", help="Of a loss table: E, where it is known.  [default: fitted]")
@click.option("--where", metavar="COLUMN=VALUE", help="Of a loss table: these rows alone.")
@click.option("--groups", metavar="COLUMN", help="Of a loss table: the run of each row; whole runs are resampled.")
@click.option("--holdout", metavar="SHARE", help="Of a loss table: largest budgets to predict.  [default: 2/5]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
@progress_flag
@click.pass_context
def command(
    context: click.Context,
    file: str,
    steps: str | None,
    column: str | None,
    replicates: str | None,
    floor: str | None,
    terms: str,
    window: str | None,
    expected: str | None,
    level: str,
    interval: str,
    resamples: str,
    seed: str,
    resolution: str,
    form: str | None,
    compute: str | None,
    irreducible: str | None,
    where: str | None,
    groups: str | None,
    holdout: str | None,
    as_json: bool,
    picture: str | None,
) -> None:
    """Fit power laws over a floor to the curve in FILE, with an interval and the drift of each exponent.

    FILE, or - for standard input: a curve saved as JSON (RiskCurve.save), the output of risk (--json, --csv or its
    table), or a table of any kind with columns step and excess or loss[, standard_error], or step and run1, run2, ...;
    logs and exports of trackers too. Replicates give the surest interval; that of one noisy curve comes from its
    residuals.

    A table with columns N, D and loss is fitted by a scaling law L(N, D) instead.

    \b
    riskcalc risk --a 2 --b 12/5 --model-size 1e12 --step-size 0.3 --steps 1e3..1e12 --json > curve.json
    riskcalc fit curve.json --expected 7/10 --plot fit.png
    riskcalc risk --a 2 --b 12/5 --model-size 1e12 --step-size 0.3 --steps 1e3..1e12 | riskcalc fit -
    riskcalc fit runs.csv --floor fitted --window 100:1e4
    riskcalc fit losses.csv --form coupled --compute 1e21
    """
    if picture is not None:
        check_picture(picture)
    from riskcalc.files import naming, read_encoded, read_stream, table_in
    from riskcalc.fitting.files import curve_in
    from riskcalc.fitting.points import points_in

    with naming("the curve file", "standard input" if file == "-" else file):
        text, encoding = read_stream(_standard_input()) if file == "-" else read_encoded(file)
        table = table_in(text, encoding=encoding)
        a_curve = table is None or any(name is not None for name in (steps, column, replicates))
        points = None if a_curve or table is None else points_in(table, where=where, groups=groups)
        curve = curve_in(text, table, steps=steps, column=column, replicates=replicates) if points is None else None
    if curve is None:
        _check_meant(context, _OF_CURVES, f"for curves, and {file} is a loss table (columns N, D, loss)")
        table_of_losses = held(points, "the points")
        asked = {"irreducible": irreducible, "holdout": holdout, "form": form}
        law = {name: value for name, value in asked.items() if value is not None}
        _fit_points(table_of_losses, law, compute, level=level, as_json=as_json, picture=picture)
        return
    _check_meant(context, _OF_TABLES, f"for loss tables (columns N, D, loss), and {file} is a curve")
    ways = ("studentised", "percentile", "bca")
    if interval not in ways:
        raise InvalidInput(f"--interval must be one of {', '.join(ways)}, not {interval!r}")
    from riskcalc.fitting import BCa, Percentile, Studentised, fit_exponents

    way = dict(zip(ways, (Studentised, Percentile, BCa), strict=True))[interval]

    def write(fit: ExponentFit) -> None:
        if as_json:
            print_json(fit.to_dict())
        else:
            print_result(str(fit))

    with keeping(write):
        found = fit_exponents(
            curve,
            terms=terms,
            floor=floor,
            window=_window(window),
            expected=None if expected is None else expected.split(","),
            level=level,
            interval=way(resamples=resamples, seed=seed),  # type: ignore[arg-type]
            resolution=resolution,
        )
    write(found)
    if picture is not None:
        from riskcalc.plotting import plot_fit

        write_picture(plot_fit(found), picture)


def _check_meant(context: click.Context, names: tuple[str, ...], why: str) -> None:
    """Refuse flags that were given and do not belong to what is fitted."""
    given = [name for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        flags = ", ".join(f"--{name}" for name in given)
        raise InvalidInput(f"{flags} {'is' if len(given) == 1 else 'are'} {why}")


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise InvalidInput("standard input is closed: name a file")
    return sys.stdin.buffer


def _fit_points(
    points: LossPoints,
    asked: dict[str, str],
    compute: str | None,
    *,
    level: str,
    as_json: bool,
    picture: str | None,
) -> None:
    from riskcalc.fitting import fit_scaling_law

    def write(fit: ScalingLawFit) -> None:
        best = None if compute is None else fit.allocation(compute)
        if as_json:
            told = {"columns": points.columns, "allocation": None if best is None else best.to_dict()}
            print_json(fit.to_dict() | told)
        else:
            lines = [f"columns:   {points.columns}", str(fit), *([] if best is None else ["", str(best)])]
            print_result("\n".join(lines))

    with keeping(write):
        law = fit_scaling_law(points, level=level, **asked)  # type: ignore[arg-type]
    write(law)
    if picture is not None:
        from riskcalc.plotting import plot_scaling_law

        write_picture(plot_scaling_law(law), picture)


def _window(text: str | None) -> tuple[str, str] | str | None:
    if text is None or text == "auto":
        return text
    low, colon, high = text.partition(":")
    if not colon:
        raise InvalidInput(f"--window must be LO:HI, such as 100:1e6, or auto, not {text!r}")
    return low, high
