"""`riskcalc explore`: the page to play with."""

from __future__ import annotations

import click

from riskcalc.cli.writing import note


@click.command("explore")
@click.option("--out", "path", metavar="PAGE.html", required=True, help="The file to write; it must end in .html.")
@click.option(
    "--schedule",
    "schedules",
    metavar="NAME",
    multiple=True,
    help="A schedule of the menu; may be given several times.  [default: constant, cosine, geometric]",
)
def command(path: str, schedules: tuple[str, ...]) -> None:
    """Write a page to play with: phase plane, exponents and loss curves, in one file that asks for nothing outside.

    Its phase diagrams are derived as `riskcalc phases` derives them, its curves are the leading terms of
    `riskcalc risk --method asymptotic`; the page evaluates both at the point under the pointer.

    \b
    riskcalc explore --out page.html
    riskcalc explore --out page.html --schedule constant --schedule wsd:1/5
    """
    from riskcalc.explorer.writing import DEFAULT_SCHEDULES, explore

    explore(path, schedules=schedules or DEFAULT_SCHEDULES)
    note(f"page written to {path}")
