"""`riskcalc formula`: any formula of the theory by its name."""

from __future__ import annotations

from collections.abc import Iterable

import click

from riskcalc.cli.completing import offering
from riskcalc.cli.writing import print_json, print_result
from riskcalc.display import text_table


def _names() -> Iterable[str]:
    from riskcalc.formula import formulas

    return [one.name for one in formulas()]


@click.command("formula")
@click.argument("name", required=False, shell_complete=offering(_names))
@click.option("--latex", "as_latex", is_flag=True, help="Print LaTeX alone, for a paper.")
@click.option("--expand", is_flag=True, help="Write out every named quantity inside the formula.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(name: str | None, as_latex: bool, expand: bool, as_json: bool) -> None:
    """Print a formula of the theory, or, without a name, the list of all.

    \b
    riskcalc formula
    riskcalc formula floor-equation --latex --expand
    """
    from riskcalc.formula import formula, formulas

    if name is None:
        every = formulas()
        if as_json:
            print_json({"formulas": [_row(one.name, one.meaning, one.source) for one in every]})
        elif as_latex:
            print_result("\n".join(f"{one.latex(expand=expand)} \\\\" for one in every))
        else:
            rows = [[one.name, one.source, one.meaning] for one in every]
            print_result("\n".join(text_table(["name", "source", "meaning"], rows)))
        return
    found = formula(name)
    text = found.latex(expand=expand)
    if as_json:
        print_json({**_row(found.name, found.meaning, found.source), "latex": text, "symbols": _symbols(found.symbols)})
    elif as_latex:
        print_result(text)
    else:
        lines = [f"{found.name}: {found.meaning}", f"source:  {found.source}", f"latex:   {text}"]
        lines += [f"  {key:<14} {meaning}" for key, meaning in _symbols(found.symbols).items()]
        print_result("\n".join(lines))


def _row(name: str, meaning: str, source: str) -> dict[str, object]:
    return {"name": name, "meaning": meaning, "source": source}


def _symbols(symbols: tuple[object, ...]) -> dict[str, str]:
    from riskcalc.notation import GLOSSARY

    names = [str(symbol) for symbol in symbols]
    return {name: GLOSSARY[name].meaning for name in names if name in GLOSSARY}
