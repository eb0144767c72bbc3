"""`recompute`: a paper's exhibits, one after the other, with verdicts and times."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskcalc.errors import Interrupted
from riskcalc.reproduce.item import Item
from riskcalc.reproduce.outcome import ExhibitOutcome
from riskcalc.reproduce.paper import Paper
from riskcalc.reproduce.registry import paper as paper_named
from riskcalc.reproduce.text import exhibit_text
from riskcalc.reproduce.verdict import Verdict


@dataclass(frozen=True, kw_only=True, eq=False)
class Reproduction:
    """What came out. It passes if something was reproduced and nothing that was recomputed failed.

    Corrections, identities and what is not determined by what is in print are counted by themselves, never as
    reproduced.
    """

    paper: Paper
    quick: bool
    outcomes: tuple[ExhibitOutcome, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for outcome in self.outcomes for item in outcome.items)

    def count(self, verdict: Verdict) -> int:
        """How many items have this verdict."""
        return sum(item.verdict is verdict for item in self.items)

    @property
    def passed(self) -> bool:
        return self.count(Verdict.PASSED) > 0 and self.count(Verdict.FAILED) == 0

    @property
    def verdict(self) -> str:
        """The first of FAILED, passed, corrected, not determined, identity, not recomputed that some item has."""
        counted = (Verdict.FAILED, Verdict.PASSED, Verdict.CORRECTED, Verdict.NOT_DETERMINED, Verdict.IDENTITY)
        return next((verdict for verdict in counted if self.count(verdict)), Verdict.NOT_RECOMPUTED).value

    def report(self) -> str:
        """For people."""
        counts = ", ".join(f"{self.count(verdict)} {verdict.value}" for verdict in Verdict)
        quick = " (quick: smaller samples, the same rules)" if self.quick else ""
        head = f"{self.paper.citation}\nreproduction: {self.verdict} ({counts}){quick}"
        return "\n\n".join([head, *map(exhibit_text, self.outcomes)])

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            "paper": self.paper.name,
            "citation": self.paper.citation,
            "quick": self.quick,
            "passed": self.passed,
            "verdict": self.verdict,
            "counts": {verdict.value: self.count(verdict) for verdict in Verdict},
            "exhibits": [
                {
                    "name": outcome.exhibit.name,
                    "title": outcome.exhibit.title,
                    "seconds": round(outcome.seconds, 2),
                    "items": [item.to_dict() for item in outcome.items],
                    "pictures": sorted(outcome.recomputed.pictures),
                }
                for outcome in self.outcomes
            ],
        }

    def save_pictures(self, folder: str | Path, *, ending: str = ".png") -> tuple[Path, ...]:
        """Draw every picture into a folder, which is made if it is not there; returns the files."""
        from riskcalc.plotting.picture import check_folder_of_pictures, save_picture

        check_folder_of_pictures(folder)
        place, files = Path(folder), []
        for outcome in self.outcomes:
            for name, draw in outcome.recomputed.pictures.items():
                files.append(place / f"{self.paper.name}_{name}{ending}")
                save_picture(draw(), files[-1])
        return tuple(files)


def recompute(
    paper: str | Paper,
    *,
    only: Sequence[str] = (),
    quick: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Reproduction:
    """Recompute a paper's exhibits and compare them with what was published.

    paper: its name (see PAPERS) or a Paper. only: names of exhibits; all if empty. quick: smaller samples and grids,
    the same rules. progress: told the title of each exhibit before it starts.

    Ctrl-C raises errors.Interrupted, whose `partial` has the exhibits that were finished.

    >>> found = recompute("paquette2024", only=["sample-points"])
    >>> found.verdict, len(found.items)
    ('passed', 14)
    """
    asked = paper if isinstance(paper, Paper) else paper_named(paper)
    outcomes: list[ExhibitOutcome] = []
    for exhibit in asked.selected(tuple(only)):
        if progress is not None:
            progress(f"{asked.name}: {exhibit.title}")
        start = time.perf_counter()
        try:
            recomputed = exhibit.recompute(quick)
        except KeyboardInterrupt:
            if not outcomes:
                raise
            done = Reproduction(paper=asked, quick=quick, outcomes=tuple(outcomes))
            said = "1 exhibit is" if len(outcomes) == 1 else f"{len(outcomes)} exhibits are"
            raise Interrupted(f"interrupted: {said} finished", partial=done) from None
        seconds = time.perf_counter() - start
        outcomes.append(ExhibitOutcome(exhibit=exhibit, recomputed=recomputed, seconds=seconds))
    return Reproduction(paper=asked, quick=quick, outcomes=tuple(outcomes))
