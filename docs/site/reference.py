"""The reference of Python: one page a public name, in groups that follow the rooms of the package."""

from __future__ import annotations

import enum
import inspect
from pathlib import Path
from types import ModuleType
from typing import Any

GROUPS = (
    ("Problems", ("problem", "presets")),
    ("Kernels and data", ("kernel", "dataset")),
    ("Schedules, optimisers, orders of the data", ("schedule", "optimiser", "order")),
    ("Runs and curves", ("curve", "answer")),
    ("Roads", ("exact", "equivalent", "asymptotic", "simulation", "least_squares", "quadratic")),
    ("Exponents and allocation", ("scaling", "allocation", "tuning", "theorems", "explorer")),
    ("Fits", ("fitting",)),
    ("Checks and sweeps", ("agreement", "sweeping")),
    ("Pictures", ("plotting",)),
    ("Kinds of number", ("numeric",)),
)


def grouped() -> dict[str, list[str]]:
    """Public names by their group; every name is in one."""
    import riskcalc as rc

    titles = {room: title for title, rooms in GROUPS for room in rooms}
    found: dict[str, list[str]] = {title: [] for title, _ in GROUPS}
    for name in sorted(rc.__all__, key=str.lower):
        found[titles.get(room_of(getattr(rc, name)), "Other")].append(name)
    return {title: names for title, names in found.items() if names}


def room_of(value: Any) -> str:
    """The room that a public name comes from."""
    module: str = value.__name__ if inspect.ismodule(value) else value.__module__
    return module.split(".")[1]


def write(folder: Path) -> None:
    """A page for each name, and one that lists them with their first lines."""
    import riskcalc as rc

    folder.mkdir(parents=True)
    parts = ["Python", "======", "", "Every public name, as ``import riskcalc as rc`` gives it.", ""]
    for title, names in grouped().items():
        parts += [title, "-" * len(title), "", ".. list-table::", "   :widths: 30 70", ""]
        for name in names:
            parts += [f"   * - :doc:`{name} <{name}>`", f"     - {_first(getattr(rc, name))}"]
            (folder / f"{name}.rst").write_text(_page(name, getattr(rc, name)), encoding="utf-8")
        parts += ["", ".. toctree::", "   :hidden:", "", *(f"   {name}" for name in names), ""]
    (folder / "index.rst").write_text("\n".join(parts), encoding="utf-8")


def _first(value: Any) -> str:
    from docstrings import readable

    lines = [(inspect.getdoc(value) or "").splitlines()[0]]
    readable(None, "", "", value, None, lines)
    return lines[0]


def _page(name: str, value: Any) -> str:
    head = [name, "=" * len(name), "", ".. currentmodule:: riskcalc", ""]
    if isinstance(value, ModuleType):
        body = [f".. py:module:: riskcalc.{name}", "", *_first_lines(value), ""]
        for inner in sorted(value.__all__):
            body += _directive(f"riskcalc.{name}.{inner}", getattr(value, inner))
        return "\n".join([*head, *body])
    return "\n".join([*head, *_directive(f"riskcalc.{name}", value)])


def _first_lines(value: Any) -> list[str]:
    return (inspect.getdoc(value) or "").splitlines()


def _directive(path: str, value: Any) -> list[str]:
    if not inspect.isclass(value):
        kind = "autofunction" if callable(value) else "autodata"
        return [f".. {kind}:: {path}", ""]
    # the members of an Enum stand in its own docstring
    members = [] if issubclass(value, enum.Enum) else ["   :members:", "   :inherited-members:"]
    return [f".. autoclass:: {path}", *members, ""]
