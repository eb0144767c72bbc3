"""The derivations, their index and the docstrings that cite them fit together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "derivations").glob("D*.md"))
SECTIONS = ["## Statement", "## Assumptions", "## Proof", "## Limits", "## Checks"]


def rows():
    """Cells of the table in the index, by id."""
    lines = (ROOT / "derivations" / "README.md").read_text(encoding="utf-8").splitlines()
    table = [line.strip("|").split("|") for line in lines if line.startswith("| [D")]
    cells = [[cell.strip() for cell in row] for row in table]
    return {cell[0][1:4]: cell for cell in cells}


def test_every_file_is_indexed_under_its_own_id():
    assert sorted(rows()) == [file.name[:3] for file in FILES]
    for file in FILES:
        assert f"({file.name})" in rows()[file.name[:3]][0]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name[:3])
def test_every_file_has_its_sections_in_order(file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith(f"# {file.name[:3]} ")
    found = [line for line in text.splitlines() if line in SECTIONS]
    assert found == SECTIONS


def test_every_citation_has_a_derivation_and_every_indexed_room_cites():
    for source in (ROOT / "riskcalc").rglob("*.py"):
        cited = set(re.findall(r"\bD\d\d\b", source.read_text(encoding="utf-8")))
        assert cited <= set(rows()), f"{source.name} cites a derivation that does not exist"
    for name, cells in rows().items():
        for room in re.findall(r"`(\w+)`", cells[3]):
            texts = [file.read_text(encoding="utf-8") for file in (ROOT / "riskcalc" / room).rglob("*.py")]
            assert any(name in text for text in texts), f"{room} is listed as citing {name} but does not"
        for test in re.findall(r"`(\w+\.py)`", cells[4]):
            assert list((ROOT / "tests").rglob(test))
