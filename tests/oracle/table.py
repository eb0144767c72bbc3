"""What an examination found, as a table over roads, kinds of run and kinds of dimension."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from tests.oracle.examination import ROUNDING, Finding

COLUMNS = (
    "road", "run", "dimension", "problems", "refused", "not comparable", "worst true/stated", "true > stated",
    "true > tolerance", "median stated", "worst true",
)  # fmt: skip
ANSWERED = ("held", "exceeded", "missed")


def row(words: tuple[str, str, str], found: list[Finding]) -> list[str]:
    """One line of the table."""
    answered = [one for one in found if one.outcome in ANSWERED]
    ratios = [one.true / max(one.stated, ROUNDING) for one in answered]
    return [
        *words,
        str(len(found)),
        str(sum(one.outcome in ("refused", "crashed") for one in found)),
        str(sum(one.outcome in ("incomparable", "slow") for one in found)),
        f"{max(ratios):.2g}" if ratios else "-",
        str(sum(one.outcome in ("exceeded", "missed") for one in found)),
        str(sum(one.outcome == "missed" for one in found)),
        f"{median(one.stated for one in answered):.1e}" if answered else "-",
        f"{max(one.true for one in answered):.1e}" if answered else "-",
    ]


def table(findings: Iterable[Finding]) -> str:
    """Markdown, one line a group and one for all."""
    everything = list(findings)
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for one in everything:
        groups.setdefault((one.road, one.kind, one.dimension), []).append(one)
    rows = [row(words, groups[words]) for words in sorted(groups)]
    rows.append(row(("all", "", ""), everything))
    widths = [max(len(line[i]) for line in [list(COLUMNS), *rows]) for i in range(len(COLUMNS))]
    lines = [list(COLUMNS), ["-" * width for width in widths], *rows]
    padded = [[x.ljust(width) for x, width in zip(line, widths, strict=True)] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in padded)


def offenders(findings: Iterable[Finding]) -> str:
    """One line each for what did not hold, with the command that repeats it."""
    order = {"missed": 0, "exceeded": 1, "crashed": 2, "refused": 3, "slow": 4, "incomparable": 5}
    bad = sorted((one for one in findings if one.outcome != "held"), key=lambda one: (order[one.outcome], -one.true))
    return "\n".join(
        f"{one.outcome:12} python -m tests.oracle --seed {one.seed} --only {one.number:<6}{' --memory' * one.memory} "
        f"{one.road} {one.kind} {one.dimension}, {one.share:.6f} of the largest step: "
        f"true {one.true:.2g}, stated {one.stated:.2g}, doubt {one.doubt:.1g} {one.message[:160]}"
        for one in bad
    )
