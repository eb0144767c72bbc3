"""A law of loss curves as a model of all their records: its coefficients as logarithms, then its shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from riskcalc.fitting.curve_laws import CurveLaw
from riskcalc.fitting.run_times import RunTimes
from riskcalc.quantity import Real

_BUMP = 1e-4  # of the shape, for derivatives
_UNSEEN = 1e-6  # share of the loss, anywhere, of a part that is not there


@dataclass(frozen=True, kw_only=True, eq=False)
class JointModel:
    """log L of all runs, one after another; a `Model` for robust fits. columns: how many coefficients the law has."""

    law: CurveLaw
    runs: Sequence[RunTimes]
    columns: int

    def values(self, parameters: Real) -> Real:
        """log L, shape (sets, records)."""
        return np.array([self._logarithms(row)[0] for row in parameters])

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        """The same, and the Jacobian, by differences for the shape; nan where the law has no positive loss."""
        values, jacobians = [], []
        for row in parameters:
            logarithms, shares = self._logarithms(row)
            moved = []
            for place in range(self.columns, row.size):
                there = row.copy()
                there[place] += _BUMP
                moved.append((self._logarithms(there)[0] - logarithms) / _BUMP)
            jacobian = np.column_stack([shares, *moved])
            values.append(logarithms)
            jacobians.append(np.where(np.isfinite(jacobian), jacobian, 0.0))
        return np.array(values), np.array(jacobians)

    def hidden(self, parameters: Real) -> list[int]:
        """Coefficients whose part of the loss is not seen anywhere."""
        shares = np.abs(self._logarithms(parameters)[1]).max(axis=0)
        return [int(place) for place in np.flatnonzero(shares < _UNSEEN)]

    def _logarithms(self, row: Real) -> tuple[Real, Real]:
        """log L, and what each coefficient is of L."""
        with np.errstate(all="ignore"):  # a step of a search may go anywhere; its loss is then not finite
            try:
                columns = np.vstack([self.law.design(run, row[self.columns :]) for run in self.runs])
            except (np.linalg.LinAlgError, OverflowError):
                columns = np.full((sum(run.steps.size for run in self.runs), self.columns), np.nan)
            parts = columns * np.exp(row[: self.columns])
            total = parts.sum(axis=1)
            return np.log(total), parts / total[:, None]
