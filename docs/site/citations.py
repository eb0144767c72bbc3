"""Papers and derivations that a page names: papers become citations, derivations become links.

A paper is named by its number, as in "arXiv 2405.15074", a derivation by its own, as in "D12"; both are looked up, so
that a number without an entry is an error of the build.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

HERE = Path(__file__).resolve().parent
_PAPER = re.compile(r"arXiv[ :](\d{4}\.\d{4,5})")
_DERIVATION = re.compile(r"\bD\d\d\b")


@cache
def keys() -> dict[str, str]:
    """Keys of the bibliography by the papers' numbers."""
    text = (HERE / "references.bib").read_text(encoding="utf-8")
    entries = re.findall(r"@\w+\{([\w-]+),(.*?)\n\}", text, flags=re.DOTALL)
    return {re.search(r"eprint\s*=\s*\{([^}]*)\}", body)[1]: key for key, body in entries if "eprint" in body}


@cache
def derivations() -> dict[str, str]:
    """Pages of the derivations by their numbers."""
    return {page.name[:3]: f"/derivations/{page.stem}" for page in (HERE.parents[1] / "derivations").glob("D*.md")}


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


class LinkDerivations(SphinxTransform):
    """A link at every derivation's number in running text."""

    default_priority = 300

    def apply(self, **words: object) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if _DERIVATION.search(text.astext()) and not _kept(text):
                text.parent.replace(text, list(_linked(text.astext())))


def _kept(text: nodes.Text) -> bool:
    """Whether it is code, mathematics, a title or a link already."""
    kept = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.title, nodes.reference)
    parent = text.parent
    while parent is not None:
        if isinstance(parent, (*kept, addnodes.pending_xref, addnodes.toctree, nodes.raw, nodes.comment)):
            return True
        parent = parent.parent
    return False


def _linked(text: str) -> list[nodes.Node]:
    made: list[nodes.Node] = []
    end = 0
    for match in _DERIVATION.finditer(text):
        if match[0] not in derivations():
            continue
        made.append(nodes.Text(text[end : match.start()]))
        link = addnodes.pending_xref(
            "", refdomain="std", reftype="doc", reftarget=derivations()[match[0]], refexplicit=True, refwarn=True
        )
        link += nodes.inline("", match[0], classes=["xref", "doc"])
        made.append(link)
        end = match.end()
    return [*made, nodes.Text(text[end:])]
