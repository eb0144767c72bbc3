"""Papers that a page names by their numbers, as in "arXiv 2405.15074", cited: one without an entry ends the build."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
_PAPER = re.compile(r"arXiv[ :](\d{4}\.\d{4,5})")


@cache
def keys() -> dict[str, str]:
    """Keys of the bibliography by the papers' numbers."""
    text = (HERE / "references.bib").read_text(encoding="utf-8")
    entries = re.findall(r"@\w+\{([\w-]+),(.*?)\n\}", text, flags=re.DOTALL)
    return {re.search(r"eprint\s*=\s*\{([^}]*)\}", body)[1]: key for key, body in entries if "eprint" in body}


def in_markdown(text: str) -> str:
    """Papers cited, outside of code, links and bibliography."""
    pieces = re.split(r"(```.*?```|`[^`\n]*`|\]\([^)]*\))", text, flags=re.DOTALL)
    pieces[::2] = [_PAPER.sub(_cited, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _cited(match: re.Match[str]) -> str:
    return f"{match[0]}, {{cite:year}}`{keys()[match[1]]}`"


def in_docstring(line: str) -> str:
    """The same in a line of a docstring."""
    return _PAPER.sub(lambda match: f"{match[0]}, :cite:year:`{keys()[match[1]]}`", line)
