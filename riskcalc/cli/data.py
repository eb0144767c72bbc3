"""`riskcalc data`: a data set's own exponents, and SGD on its rows beside the theory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from riskcalc.cli.completing import a_file, offering
from riskcalc.cli.interrupted import keeping, progress_flag
from riskcalc.cli.problem_flags import flags_of
from riskcalc.cli.writing import check_one_form, check_picture, csv_flag, print_json, print_result, write_picture
from riskcalc.curve.steps import steps_in_words
from riskcalc.display.as_csv import as_csv
from riskcalc.errors import InvalidInput

if TYPE_CHECKING:
    from riskcalc.dataset import DataKernel, DataReport

_KERNELS = ("linear", "rbf", "laplace", "arccos")

_data_flags = flags_of(
    click.option("--features", metavar="X", help="Array of an .npz; columns of a CSV: A,B.  [default: X or data; all]"),
    click.option("--label", "--labels", metavar="Y", help="Array of an .npz; column of a CSV.  [default: y; the last]"),
    click.option("--task", metavar="T", default="auto", show_default=True, help="regression, classes, or auto."),
    click.option(
        "--class", "positive", metavar="C", help="Tell this class from the rest.  [default: one output a class]"
    ),
    click.option("--no-standardise", is_flag=True, help="Centre the columns only."),
    click.option(
        "--rows", metavar="N", default="2000", show_default=True, help="At most so many rows, drawn at random."
    ),
)
_kernel_flags = flags_of(
    click.option(
        "--kernel",
        metavar="K",
        default="linear",
        show_default=True,
        shell_complete=offering(lambda: _KERNELS),
        help="linear, rbf, laplace or arccos.",
    ),
    click.option("--bandwidth", metavar="H", help="Of rbf and laplace.  [default: the median distance of two rows]"),
    click.option("--order", metavar="0|1", help="Of arccos: steps or rectified linear units.  [default: 1]"),
)
_fit_flags = flags_of(
    click.option("--window", metavar="LO:HI", help="Directions to fit.  [default: those that the rows resolve]"),
    click.option("--level", metavar="P", default="0.95", show_default=True, help="Level of the intervals."),
    click.option("--resamples", metavar="R", default="100", show_default=True, help="Resamples of the rows."),
)
_sgd_flags = flags_of(
    click.option("--model-size", metavar="M", help="Sketched features.  [default: 32, or half of all directions]"),
    click.option("--step-size", metavar="GAMMA", default="1/4", show_default=True, help="Constant; the trace is 1."),
    click.option("--batch-size", metavar="B", default="1", show_default=True, help="Rows a step."),
    click.option(
        "--steps", metavar="T,..", help="Recorded steps, such as 0,10,1e3.  [default: up to the number of rows]"
    ),
    click.option("--sketches", metavar="K", default="8", show_default=True, help="Sketches averaged."),
    click.option("--runs", metavar="R", default="16", show_default=True, help="Runs of SGD on each sketch."),
    click.option("--seed", metavar="S", default="0", show_default=True, help="Of rows, resamples, sketches and runs."),
)


@click.command("data")
@click.argument("file", shell_complete=a_file)
@_data_flags
@_kernel_flags
@_fit_flags
@_sgd_flags
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@csv_flag
@click.option("--plot", "picture", metavar="FILE", help="Write a picture: spectrum and signal, fits, risk curves.")
@progress_flag
def command(
    file: str,
    features: str | None,
    label: str | None,
    no_standardise: bool,
    kernel: str,
    bandwidth: str | None,
    order: str | None,
    window: str | None,
    steps: str | None,
    as_json: bool,
    as_rows: bool,
    picture: str | None,
    **settings: str | None,
) -> None:
    """Eigenvalues and signal of a data set's kernel matrix, fitted exponents, phase, and SGD on the rows.

    FILE: .npz, CSV with a header line, or sklearn:NAME for a set that ships with scikit-learn (digits, diabetes,
    breast_cancer, iris, linnerud, wine).

    \b
    riskcalc data sklearn:digits --kernel rbf --plot digits.png
    riskcalc data table.csv --label price --kernel laplace --window 2:40
    riskcalc data images.npz --features images --labels kind --class cat --json
    """
    check_one_form(as_json, as_rows)
    if picture is not None:
        check_picture(picture)
    chosen, directions = _kernel(kernel, bandwidth, order), _window(window)
    from riskcalc.dataset import analyse_data, load_data

    def write(found: DataReport) -> None:
        if as_json:
            print_json(found.to_dict())
        elif not as_rows:
            print_result(str(found))
        elif found.curves is not None:
            print_result(as_csv(found.curve_rows()))
        if picture is not None:
            from riskcalc.plotting import plot_data

            write_picture(plot_data(found), picture)

    with keeping(write):
        report = analyse_data(
            load_data(file, features=features, label=label),
            kernel=chosen,
            standardise=not no_standardise,
            window=directions,
            steps=None if steps is None else steps_in_words(steps, asked="--steps"),
            **settings,  # type: ignore[arg-type]
        )
    write(report)


def _kernel(name: str, bandwidth: str | None, order: str | None) -> DataKernel:
    from riskcalc.dataset.kernels import read_kernel

    kernel = name.strip().casefold()
    if bandwidth is not None and kernel not in ("rbf", "laplace"):
        raise InvalidInput(f"--bandwidth is for rbf and laplace, not for {name}")
    if order is not None and kernel != "arccos":
        raise InvalidInput(f"--order is for arccos, not for {name}")
    told = bandwidth or order
    return read_kernel(kernel if told is None else f"{kernel}:{told}", asked="--kernel")


def _window(text: str | None) -> tuple[str, str] | None:
    if text is None:
        return None
    low, colon, high = text.partition(":")
    if not colon:
        raise InvalidInput(f"--window must be LO:HI, such as 2:40, not {text!r}")
    return low, high
