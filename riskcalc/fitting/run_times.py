"""One run as the laws of loss curves see it: its schedule in pieces, its records, and what lies between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from riskcalc.fitting.loss_curves import Pieces
from riskcalc.quantity import Array, Real


@dataclass(frozen=True, kw_only=True, eq=False)
class RunTimes:
    """pieces: of the schedule, in units of the largest step size of all runs. steps: of the records, each an edge."""

    pieces: Pieces
    steps: Real

    @cached_property
    def total(self) -> Real:
        """The sum of the step sizes up to each edge."""
        return np.concatenate([[0.0], np.cumsum(np.diff(self.pieces.edges) * self.pieces.sizes)])

    @cached_property
    def ends(self) -> Array:
        """The edge of each record."""
        return np.searchsorted(self.pieces.edges, self.steps)

    @cached_property
    def at_records(self) -> Real:
        """The sum of the step sizes up to each record."""
        return np.asarray(self.total[self.ends])

    @cached_property
    def falls(self) -> Real:
        """By how much the step size falls where one piece ends and the next begins; a warm-up does not count."""
        falls = -np.diff(self.pieces.sizes)
        falls[: int(np.argmax(self.pieces.sizes))] = 0.0
        return np.asarray(falls)


def side_by_side(runs: Sequence[RunTimes]) -> tuple[Real, Real]:
    """Step sizes and numbers of steps of the pieces, (pieces, runs); a run that is over stands still, at size 0."""
    most = max(run.pieces.sizes.size for run in runs)
    sizes, counts = np.zeros((most, len(runs))), np.ones((most, len(runs)))
    for place, run in enumerate(runs):
        sizes[: run.pieces.sizes.size, place] = run.pieces.sizes
        counts[: run.pieces.sizes.size, place] = np.diff(run.pieces.edges)
    return sizes, counts
