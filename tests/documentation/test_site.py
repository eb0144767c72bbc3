"""What the site is made of, without Sphinx: pages from glossary and click, citations, notebooks, and its links."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest

from riskcalc.cli.application import COMMANDS
from riskcalc.notation import GLOSSARY

SITE = Path(__file__).parents[2] / "docs" / "site"


@pytest.fixture
def site(monkeypatch):
    """A module of docs/site by its name."""
    monkeypatch.syspath_prepend(str(SITE))
    return importlib.import_module


def test_every_letter_stands_in_the_glossary_once(site):
    page = site("glossary").page()
    for letter in GLOSSARY.values():
        assert page.count(f"## ${letter.latex}$\n") == 1, letter
    labels = [line.lower() for line in page.splitlines() if line.startswith("(symbol-")]
    assert len(labels) == len(set(labels)) == len(GLOSSARY)


def test_every_command_stands_on_its_page_with_its_options(site):
    page = site("commands").page()
    for name in COMMANDS:
        assert f"\n## {name}\n" in page
    assert "| `--out PAGE.html` |" in page
    assert "\b" not in page
    prose = re.sub(r"```.*?```|`[^`]*`", "", page, flags=re.DOTALL)
    assert not re.findall(r"(?<!\w)--?[a-z]\w+", prose), "options in sentences are code"


def test_papers_are_cited_outside_of_code_and_an_unknown_one_ends_the_build(site):
    citations = site("citations")
    text = "Lin (arXiv 2406.08466), `arXiv 2406.08466`"
    assert citations.in_markdown(text) == "Lin (arXiv 2406.08466, {cite:year}`lin2024`), `arXiv 2406.08466`"
    with pytest.raises(KeyError):
        citations.in_markdown("arXiv 9999.99999")


def test_a_notebook_is_shown_with_what_came_out(site, tmp_path):
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "see [next](02_next.ipynb)"]},
        {"cell_type": "code", "source": ["1 + 1"], "outputs": [{"data": {"text/plain": ["2"]}}]},
    ]
    (tmp_path / "01_one.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    site("notebooks").write(tmp_path / "01_one.ipynb", tmp_path / "pages")
    page = (tmp_path / "pages" / "01_one.md").read_text(encoding="utf-8")
    assert page.startswith("# Title")
    assert "(02_next.md)" in page
    assert "```python\n1 + 1\n```\n\n````text\n2\n````" in page


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<a href="other.html#here">', None),
        ('<a href="other.html#there">', "a place other.html#there"),
        ('<a href="missing.html">', "missing.html, which is not there"),
        ('<a href="https://example.org">', None),
        ('<script src="https://example.org/a.js">', "asks for https://example.org/a.js"),
        ('<img src="data:,">', None),
    ],
)
@pytest.mark.every_case
def test_broken_links_and_requests_outside_are_found(site, tmp_path, markup, fault):
    (tmp_path / "index.html").write_text(markup, encoding="utf-8")
    (tmp_path / "other.html").write_text('<p id="here">', encoding="utf-8")
    found = site("links").faults(tmp_path)
    assert (found == []) if fault is None else (len(found) == 1 and fault in found[0])


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("*RiskCurve* -- Risk * parts.", ":py:obj:`~riskcalc.RiskCurve` -- Risk \\* parts."),
        ("*dict of LossCurve* -- By name.", "*dict of LossCurve* -- By name."),
    ],
)
def test_what_is_returned_keeps_its_mark_or_is_a_link(site, told, shown):
    lines = [f":returns: {told}"]
    site("docstrings").readable(None, "", "", None, None, lines)
    assert lines == [f":returns: {shown}"]


def test_an_option_that_lost_a_dash_is_found(site, tmp_path):
    (tmp_path / "page.html").write_text("<p>1 – 2, see –digits</p><code>–digits</code>", encoding="utf-8")
    assert site("dashes").faults(tmp_path) == ["page.html prints the option –digits: write it as code"]


def test_docstrings_keep_their_stars_and_bars(site):
    lines = ["Scale * j^-a, |x|, `risk` and `curve`.", "Valid: a > 0", "    and b."]
    site("docstrings").readable(None, "", "", None, None, lines)
    assert lines == [
        "Scale \\* j^-a, \\|x\\|, :py:obj:`~riskcalc.risk` and ``curve``.",
        "",
        "Valid: a > 0",
        "and b.",
    ]
