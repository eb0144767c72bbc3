"""An exhibit of a reproduction as text: a paragraph an item."""

from __future__ import annotations

import textwrap

from riskcalc.reproduce.item import Item
from riskcalc.reproduce.outcome import ExhibitOutcome

_WIDTH = 110
_INDENT = 4


def exhibit_text(outcome: ExhibitOutcome) -> str:
    """One exhibit: a heading, its items, and each rule once where it begins to hold."""
    lines = [f"{outcome.exhibit.name}: {outcome.exhibit.title}  ({outcome.seconds:.1f} s)"]
    rule = None
    for item in outcome.items:
        lines += _item(item)
        if item.rule is not None and item.rule != rule:
            rule = item.rule
            lines += _wrapped(f"rule: {rule.words}", _INDENT + 2)
    return "\n".join(lines)


def _item(item: Item) -> list[str]:
    published = f"{item.source} {item.published}"
    if item.ours is None:
        return [*_wrapped(f"{item.verdict}: {item.what}: {published}", _INDENT), *_note(item)]
    spread = "" if item.ours.standard_error is None else f" ± {item.ours.standard_error:.2g}"
    line = f"{item.verdict}: {item.what}: {published}, ours {item.ours.text}{spread}"
    return [*_wrapped(line, _INDENT), *_note(item)]


def _note(item: Item) -> list[str]:
    return _wrapped(item.note, _INDENT + 2) if item.note else []


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, width=_WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2))
