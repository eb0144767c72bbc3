"""The page put together from its parts, and written to a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from riskcalc.errors import InvalidInput
from riskcalc.explorer.diagrams import diagram_of
from riskcalc.explorer.expressions import Expressions
from riskcalc.explorer.questions import Asked, is_schedule, questions
from riskcalc.explorer.terms import script_of_terms
from riskcalc.files import check_place, write_bytes
from riskcalc.progress import progress
from riskcalc.quantity import file_path, listed, shown
from riskcalc.scaling.question import Question

DEFAULT_SCHEDULES = ("constant", "cosine", "geometric")
_WHAT = "the page"
_SCRIPTS = (
    "rationals.js",
    "special.js",
    "schedules.js",
    "phases.js",
    "leading.js",
    "state.js",
    "plane.js",
    "curves.js",
    "app.js",
)


def explore(path: str | Path, *, schedules: Sequence[str] = DEFAULT_SCHEDULES) -> None:
    """Write the explorer: one HTML file with the phase plane, the exponents and the loss curves to play with.

    Everything on the page is generated from the expressions of the package: the phase diagrams of `phase_diagram`,
    evaluated in the browser in rational numbers, and the leading terms of `Asymptotic` with their constants.

    Parameters
    ----------
    path : str or Path
        Where the page is written; it must end in .html.
    schedules : sequence of str, default ("constant", "cosine", "geometric")
        Names of schedules, as `exponents` reads them. Each adds six phase diagrams, about half a second each; the
        constant one also those that are derived for it alone: of a data set, and of DANA.

    Raises
    ------
    InvalidInput
        If the file does not end in .html or cannot be written, or a schedule has no derived exponents.

    Notes
    -----
    Valid: a page of the three default schedules has under 400 kB; it asks for nothing outside itself. Its curves under
    a schedule that moves are those that `Asymptotic` answers: at the end of runs, for a > 1.
    Source: derivations D10 to D17, D42, D44.

    Examples
    --------
    A page of one schedule, in some three seconds; that of all three takes about ten.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     explore(Path(folder) / "page.html", schedules=["geometric"])
    ...     text = (Path(folder) / "page.html").read_text(encoding="utf-8")
    >>> "<title>riskcalc explorer" in text, "https://" in text
    (True, False)
    """
    place = file_path(path, "path")
    if place.suffix.lower() not in (".html", ".htm"):
        raise InvalidInput(f"the page must be a file that ends in .html, not {shown(str(place))}")
    names = [_schedule(name) for name in listed(schedules, "schedules", "names of schedules, such as ['constant']")]
    if not names:
        raise InvalidInput("schedules must name at least one schedule, such as ['constant']")
    check_place(place, what=_WHAT)
    write_bytes(place, page(questions(tuple(dict.fromkeys(names)))).encode(), what=_WHAT)


def page(asked: Sequence[Asked]) -> str:
    """The page that answers these questions, as text."""
    style = _source("page.css")
    return _source("page.html").replace("/*STYLE*/", style).replace("/*SCRIPT*/", script(asked, _SCRIPTS))


def script(asked: Sequence[Asked], sources: Sequence[str]) -> str:
    """The answers as data, the leading terms as functions, and after them files of `page/`."""
    from riskcalc import __version__

    tables, posed = Expressions(), [one.question() for one in asked]
    found: dict[Question, dict[str, Any]] = {}
    with progress(len(set(posed)), "phase diagrams") as done:
        for question in posed:
            if question not in found:
                found[question] = diagram_of(question, tables)
                done(1)
    place = {question: index for index, question in enumerate(found)}
    data = {
        "version": __version__,
        "answers": list(found.values()),
        "questions": [
            {"words": one.words(), "answer": place[question]} for one, question in zip(asked, posed, strict=True)
        ],
        **tables.tables(),
    }
    # "</" would end the script
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return "\n".join(
        [f"const DATA = {text};", script_of_terms(tuple({one.schedule: None for one in asked})), *map(_source, sources)]
    )


def _source(name: str) -> str:
    return (files("riskcalc.explorer") / "page" / name).read_text(encoding="utf-8")


def _schedule(name: object) -> str:
    if not isinstance(name, str) or not is_schedule(name):
        raise InvalidInput(f"schedules holds {shown(name)}: names of schedules are needed, such as 'cosine'")
    return name
