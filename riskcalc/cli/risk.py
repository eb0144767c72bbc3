"""`riskcalc risk`: the expected risk of one run, or of several beside each other, at the recorded steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import click
import numpy as np

from riskcalc.cli.digits import answer, in_a_field, read_digits
from riskcalc.cli.estimate import estimated
from riskcalc.cli.floor_flag import floor_flag, floor_texts
from riskcalc.cli.interrupted import keeping, progress_flag
from riskcalc.cli.method_flags import method_flags, read_method
from riskcalc.cli.outputs_flags import with_normalisation
from riskcalc.cli.overlay import VARIED, combinations, runs_side_by_side
from riskcalc.cli.problem_flags import Flags
from riskcalc.cli.run_flags import read_run, run_flags
from riskcalc.cli.word import Word
from riskcalc.cli.writing import check_one_form, check_picture, note, print_json, print_result, write_picture
from riskcalc.curve import Method, RiskCurve, Run
from riskcalc.curve.page import rows_of, table_of
from riskcalc.curve.rounding import plain, rounded, verified_digits
from riskcalc.curve.side_by_side import page_side_by_side, rows_side_by_side
from riskcalc.display.as_csv import as_csv
from riskcalc.display.as_table import as_table
from riskcalc.errors import Interrupted, InvalidInput

_VARIED = ", ".join(f"--{name.replace('_', '-')}" for name in VARIED)


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """A curve, how many digits of it are shown, and the flags that asked for it."""

    curve: RiskCurve
    digits: int
    flags: Flags


@click.command("risk", epilog=f"Lists put curves beside each other: {_VARIED}.")
@run_flags
@method_flags
@click.option(
    "--digits", metavar="D", help="Significant digits, up to 1000.  [default: all verified, at most 15]"
)
@click.option("--certified", is_flag=True, help="Prove a radius for the excess (equivalent, constant step size).")
@click.option(
    "--field", type=Word(["arb", "mpmath"]), help="What computes --digits (equivalent, exact).  [default: arb]"
)
@floor_flag
@click.option("--force", is_flag=True, help="Answer even if the run is unstable.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object, of several curves a list; numbers are strings."
)
@click.option("--csv", "as_rows", is_flag=True, help="Print comma-separated values, several curves below each other.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
@progress_flag
@click.option("--dry-run", is_flag=True, help="Compute a small part only, and say how long all of it would take.")
def command(
    digits: str | None,
    certified: bool,
    field: str | None,
    floor: bool,
    force: bool,
    as_json: bool,
    as_rows: bool,
    picture: str | None,
    dry_run: bool,
    **flags: str | None,
) -> None:
    """Expected risk of SGD at the given steps: one pass, or many over a data set of --samples.

    The printed decomposition is risk = irreducible + excess, excess = approximation + bias + variance. With lists, as
    in --model-size 10,100 --schedule cosine,wsd:1/5, the risk of every combination stands in a column of its own.

    \b
    riskcalc risk --a 2 --b 17/5 --model-size 1000 --step-size 0.3 --steps 0,10,1e4,1e6
    riskcalc risk --alpha 1 --beta 3/4 --dimension 4000 --model-size 500 --step-size 0.3 \\
        --schedule geometric --steps 1..1e5 --method exact --seed 1 --plot risk.png
    riskcalc risk --a 2 --b 3/2 --noise 0.1 --model-size 1000 --samples 500 --order full-batch --step-size 0.3 \\
        --steps 1..1e6
    riskcalc risk --a 2 --b 3 --model-size 10,100,1000 --schedule cosine,wsd:1/5 --step-size 0.3 --steps 1..1e5 \\
        --plot curves.png
    """
    check_one_form(as_json, as_rows)
    wanted = read_digits(digits)
    each = combinations(flags)
    runs = runs_side_by_side(each) if len(each) > 1 else [read_run(each[0])]
    method = in_a_field(read_method(flags), digits=wanted, field=field, certified=certified)
    if dry_run:
        print_result(estimated(runs, method))
        return
    if picture is not None:
        check_picture(picture)

    if floor and len(each) > 1:
        raise InvalidInput("--floor stands beside one curve: leave it out, or ask for one curve at a time")

    def write(answers: Sequence[_Answer]) -> None:
        _write(answers, as_json=as_json, as_rows=as_rows, several=len(each) > 1, floor=floor)

    with keeping(write):
        found = _answers(runs, each, method, digits=wanted, force=force)
    write(found)
    if picture is not None:
        _draw([one.curve for one in found], picture, floor=floor)


def _answers(
    runs: Sequence[Run], each: Sequence[Flags], method: Method, *, digits: int | None, force: bool
) -> list[_Answer]:
    """All of them; Ctrl-C raises Interrupted with the curves that are finished, or with the part of a single one."""
    overflow: Literal["ignore"] | None = "ignore" if force else None  # an unstable run grows until it does
    found: list[_Answer] = []
    try:
        for run, flags in zip(runs, each, strict=True):
            with np.errstate(over=overflow, invalid=overflow):
                curve, shown = answer(run, method, digits=digits, force=force)
            if (caution := curve.method.get("finite_size", {}).get("caution")) is not None:
                note(caution)
            found.append(_Answer(curve=curve, digits=shown, flags=flags))
    except KeyboardInterrupt as stop:
        if len(runs) == 1 and isinstance(stop, Interrupted) and isinstance(stop.partial, RiskCurve):
            part = _Answer(curve=stop.partial, digits=verified_digits(stop.partial), flags=each[0])
            raise Interrupted(str(stop), partial=[part]) from None
        if found:
            done = f"interrupted: {len(found)} of {len(runs)} curves are finished"
            raise Interrupted(done, partial=found) from None
        raise
    return found


def _write(found: Sequence[_Answer], *, as_json: bool, as_rows: bool, several: bool, floor: bool) -> None:
    curves, digits = [one.curve for one in found], [one.digits for one in found]
    more = {"floor": floor_texts(curves[0])} if floor else {}
    if as_json:
        written = [{**_record(one), **more} for one in found]
        print_json(written if several else written[0])
    elif as_rows:
        grid = rows_side_by_side(curves, digits=digits) if several else rows_of(curves[0], digits=digits[0], more=more)
        print_result(as_csv(grid))
    elif several:
        print_result(as_table(page_side_by_side(curves, digits=digits)))
    else:
        print_result(table_of(curves[0], digits=digits[0], more=more))


def _draw(curves: Sequence[RiskCurve], picture: str, *, floor: bool) -> None:
    from riskcalc.plotting import plot_components, plot_curve

    parted = len(curves) == 1 and curves[0].bias is not None and curves[0].variance is not None
    write_picture(plot_components(curves[0]) if parted and not floor else plot_curve(curves, floor=floor), picture)


def _record(one: _Answer) -> dict[str, object]:
    written = json_of(one.curve, digits=one.digits)
    return {**written, "problem": with_normalisation(one.curve.to_dict()["problem"], one.flags)}


def json_of(curve: RiskCurve, *, digits: int) -> dict[str, object]:
    """The curve's own JSON object, without the digits that are not known."""
    text = rounded(curve, digits=digits, write=plain)
    single = {"irreducible": text.irreducible, "approximation": text.approximation}
    return {**curve.to_dict(), **text.columns, **single, "digits": digits}
