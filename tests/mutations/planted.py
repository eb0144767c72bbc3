"""Planted errors: one line of the package, the wrong line in its place, and the tests that must notice."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent


@dataclass(frozen=True, kw_only=True)
class Planted:
    """file: of the package, from the root. right, wrong: a piece of one line, which stands exactly once in the file.

    tests: files or test names that pytest takes, at least one of which must fail with the wrong piece.
    slow: whether those are among the tests marked so.
    """

    name: str
    file: str
    right: str
    wrong: str
    tests: tuple[str, ...]
    slow: bool = False

    def applied(self, text: str) -> str:
        """The text of the file with the error in it."""
        if (count := text.count(self.right)) != 1:
            raise ValueError(f"{self.name}: {self.right!r} stands {count} times in {self.file}, not once")
        return text.replace(self.right, self.wrong)


def read_planted(path: Path = HERE / "planted.toml") -> list[Planted]:
    """The list, in the order of the file."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["planted"]
    return [Planted(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]
