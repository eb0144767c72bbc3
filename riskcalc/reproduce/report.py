"""A reproduction as text: a block an exhibit, a paragraph an item."""

from __future__ import annotations

import textwrap

from riskcalc.reproduce.item import Item
from riskcalc.reproduce.reproduction import ExhibitOutcome, Reproduction
from riskcalc.reproduce.verdict import Verdict

_WIDTH = 110
_INDENT = 4


def text_report(found: Reproduction) -> str:
    """The whole report."""
    counts = ", ".join(f"{found.count(verdict)} {verdict.value}" for verdict in Verdict)
    quick = " (quick: smaller samples, the same rules)" if found.quick else ""
    lines = [found.paper.citation, f"reproduction: {found.verdict} ({counts}){quick}"]
    for outcome in found.outcomes:
        lines += ["", *_exhibit(outcome)]
    return "\n".join(lines)


def _exhibit(outcome: ExhibitOutcome) -> list[str]:
    lines = [f"{outcome.exhibit.name}: {outcome.exhibit.title}  ({outcome.seconds:.1f} s)"]
    rule = None
    for item in outcome.items:
        lines += _item(item)
        if item.rule is not None and item.rule != rule:
            rule = item.rule
            lines += _wrapped(f"rule: {rule.words}", _INDENT + 2)
    return lines


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
