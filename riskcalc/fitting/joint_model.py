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
        return self._logarithms(parameters)[0]

    def evaluate(self, parameters: Real) -> tuple[Real, Real]:
        """The same, and the Jacobian, by differences for the shape; nan where the law has no positive loss."""
        sets, count = parameters.shape
        moved = np.repeat(parameters[:, None], count - self.columns + 1, axis=1)
        for place in range(self.columns, count):
            moved[:, place - self.columns + 1, place] += _BUMP
        values, shares = self._logarithms(moved.reshape(-1, count))
        values = values.reshape(sets, -1, values.shape[-1])
        by_shape = (values[:, 1:] - values[:, :1]).transpose(0, 2, 1) / _BUMP
        jacobian = np.concatenate([shares.reshape(sets, -1, *shares.shape[1:])[:, 0], by_shape], axis=-1)
        return values[:, 0], np.where(np.isfinite(jacobian), jacobian, 0.0)

    def hidden(self, parameters: Real) -> list[int]:
        """Coefficients whose part of the loss is not seen anywhere."""
        shares = np.abs(self._logarithms(parameters[None])[1][0]).max(axis=0)
        return [int(place) for place in np.flatnonzero(shares < _UNSEEN)]

    def _logarithms(self, parameters: Real) -> tuple[Real, Real]:
        """log L, and what each coefficient is of L."""
        with np.errstate(all="ignore"):  # a step of a search may go anywhere; its loss is then not finite
            columns = self.law.design(self.runs, parameters[:, self.columns :])
            parts = columns * np.exp(parameters[:, None, : self.columns])
            total = parts.sum(axis=-1)
            return np.log(total), parts / total[:, :, None]
