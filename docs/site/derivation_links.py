"""A link at every derivation's number in running text, where it is not code, mathematics, a title or a link already."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

_DERIVATION = re.compile(r"\bD\d\d\b")
_FOLDER = Path(__file__).resolve().parents[2] / "derivations"


@cache
def derivations() -> dict[str, str]:
    """Pages of the derivations by their numbers."""
    return {page.name[:3]: f"/derivations/{page.stem}" for page in _FOLDER.glob("D*.md")}


class LinkDerivations(SphinxTransform):
    """A transform of every page that is read."""

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
