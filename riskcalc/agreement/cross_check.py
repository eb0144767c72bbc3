"""The result of a cross-check: every comparison and every negative control, readable and as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskcalc.agreement.comparison import Comparison, NegativeControl
from riskcalc.agreement.comparison_text import comparison_blocks
from riskcalc.curve import Question
from riskcalc.curve.wording import in_one_line
from riskcalc.display import Block, Displayed, Lines, Page


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossCheck(Displayed):
    """What was asked, what was compared, and whether it holds.

    Parameters
    ----------
    asked : Question
        The run, with its recorded steps.
    level : float
        The probability that a right calculator fails the check by chance, over all its comparisons.
    seed : int
        Of sketch and samples.
    comparisons : tuple[Comparison, ...]
        Each with its rule, its numbers and its verdict.
    controls : tuple[NegativeControl, ...]
        Right formulas with one thing changed, which the same rules have to reject.
    unfinished : str or None
        What an interrupt kept from being compared.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: made by `crosscheck`.

    Source: D01, D02, D04.

    Examples
    --------
    >>> from riskcalc import Constant, Exact, PowerLaw, PowerLawSignal, Problem, Run, crosscheck
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=100), signal=PowerLawSignal(b=3))
    >>> run = Run(problem, model_size=10, schedule=Constant("1/5"), steps=1000)
    >>> len(crosscheck(run, methods=[Exact(seed=0)]).comparisons) > 0
    True
    """

    asked: Question
    level: float
    seed: int
    comparisons: tuple[Comparison, ...]
    controls: tuple[NegativeControl, ...]
    unfinished: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Every comparison agrees and could have failed, and every rule has shown that it can reject."""
        return not self.reasons

    @property
    def failed(self) -> bool:
        """Two sides disagree, or a wrong formula that should have been seen was not."""
        return any(not comparison.agrees for comparison in self.comparisons) or any(
            control.verdict == "ACCEPTED" for control in self.controls
        )

    @property
    def verdict(self) -> str:
        """passed, FAILED, INTERRUPTED, or NO POWER: nothing disagrees, but something could not be told."""
        if self.passed or self.failed:
            return "passed" if self.passed else "FAILED"
        return "INTERRUPTED" if self.unfinished else "NO POWER"

    @property
    def reasons(self) -> tuple[str, ...]:
        """What keeps the check from being passed; a control without power does so only where its rule has no other."""
        found = [
            f"{comparison.left.name} against {comparison.right.name}: {comparison.verdict}"
            for comparison in self.comparisons
            if not comparison.passed
        ]
        found += [
            f"negative control, {control.name}: not rejected"
            for control in self.controls
            if control.verdict == "ACCEPTED"
        ]
        found += [f"{name}: not compared, the check was interrupted" for name in self.unfinished]
        for rule in dict.fromkeys(control.rule for control in self.controls):
            if not any(control.rejected for control in self.controls if control.rule == rule):
                found.append(f"rule {rule}: no negative control is rejected in this run")
        for name in dict.fromkeys(control.name for control in self.controls if control.asked):
            if not any(control.rejected for control in self.controls if control.name == name):
                found.append(f"{name}: it was asked for, but no sampled comparison could have seen it")
        return tuple(found)

    def page(self) -> Page:
        """The verdict with its reasons, then every comparison with its negative controls."""
        lines = [f"cross-check: {self.verdict}", f"  {in_one_line(self.asked)}"]
        lines.append(
            f"  level {self.level:g}: the probability that correct roads fail by chance, over all comparisons"
        )
        lines += [f"  reason: {reason}" for reason in self.reasons]
        blocks: list[Block] = [Lines(tuple(lines))]
        for number, comparison in enumerate(self.comparisons, start=1):
            own = [control for control in self.controls if control.rule == comparison.rule]
            blocks += comparison_blocks(number, comparison, own)
        return Page("cross-check", tuple(blocks))

    def __repr__(self) -> str:
        return f"CrossCheck({self.verdict}; {len(self.comparisons)} comparisons; {in_one_line(self.asked)})"

    def report(self) -> str:
        """The page as text, as `print` writes it."""
        return str(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values; numbers that are not finite become null."""
        return {
            "asked": self.asked.record,
            "level": self.level,
            "seed": self.seed,
            "passed": self.passed,
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
            "controls": [control.to_dict() for control in self.controls],
        }
