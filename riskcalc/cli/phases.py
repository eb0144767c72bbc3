"""`riskcalc phases`: the phase diagram, derived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from riskcalc.cli.exponents import latex_name
from riskcalc.cli.scaling_flags import as_flag, growing_optimiser_flag, growing_outputs_flags, read_words, scaling_flags
from riskcalc.cli.text_table import text_table
from riskcalc.cli.writing import check_picture, print_json, print_result, write_picture

if TYPE_CHECKING:
    from riskcalc.scaling import Phase, PhaseDiagram


@click.command("phases")
@scaling_flags
@growing_outputs_flags
@growing_optimiser_flag
@click.option(
    "--letters",
    type=click.Choice(["alpha-beta", "a-b"]),
    default="alpha-beta",
    show_default=True,
    help="The plane: a = 2 alpha, b = 2 alpha + 2 beta.",
)
@click.option("--latex", "as_latex", is_flag=True, help="Print exponents and boundaries as LaTeX.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--plot", "picture", metavar="FILE", help="Write a picture (.png, .svg or .pdf).")
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
        print_json({"budget": question.budget.name, "schedule": question.table.name, **json_of(diagram)})
    elif as_latex:
        print_result(latex_of(diagram))
    else:
        print_result(text_of(diagram))
    if picture is not None:
        from riskcalc.plotting.phases import plot_phases

        write_picture(plot_phases(diagram), picture)


def json_of(diagram: PhaseDiagram) -> dict[str, object]:
    """Phases, boundaries, domain; expressions as text in the diagram's letters and as LaTeX."""
    from riskcalc.formula.letters import as_latex

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


def text_of(diagram: PhaseDiagram) -> str:
    """The diagram as a table."""
    rows = [
        [
            phase.name or "-",
            " = ".join(phase.balance),
            phase.says("M"),
            str(phase.loss_exponent),
            inequalities(phase),
        ]
        for phase in ordered(diagram)
    ]
    borders = [f"  {_equation(border.expression)}" for border in diagram.boundaries]
    titles = ["phase", "balance", "model-size exponent", "loss exponent", "region"]
    lines = [*text_table(titles, rows), "", "boundaries (terms tie there):", *borders, "", f"inside {diagram.domain}"]
    return "\n".join(lines)


def latex_of(diagram: PhaseDiagram) -> str:
    """A tabular body: name, balance, exponents, region; then the boundaries."""
    from riskcalc.formula.letters import as_latex

    rows = []
    for phase in ordered(diagram):
        balance = " = ".join(latex_name(name) for name in phase.balance)
        cells = [balance, as_latex(phase.model_size_exponent), as_latex(phase.loss_exponent), as_latex(phase.region)]
        rows.append(" & ".join([phase.name or "--", *(f"${cell}$" for cell in cells)]) + r" \\")
    return "\n".join([*rows, *(f"% boundary: ${border.latex()}$" for border in diagram.boundaries)])


def ordered(diagram: PhaseDiagram) -> list[Phase]:
    """Named phases in the order of their names, then the others."""
    return sorted(diagram.phases, key=lambda phase: (phase.name is None, (phase.name or "").lower()))


def inequalities(phase: Phase) -> str:
    """The region as inequalities, the left side cleared of constants."""
    import sympy

    if phase.region == sympy.true:
        return "everywhere"
    parts = phase.region.args if isinstance(phase.region, sympy.And) else (phase.region,)
    return ", ".join(_relation(part) for part in parts) if not isinstance(phase.region, sympy.Or) else str(phase.region)


def _relation(relation: Any) -> str:
    left, right = _sides(relation.lhs)
    sign = ">" if relation.rel_op.startswith(">") else "<"
    return f"{left} {sign} {right}"


def _equation(expression: Any) -> str:
    """expression = 0, solved for the later letter where it is linear in it."""
    for letter in sorted(expression.free_symbols, key=lambda symbol: str(symbol.name), reverse=True):
        slope = expression.diff(letter)
        if slope.is_number:
            return f"{letter} = {(letter - expression / slope).expand()}"
    return f"{expression} = 0"


def _sides(expression: Any) -> tuple[Any, Any]:
    """expression = left - right up to a positive factor, the letter alone on the left where it can be."""
    for letter in sorted(expression.free_symbols, key=lambda symbol: str(symbol.name), reverse=True):
        slope = expression.diff(letter)
        if slope.is_number and slope > 0:
            return letter, (letter - expression / slope).expand()
    return expression, 0

