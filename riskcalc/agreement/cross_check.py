"""The result of a cross-check: every comparison and every negative control, readable and as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskcalc.agreement.comparison import Comparison, NegativeControl


@dataclass(frozen=True, kw_only=True, eq=False)
class CrossCheck:
    """What was asked, what was compared, and whether it holds.

    level: the probability that a right calculator fails the check by chance, over all its comparisons.
    asked: the run as plain JSON values.
    """

    asked: dict[str, Any]
    level: float
    seed: int
    comparisons: tuple[Comparison, ...]
    controls: tuple[NegativeControl, ...]

    @property
    def passed(self) -> bool:
        """Every comparison agrees and had power, and the rules have shown that they can reject.

        That is: every negative control with power is rejected, and each rule that has controls rejects one at least.
        """
        if not all(comparison.passed for comparison in self.comparisons):
            return False
        if any(control.has_power and not control.rejected for control in self.controls):
            return False
        return all(
            any(control.rejected for control in self.controls if control.rule == rule)
            for rule in {control.rule for control in self.controls}
        )

    def report(self) -> str:
        """A table for people."""
        from riskcalc.agreement.report import text_report

        return text_report(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain JSON values; numbers that are not finite become null."""
        return {
            "asked": self.asked,
            "level": self.level,
            "seed": self.seed,
            "passed": self.passed,
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
            "controls": [control.to_dict() for control in self.controls],
        }
