"""Docstrings of the package as Sphinx reads them: the house's words for formulas are not markup of Sphinx."""

from __future__ import annotations

import re
from typing import Any

from citations import in_docstring

_LABELLED = re.compile(r"^[A-Za-z][\w, ]*: ")
# code, names, roles, and the type of what is returned as numpydoc's reader has marked it
_MARKED = re.compile(r"(``[^`]*``|(?<![:`])`[^`]+`(?!`)|:[\w:]+:`[^`]*`|(?<=:returns: )\*[^*]+\*(?= -- ))")
_UNDERLINE = re.compile(r"^-{3,}$")


def readable(app: Any, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    """Change the lines in place: labelled lines begin paragraphs, names become links, * and | stay what they are."""
    found: list[str] = []
    code = False
    for line in lines:
        plain = line.strip()
        if plain.startswith(">>>"):
            code = True
        elif not plain:
            code = False
        if code:
            found.append(line)
            continue
        if _LABELLED.match(line) and found and found[-1].strip() and not _UNDERLINE.match(found[-1].strip()):
            found.append("")
        indented = line.startswith("    ") and found and _in_label(found)
        found.append(_marked(line.strip() if indented else line))
    lines[:] = found


def _in_label(found: list[str]) -> bool:
    """Whether the paragraph that is being written began with a label: its further lines are indented in the source."""
    for line in reversed(found):
        if not line.strip():
            return False
        if _LABELLED.match(line) and not line.startswith(" "):
            return True
    return False


def _marked(line: str) -> str:
    """Single backticks to public names as links, others as code; stars and bars outside of markup as they are."""
    pieces = _MARKED.split(in_docstring(line))
    pieces[::2] = [re.sub(r"([*|\\])", r"\\\1", _tails(piece)) for piece in pieces[::2]]
    pieces[1::2] = [_name(piece) for piece in pieces[1::2]]
    return "".join(pieces)


def _tails(text: str) -> str:
    """A word that ends in _ would be a link."""
    return re.sub(r"(\w)_(?=\W|$)", r"\1\\_", text) if "`" not in text else text


def _name(piece: str) -> str:
    import riskcalc

    if piece.startswith((":", "``")):
        return piece
    word = piece.strip("`*")
    if word in riskcalc.__all__:
        return f":py:obj:`~riskcalc.{word}`"
    return piece if piece.startswith("*") else f"``{word}``"
