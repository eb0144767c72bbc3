"""`riskcalc phases`: the phase diagram, derived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.interrupted import progress_flag
from riskcalc.cli.scaling_flags import as_flag, growing_optimiser_flag, growing_outputs_flags, read_words, scaling_flags
from riskcalc.cli.word import Word
from riskcalc.cli.writing import check_picture, print_json, print_result, write_picture

if TYPE_CHECKING:
    from riskcalc.scaling import PhaseDiagram


@click.command("phases")
@scaling_flags
@growing_outputs_flags
@growing_optimiser_flag
@click.option(
    "--letters",
    type=Word(["alpha-beta", "a-b"]),
    default="alpha-beta",
    show_default=True,
    help="The plane: a = 2 alpha, b = 2 alpha + 2 beta.",
)
@click.option("--latex", "as_latex", is_flag=True, help="Print exponents and boundaries as LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
@progress_flag
def command(letters: str, as_latex: bool, as_json: bool, picture: str | None, **flags: Any) -> None:
    """Derive the phase diagram: which terms balance where, with what exponents.

    Every question of `riskcalc exponents` has one. Nothing of it is typed in: the regions are theorems of the term
    table, verified on every open cell. On the boundaries terms tie or carry logarithms; ask `riskcalc exponents` there.

    \b
    riskcalc phases --plot phases.png
    riskcalc phases --noise 1 --schedule geometric --step-size free --letters a-b
    riskcalc phases --noise 1 --schedule cosine --budget data --letters a-b
    riskcalc phases --optimiser dana-decaying:delta=1/10,memory=40 --letters a-b
    """
    if picture is not None:
        check_picture(picture)
    from riskcalc.scaling.phase_diagram import derived
    from riskcalc.scaling.words import read_question

    question = read_question(**read_words(flags), call=as_flag)
    diagram = derived(question, paper_letters=letters == "alpha-beta")
    if as_json:
        asked = {"budget": question.budget.name, "schedule": question.table.name, **question.caveats()}
        print_json({**asked, **json_of(diagram)})
    elif as_latex:
        from riskcalc.scaling.diagram_page import latex_of

        print_result(latex_of(diagram))
    else:
        print_result(str(diagram))
    if picture is not None:
        from riskcalc.plotting.phases import plot_phases

        write_picture(plot_phases(diagram), picture)


def json_of(diagram: PhaseDiagram) -> dict[str, object]:
    """Phases, boundaries, domain; expressions as text in the diagram's letters and as LaTeX."""
    from riskcalc.formula.letters import as_latex
    from riskcalc.scaling.diagram_page import ordered

    return {
        "letters": [letter.name for letter in diagram.letters],
        "domain": str(diagram.domain),
        "phases": [
            {
                "name": phase.name,
                "region": str(phase.region),
                "model_size_exponent": str(phase.model_size_exponent),
                "loss_exponent": str(phase.loss_exponent),
                "exponents": {name: phase.says(name) for name in phase.exponents},
                "balance": list(phase.balance),
                "latex": {
                    "region": as_latex(phase.region),
                    "model_size_exponent": as_latex(phase.model_size_exponent),
                    "loss_exponent": as_latex(phase.loss_exponent),
                },
            }
            for phase in ordered(diagram)
        ],
        "boundaries": [
            {"expression": str(border.expression), "latex": border.latex()} for border in diagram.boundaries
        ],
    }
