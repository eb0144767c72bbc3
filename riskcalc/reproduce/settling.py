"""Rule: equality up to a constant, measured along a ladder of steps.

Formula: with r_k the ratio of ours to theirs at N_k, d_k = log(r_(k+1)/r_k) and rho_k = d_(k+1)/d_k. If the d_k go on
falling as slowly as the slowest so far, rho = max rho_k, what is left to change is at most |d_last| rho/(1 - rho).

* The ratio tends to a constant if that is at most `left`, and every rho_k lies below what a power of log N has on the
  same rungs, rho_k = log(L_(k+2)/L_(k+1))/log(L_(k+1)/L_k) with L = log N, whatever the power. A constant with a
  correction N^-delta has rho_k near (N_k/N_(k+1))^delta; a power of N has rho_k = 1.
* It does not if the last change is no smaller than the first.
* Otherwise the rungs do not determine it: a logarithm, or a correction that is still large at the last rung.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from riskcalc.reproduce.rules import Ours
from riskcalc.reproduce.verdict import Verdict

_FEWEST_RUNGS = 4  # fewer leave a single quotient of changes, which nothing confirms
_BELOW_A_LOGARITHM = 0.95
_STILL = 1e-12  # changes that are rounding


@dataclass(frozen=True, kw_only=True)
class Settling:
    """steps, values: the rungs, and the ratio at each. left: what may be left to change of a constant."""

    steps: tuple[int, ...]
    values: tuple[float, ...]
    reason: str
    left: float = 0.01

    def judge(self, published: str, ours: Ours) -> Verdict:
        if ours.value != self.values[-1] or not all(0 < value < math.inf for value in self.values):
            return Verdict.FAILED
        changes = _changes(self.values)
        if max(map(abs, changes)) <= _STILL:
            return Verdict.PASSED
        if abs(changes[-1]) >= abs(changes[0]) * (1 - _STILL):
            return Verdict.FAILED
        settled = len(self.values) >= _FEWEST_RUNGS and self._falls_faster_than_a_logarithm() and self.rest <= self.left
        return Verdict.PASSED if settled else Verdict.NOT_DETERMINED

    @property
    def rest(self) -> float:
        """What is left to change, relative to the last value."""
        changes = _changes(self.values)
        slowest = max(_quotients(changes))
        return abs(changes[-1]) * slowest / (1 - slowest) if 0 <= slowest < 1 else math.inf

    @property
    def words(self) -> str:
        return (
            f"the ratio settles along N = {self.steps[0]} to {self.steps[-1]}: its changes fall faster than those of "
            f"any power of log N, and at most {self.left:.0%} is left to change ({self.reason})"
        )

    def _falls_faster_than_a_logarithm(self) -> bool:
        ours = _quotients(_changes(self.values))
        logarithms = _quotients(_changes([math.log(step) for step in self.steps]))
        return all(0 <= one <= _BELOW_A_LOGARITHM * other for one, other in zip(ours, logarithms, strict=True))


def _changes(values: tuple[float, ...] | list[float]) -> list[float]:
    return [math.log(later / value) for value, later in pairwise(values)]


def _quotients(changes: list[float]) -> list[float]:
    return [later / change if change else math.inf for change, later in pairwise(changes)]
