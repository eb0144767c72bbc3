"""The glossary page, from `riskcalc/notation.py`: every letter once, with what the code enforces."""

from __future__ import annotations

from functools import cache

from riskcalc.formula import formulas
from riskcalc.notation import GLOSSARY, Letter

_HEAD = """# Glossary of symbols

Every letter of the package, once: how formulas print it, what it means, and the domain that the code enforces. In
Python and in docstrings a letter is written as the name beside it. What the letters F_0, F_pp, F_ac, K_pp and S name
is on the page of [terms](docs/symbols.md).
"""


def page() -> str:
    """Markdown, one section a letter, in the order of their names."""
    return "\n".join([_HEAD, *(_entry(name, letter) for name, letter in sorted(GLOSSARY.items(), key=_order))])


@cache
def _letters() -> dict[str, set[str]]:
    """The letters of every formula, by its name."""
    return {one.name: {symbol.name for symbol in one.symbols} for one in formulas()}


def _order(item: tuple[str, Letter]) -> tuple[str, str]:
    return item[0].lower(), item[0]


def _entry(name: str, letter: Letter) -> str:
    used = [formula for formula, letters in _letters().items() if name in letters]
    rows = [f"* Written: `{name}`", f"* Domain: {letter.domain}"]
    rows += [f"* Typical: {letter.typical}"] if letter.typical else []
    rows += [f"* In the formulas: {', '.join(f'`{formula}`' for formula in used)}"] if used else []
    facts = "\n".join(rows)
    place = f"{name}-capital" if name != name.lower() and name.lower() in GLOSSARY else name  # Sphinx knows no capitals
    return f"(symbol-{place})=\n## ${letter.latex}$\n\n{_sentence(letter.meaning)}\n\n{facts}\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}.".replace("*", "\\*")
