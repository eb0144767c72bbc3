"""`riskcalc risk`: the expected risk of one run at the recorded steps."""

from __future__ import annotations

from typing import Literal

import click
import numpy as np

from riskcalc.cli.digits import answer, in_a_field, read_digits
from riskcalc.cli.floor_flag import floor_flag, floor_texts
from riskcalc.cli.method_flags import method_flags, read_method
from riskcalc.cli.outputs_flags import with_normalisation
from riskcalc.cli.run_flags import read_run, run_flags
from riskcalc.cli.writing import check_picture, note, print_json, print_result, write_picture
from riskcalc.curve import RiskCurve
from riskcalc.curve.page import table_of
from riskcalc.curve.rounding import plain, rounded


@click.command("risk")
@run_flags
@method_flags
@click.option(
    "--digits", metavar="D", help="Significant digits, up to 1000.  [default: all verified, at most 15]"
)
@click.option("--certified", is_flag=True, help="Prove a radius for the excess (equivalent, constant step size).")
@click.option(
    "--field", type=click.Choice(["arb", "mpmath"]), help="What computes --digits (equivalent, exact).  [default: arb]"
)
@floor_flag
@click.option("--force", is_flag=True, help="Answer even if the run is unstable.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; numbers are decimal strings.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
def command(
    digits: str | None,
    certified: bool,
    field: str | None,
    floor: bool,
    force: bool,
    as_json: bool,
    picture: str | None,
    **flags: str | None,
) -> None:
    """Expected risk of SGD at the given steps: one pass, or many over a data set of --samples.

    The printed decomposition is risk = irreducible + excess, excess = approximation + bias + variance.

    \b
    riskcalc risk --a 2 --b 17/5 --model-size 1000 --step-size 0.3 --steps 0,10,1e4,1e6
    riskcalc risk --alpha 1 --beta 3/4 --dimension 4000 --model-size 500 --step-size 0.3 \\
        --schedule geometric --steps 1..1e5 --method exact --seed 1 --plot risk.png
    riskcalc risk --a 2 --b 3/2 --noise 0.1 --model-size 1000 --samples 500 --order full-batch --step-size 0.3 \\
        --steps 1..1e6
    """
    wanted = read_digits(digits)
    run = read_run(flags)
    method = in_a_field(read_method(flags), digits=wanted, field=field, certified=certified)
    if picture is not None:
        check_picture(picture)
    overflow: Literal["ignore"] | None = "ignore" if force else None  # an unstable run grows until it does
    with np.errstate(over=overflow, invalid=overflow):
        curve, shown = answer(run, method, digits=wanted, force=force)
    if (caution := curve.method.get("finite_size", {}).get("caution")) is not None:
        note(caution)
    more = {"floor": floor_texts(curve)} if floor else {}
    if as_json:
        written = {**json_of(curve, digits=shown), **more}
        print_json({**written, "problem": with_normalisation(curve.to_dict()["problem"], flags)})
    else:
        print_result(table_of(curve, digits=shown, more=more))
    if picture is not None:
        from riskcalc.plotting import plot_components, plot_curve

        whole = floor or curve.bias is None or curve.variance is None
        write_picture(plot_curve(curve, floor=floor) if whole else plot_components(curve), picture)


def json_of(curve: RiskCurve, *, digits: int) -> dict[str, object]:
    """The curve's own JSON object, without the digits that are not known."""
    text = rounded(curve, digits=digits, write=plain)
    single = {"irreducible": text.irreducible, "approximation": text.approximation}
    return {**curve.to_dict(), **text.columns, **single, "digits": digits}
