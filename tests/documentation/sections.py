"""A docstring in numpydoc form, taken apart: its sections, and the parameters that it names."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

import riskcalc as rc

_HEAD = re.compile(r"^(?P<title>[A-Z][A-Za-z ]+)\n-{3,}$", flags=re.MULTILINE)


def public() -> dict[str, Any]:
    """Every public name with what it stands for; of a public module its own names, after a point."""
    found = {}
    for name in rc.__all__:
        value = getattr(rc, name)
        if inspect.ismodule(value):
            found |= {f"{name}.{inner}": getattr(value, inner) for inner in value.__all__}
        else:
            found[name] = value
    return found


def sections(text: str) -> dict[str, str]:
    """The text of each section by its title; what stands before the first under ""."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    made = {"": text[: heads[0].start()] if heads else text}
    return made | {head["title"]: text[head.end() : end] for head, end in zip(heads, ends, strict=True)}


def described(section: str) -> dict[str, str]:
    """What is said of each name of a section of parameters or attributes."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in section.splitlines():
        if line and not line.startswith(" "):
            names = [one.strip().lstrip("*") for one in line.partition(" : ")[0].split(",")]
            found |= dict.fromkeys(names, "")
        elif line.strip():
            found |= {name: found[name] + line.strip() for name in names}
    return found


def labelled(section: str) -> Mapping[str, str]:
    """Formula, Valid, Source of the notes."""
    return dict(re.findall(r"^(Formula|Shapes|Valid|Source)[^:\n]*: (.+)", section, flags=re.MULTILINE))
