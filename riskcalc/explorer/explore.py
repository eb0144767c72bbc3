"""`explore`: the page written to a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.explorer.diagrams import diagram_of
from riskcalc.explorer.expressions import Expressions
from riskcalc.explorer.questions import is_schedule, questions
from riskcalc.explorer.terms import script_of_terms
from riskcalc.files import check_place, write_bytes
from riskcalc.progress import progress
from riskcalc.quantity import file_path, listed, shown

_WHAT = "the page"
_SCRIPTS = ("rationals.js", "special.js", "phases.js", "leading.js", "state.js", "plane.js", "curves.js", "app.js")


def explore(path: str | Path, *, schedules: Sequence[str] = ("constant", "cosine", "geometric")) -> None:
    """Write the explorer: one HTML file with the phase plane, the exponents and the loss curves to play with.

    Everything on the page is generated from the expressions of the package: the phase diagrams of `phase_diagram`,
    evaluated in the browser in rational numbers, and the leading terms of `Asymptotic` with their constants.

    Parameters
    ----------
    path : str or Path
        Where the page is written; it must end in .html.
    schedules : sequence of str, default ("constant", "cosine", "geometric")
        Names of schedules, as `exponents` reads them. Each adds six phase diagrams, about two seconds each.

    Raises
    ------
    InvalidInput
        If the file does not end in .html or cannot be written, or a schedule has no derived exponents.

    Notes
    -----
    Valid: a page of the three default schedules has under 400 kB; it asks for nothing outside itself.
    Source: derivations D10 to D16, D42, D44.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> page = pathlib.Path(tempfile.mkdtemp()) / "page.html"
    >>> explore(page, schedules=["geometric"])
    >>> page.stat().st_size < 400_000
    True
    """
    place = file_path(path, "path")
    if place.suffix.lower() not in (".html", ".htm"):
        raise InvalidInput(f"the page must be a file that ends in .html, not {shown(str(place))}")
    names = [_schedule(name) for name in listed(schedules, "schedules", "names of schedules, such as ['constant']")]
    if not names:
        raise InvalidInput("schedules must name at least one schedule, such as ['constant']")
    check_place(place, what=_WHAT)
    write_bytes(place, page(dict.fromkeys(names)).encode(), what=_WHAT)


def page(schedules: Any) -> str:
    """The page as text."""
    tables, asked = Expressions(), questions(tuple(schedules))
    with progress(len(asked), "phase diagrams") as done:
        found = []
        for question in asked:
            found.append(diagram_of(question, tables))
            done(1)
    from riskcalc import __version__

    data = {"version": __version__, "questions": found, **tables.tables()}
    # "</" would end the script
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    script = "\n".join([f"const DATA = {text};", script_of_terms(), *map(_source, _SCRIPTS)])
    return _source("page.html").replace("/*STYLE*/", _source("page.css")).replace("/*SCRIPT*/", script)


def _source(name: str) -> str:
    return (files("riskcalc.explorer") / "page" / name).read_text(encoding="utf-8")


def _schedule(name: object) -> str:
    if not isinstance(name, str) or not is_schedule(name):
        raise InvalidInput(f"schedules holds {shown(name)}: names of schedules are needed, such as 'cosine'")
    return name
