"""A data set: N samples that a run draws once, and the order in which it sees them again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from riskcalc.order import Order, Rows
from riskcalc.quantity import Real, whole
from riskcalc.simulation.source import Runs, row_sums
from riskcalc.simulation.streams import generator, part_of

_ORDER = 3  # the place of an order's stream below its run's seed, after covariates, noise and targets


def samples_of(order: Order) -> int | None:
    """How many samples a run draws once; None where all of them are fresh."""
    return None if order.samples is None else whole(order.samples, "samples", least=1)


def on_data_sets(
    runs: Runs, seeds: Sequence[np.random.SeedSequence], order: Order
) -> tuple[Runs, Callable[[Real], Real] | None]:
    """The runs, each on a data set of its own, and the training loss of parameters; fresh samples stay so."""
    samples = samples_of(order)
    if samples is None:
        return runs, None
    outputs, width = runs.start.shape[1:]
    tables = np.empty((len(seeds), samples, width + outputs))
    for stream, table in zip(runs.streams, tables, strict=True):
        stream.fill(table)
    streams = [
        _Seen(table=table, rows=order.rows(generator(part_of(seed, _ORDER)), samples))
        for seed, table in zip(seeds, tables, strict=True)
    ]

    def training(parameters: Real) -> Real:
        missed = np.matmul(parameters, tables[:, :, :width].swapaxes(1, 2)) - tables[:, :, width:].swapaxes(1, 2)
        return row_sums(missed**2) / samples

    return replace(runs, streams=streams), training


@dataclass(frozen=True, kw_only=True, eq=False)
class _Seen:
    """Rows of one table, shape (N, M + P)."""

    table: Real
    rows: Rows

    def fill(self, samples: Real) -> None:
        np.take(self.table, self.rows.take(len(samples)), axis=0, out=samples)
