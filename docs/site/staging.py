"""The source tree that Sphinx reads: the repository's pages where they stand, and beside them the generated ones."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import citations
import commands
import glossary
import reference

import notebooks

_COPIED = ("CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE")
_CONTENTS = "\n\n```{toctree}\n:hidden:\n:glob:\n\nD*\n```\n"


def stage(root: Path, source: Path, *, explorer: Sequence[str] | None) -> None:
    """Fill `source`; explorer: its schedules, None for those of `riskcalc explore`."""
    source.mkdir(parents=True)
    for name in _COPIED:
        shutil.copy(root / name, source / name)
    for folder in ("docs", "derivations"):
        for page in sorted((root / folder).glob("*.md")):
            _page(page, source / folder / page.name)
    index = source / "derivations" / "README.md"
    index.write_text(index.read_text(encoding="utf-8") + _CONTENTS, encoding="utf-8")
    shutil.copytree(root / "docs" / "pictures", source / "docs" / "pictures")
    for page in sorted((root / "docs" / "site").glob("*.md")):
        _page(page, source / page.name)
    for notebook in sorted((root / "notebooks").glob("*.ipynb")):
        notebooks.write(notebook, source / "notebooks")
    (source / "glossary.md").write_text(glossary.page(), encoding="utf-8")
    (source / "commands.md").write_text(commands.page(), encoding="utf-8")
    reference.write(source / "api")
    _explorer(source / "_extra", explorer)


def _page(page: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"(\]\([^)\s]*)\.ipynb\)", r"\1.md)", text)
    place.write_text(citations.in_markdown(text), encoding="utf-8")


def _explorer(folder: Path, schedules: Sequence[str] | None) -> None:
    import riskcalc as rc

    folder.mkdir(parents=True)
    rc.explore(folder / "explorer.html", **({} if schedules is None else {"schedules": schedules}))
