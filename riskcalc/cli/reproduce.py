"""`riskcalc reproduce`: a paper's figures and tables recomputed, ours beside theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from riskcalc.cli.endings import RED
from riskcalc.cli.interrupted import keeping, progress_flag
from riskcalc.cli.writing import note, print_json, print_result
from riskcalc.display import text_table
from riskcalc.errors import InvalidInput

if TYPE_CHECKING:
    from riskcalc.reproduce import Reproduction


@click.command("reproduce")
@click.argument("paper", required=False)
@click.option("--only", metavar="NAME", multiple=True, help="One figure, table or statement; may be repeated.")
@click.option("--quick", is_flag=True, help="Smaller samples and grids, judged by the same rules.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--pictures", metavar="DIR", help="Write the pictures into this folder, as PNG.")
@progress_flag
def command(paper: str | None, only: tuple[str, ...], quick: bool, as_json: bool, pictures: str | None) -> None:
    """Recompute the figures, tables and statements of PAPER and compare them with what was published.

    Each value passes by a rule that is stated with it. What cannot be recomputed is listed with the reason. The exit
    status is 0 if everything that was recomputed passes and 1 if something does not. Without PAPER: what there is.

    \b
    riskcalc reproduce paquette2024
    riskcalc reproduce paquette2024 --only phases --pictures pictures
    """
    from riskcalc.reproduce import PAPERS, paper as paper_named, recompute

    if paper is None:
        if only or pictures is not None or quick:
            raise InvalidInput(f"name a paper to recompute: {', '.join(PAPERS)}")
        exhibits = {name: paper_named(name).exhibits for name in PAPERS}
        if as_json:
            print_json({name: {one.name: one.title for one in found} for name, found in exhibits.items()})
        else:
            rows = [[name, one.name, one.title] for name, found in exhibits.items() for one in found]
            print_result("\n".join(text_table(["paper", "--only", "what"], rows)))
        return
    if pictures is not None:
        from riskcalc.plotting.picture import check_folder_of_pictures

        paper_named(paper).selected(only)  # a name that is refused makes no folder
        check_folder_of_pictures(pictures)

    def write(found: Reproduction) -> None:
        files = () if pictures is None else found.save_pictures(pictures)
        listed = {"files": [str(file) for file in files]}
        print_json({**found.to_dict(), **listed}) if as_json else print_result(found.report())
        if files:
            note(f"{len(files)} pictures written to {pictures}")

    with keeping(write):
        found = recompute(paper, only=only, quick=quick, progress=note)
    write(found)
    if not found.passed:
        raise click.exceptions.Exit(RED)
