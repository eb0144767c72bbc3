"""One run as the laws of loss curves see it: its schedule in pieces, its records, and what lies between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from riskcalc.fitting.loss_curves import Pieces
from riskcalc.quantity import Array, Real

_NODES = 24  # steps evenly, and as many evenly in log, at which the loss is followed besides the records


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

    @cached_property
    def nodes(self) -> Array:
        """Edges at which a loss that feeds its own noise is followed: the records, the start, and some between."""
        last = float(self.pieces.edges[-1])
        between = np.concatenate([np.linspace(0, last, _NODES), np.geomspace(1, last, _NODES)])
        near = np.searchsorted(self.pieces.edges, between).clip(0, self.pieces.edges.size - 1)
        return np.unique(np.concatenate([near, self.ends]))

    @cached_property
    def records(self) -> Array:
        """The places of the records among the nodes."""
        return np.searchsorted(self.nodes, self.ends)

    @cached_property
    def before(self) -> tuple[Array, Array]:
        """Pairs of a node, by its place, and an edge that is not later."""
        places, edges = np.nonzero(self.nodes[:, None] >= np.arange(self.pieces.edges.size)[None])
        return places, edges

    @cached_property
    def feeding(self) -> Any:
        """Step size times loss in each piece, from the losses at the nodes: a sparse matrix, (pieces, nodes)."""
        from scipy.sparse import csr_array

        edges = self.pieces.edges
        at = edges[self.nodes]
        middles = (edges[1:] + edges[:-1]) / 2
        after = np.searchsorted(at, middles).clip(1, at.size - 1)
        share = (middles - at[after - 1]) / (at[after] - at[after - 1])
        values = np.concatenate([(1 - share) * self.pieces.sizes, share * self.pieces.sizes])
        rows = np.tile(np.arange(middles.size), 2)
        return csr_array((values, (rows, np.concatenate([after - 1, after]))), shape=(middles.size, at.size))
