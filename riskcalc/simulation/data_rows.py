"""Samples that are rows of a data matrix, drawn with replacement: the population is the data set itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.problem import Regression
from riskcalc.quantity import Real, real_array
from riskcalc.simulation.best_linear import best_linear
from riskcalc.simulation.source import Runs, in_parts, row_sums
from riskcalc.simulation.streams import generator


@dataclass(frozen=True, eq=False)
class DataRows:
    """Rows of a data set, each sample one row drawn uniformly with replacement.

    The risk is the mean squared error over all rows, and the excess is the risk less the problem's noise: the
    problem says how much of the error counts as irreducible.

    Parameters
    ----------
    features : array_like
        x, shape (rows, v), in the problem's coordinates: the mean of x_j^2 over the rows is lambda_j.
    labels : array_like
        y, shape (rows,), used as they are; no noise is added.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: finite numbers, as many labels as rows.

    Source: D36.

    Examples
    --------
    >>> DataRows([[1.0, 0.0], [0.0, 1.0]], [1.0, -1.0]).labels.shape
    (2,)
    """

    features: Real
    labels: Real

    def __init__(self, features: ArrayLike, labels: ArrayLike) -> None:
        matrix, vector = (
            real_array(values, f"{name} of DataRows", needed="an array of real numbers")
            for name, values in (("features", features), ("labels", labels))
        )
        if matrix.ndim != 2 or matrix.size == 0 or vector.shape != matrix.shape[:1]:
            raise InvalidInput(
                f"DataRows needs features of shape (rows, v) and labels of shape (rows,), "
                f"but their shapes are {matrix.shape} and {vector.shape}"
            )
        if not (np.isfinite(matrix).all() and np.isfinite(vector).all()):
            broken = np.flatnonzero(~(np.isfinite(matrix).all(axis=1) & np.isfinite(vector)))
            raise InvalidInput(
                f"DataRows must be finite, but {broken.size} rows are not, the first one row {broken[0]}: "
                "remove or repair them"
            )
        for name, array in (("features", matrix), ("labels", vector)):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def source(self, problem: Regression, sketch: Real) -> RowsSource:
        """The samples for one sketch, shape (M, v)."""
        if problem.outputs > 1:
            raise InvalidInput("data rows have one label each: give a problem with one output, one after the other")
        if problem.random_target:
            raise InvalidInput("data rows carry their own labels: give the problem a fixed signal, not a prior")
        if self.features.shape[1] != problem.dimension:
            raise InvalidInput(
                f"the data rows have {self.features.shape[1]} features, but the problem has dimension "
                f"{problem.dimension or 'infinity'}: give a problem with the data's own spectrum"
            )
        table = np.column_stack([self.features @ sketch.T, self.labels])
        noise = problem.noise_covariance()
        _, best = best_linear(table[:, :-1], table[:, -1:], noise)
        return RowsSource(table=table, noise=float(problem.noise), approximation=best.missed / len(table) - noise[0])

    def describe(self) -> dict[str, Any]:
        return {"name": "data rows", "rows": len(self.labels)}

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, DataRows)
            and np.array_equal(self.features, other.features)
            and np.array_equal(self.labels, other.labels)
        )

    def __hash__(self) -> int:
        return hash((self.features.tobytes(), self.labels.tobytes()))


@dataclass(frozen=True, kw_only=True, eq=False)
class RowsSource:
    """table: (S x, y) of every row, shape (rows, M + 1)."""

    table: Real
    noise: float
    approximation: Real
    tile: int = 1
    kept: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        return 1, self.table.shape[1] - 1

    def runs(self, seeds: Sequence[np.random.SeedSequence]) -> Runs:
        def excess(parameters: Real) -> Real:
            found = in_parts(lambda part: self._squares(parameters[part]), runs=len(parameters), size=len(self.table))
            return np.asarray(found / len(self.table) - self.noise)

        streams = [_RowsStream(generator=generator(seed), table=self.table) for seed in seeds]
        return Runs(start=np.zeros((len(seeds), *self.shape)), streams=streams, excess=excess)

    def _squares(self, parameters: Real) -> Real:
        """Summed over the rows, shape (runs, 1)."""
        missed = np.matmul(self.table[:, :-1], parameters.swapaxes(1, 2))[:, :, 0] - self.table[:, -1]
        return row_sums(missed**2)[:, None]


@dataclass(frozen=True, kw_only=True, eq=False)
class _RowsStream:
    generator: np.random.Generator
    table: Real

    def fill(self, samples: Real) -> None:
        # Scaled uniforms, not `integers`, which keeps half-used draws between calls.
        rows = (self.generator.random(len(samples)) * len(self.table)).astype(np.intp)
        np.take(self.table, rows, axis=0, out=samples, mode="clip")
