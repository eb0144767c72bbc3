"""What is fitted: a curve's steps and excess risk, with whatever is known of its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.curve import Question, RiskCurve, Warrant
from riskcalc.curve.floor import known_floor
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real, real_array, whole

FEWEST_REPLICATES = 4  # below, a spread over replicates says next to nothing


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """A decaying quantity at ascending positive steps.

    excess: one value a step, the mean where there are replicates. replicates: shape (replicates, steps), each row
    one independent run. standard_error: one a step, where there are no replicates; runs: how many runs it came from.
    error: a relative bound on the error of computed values. floor, floor_source: the known floor, and where from.
    computed: a road computed it, so that what a fit leaves is misfit and no noise. columns: of a file, which are
    used. of_one_model: standard deviation of one sketch's excess over the excess, where a curve says it. asked: the run
    behind a computed curve.
    """

    steps: Real
    excess: Real
    replicates: Real | None = None
    standard_error: Real | None = None
    runs: int | None = None
    error: float | None = None
    floor: float | None = None
    floor_source: str = ""
    computed: bool = False
    columns: str = ""
    of_one_model: Real | None = None
    asked: Question | None = None

    def between(self, low: float, high: float) -> Table:
        """The same table restricted to low <= step <= high."""
        kept = (self.steps >= low) & (self.steps <= high)
        return replace(
            self,
            steps=self.steps[kept],
            excess=self.excess[kept],
            replicates=None if self.replicates is None else self.replicates[:, kept],
            standard_error=None if self.standard_error is None else self.standard_error[kept],
            of_one_model=None if self.of_one_model is None else self.of_one_model[kept],
        )

    @property
    def sampled(self) -> bool:
        """Whether its sampling error is known from more than its own residuals."""
        return self.replicates is not None or self.standard_error is not None


TableLike: TypeAlias = Table | RiskCurve | tuple[ArrayLike, ArrayLike] | str | Path  # steps and excess, or a file


def read_table(
    data: TableLike, *, replicates: ArrayLike | None = None, names: Sequence[str] | None = None
) -> Table:
    """A Table from a RiskCurve, a Table, a file that `load_table` reads, or a pair (steps, excess); excess of shape
    (runs, steps) are replicates.

    Step 0 is left out: it has no logarithm. names: of the replicates, for refusals.

    >>> read_table(([0, 1, 2], [1.0, 0.5, 0.25])).steps
    array([1., 2.])
    """
    if isinstance(data, Table):
        return data if replicates is None else _with_replicates(data, replicates)
    if isinstance(data, RiskCurve):
        return _of_curve(data, replicates)
    if isinstance(data, str | Path):
        from riskcalc.fitting.files import load_table  # it makes tables by this function

        return read_table(load_table(data), replicates=replicates)
    if isinstance(data, tuple | list) and len(data) == 2:
        steps, excess = real_array(data[0], "steps"), real_array(data[1], "excess")
        if replicates is not None:
            excess = _rows(replicates)
        return _checked(steps, excess, names=names)
    raise InvalidInput(
        f"a RiskCurve, a pair (steps, excess) or a file is needed to fit exponents, not {type(data).__name__}"
    )


def _of_curve(curve: RiskCurve, replicates: ArrayLike | None) -> Table:
    floor, source = known_floor(curve)
    steps = np.array(curve.steps, dtype=np.float64)
    if replicates is not None:
        table = _checked(steps, _rows(replicates))
    else:
        runs = None
        if curve.standard_error is not None:
            counts = (whole(curve.method.get(name, 1), f"method.{name}", least=1) for name in ("sketches", "runs"))
            sketches, each = counts
            runs = sketches if sketches > 1 else each
        table = _checked(steps, np.array(curve.excess), standard_error=curve.standard_error, runs=runs)
    computed = curve.warrant is not Warrant.SAMPLED and replicates is None
    scatter = None if curve.spread is None else (curve.spread / curve.excess)[steps > 0]
    return replace(
        table,
        error=curve.error,
        floor=floor,
        floor_source=source,
        computed=computed,
        of_one_model=scatter,
        asked=curve.asked,
    )


def _with_replicates(table: Table, replicates: ArrayLike) -> Table:
    return _checked(table.steps, _rows(replicates))


def _checked(
    steps: Real,
    excess: Real,
    *,
    standard_error: Real | None = None,
    runs: int | None = None,
    names: Sequence[str] | None = None,
) -> Table:
    if steps.ndim != 1 or steps.size == 0 or excess.shape[-1:] != steps.shape or excess.ndim > 2:
        raise InvalidInput(
            f"steps of shape (n,) and excess of shape (n,) or (replicates, n) are needed, not {steps.shape} "
            f"and {excess.shape}"
        )
    wrong = ~np.isfinite(steps) | (steps < 0)
    if wrong.any():
        raise InvalidInput(f"steps must be finite and not negative, but one of them is {steps[wrong][0]:.6g}")
    late = np.flatnonzero(np.diff(steps) <= 0)
    if late.size:
        raise InvalidInput(
            f"steps must be ascending, but {steps[late[0] + 1]:.6g} follows {steps[late[0]]:.6g}: "
            "sort them, each step once"
        )
    kept = steps > 0
    steps, excess = steps[kept], excess[..., kept]
    if standard_error is not None:
        standard_error = standard_error[kept]
    for name, values in (("excess", excess), ("standard_error", standard_error)):
        if values is not None and not np.isfinite(values).all():
            place = int(np.argmax(~np.isfinite(np.atleast_2d(values)).all(axis=0)))
            raise InvalidInput(f"{name} is not finite at step {steps[place]:.6g}: leave these steps out")
    if excess.ndim == 1:
        return Table(steps=steps, excess=excess, standard_error=standard_error, runs=runs)
    if len(excess) < FEWEST_REPLICATES:
        raise InvalidInput(
            f"{len(excess)} replicates are too few for an interval: give at least {FEWEST_REPLICATES} (better 20), or "
            "their mean alone"
        )
    _check_runs(excess, names)
    return Table(steps=steps, excess=excess.mean(axis=0), replicates=excess, runs=len(excess))


def _check_runs(rows: Real, names: Sequence[str] | None) -> None:
    """Replicates are runs of one decaying curve: copies, constants and what only rises are none."""
    called = [f"replicate {place + 1}" for place in range(len(rows))] if names is None else list(names)
    first_of: dict[bytes, int] = {}
    for place, row in enumerate(rows):
        first = first_of.setdefault(row.tobytes(), place)
        if first != place:
            raise InvalidInput(
                f"{called[first]} and {called[place]} hold the same numbers: copies of a run say nothing about its "
                "noise; give every run once"
            )
        if row.size > 2 and (np.diff(row) >= 0).all():
            what = "is constant" if np.ptp(row) == 0 else "never falls"
            raise InvalidInput(f"{called[place]} {what}: it is no run of a decaying curve; leave it out")


def _rows(replicates: object) -> Real:
    rows = real_array(replicates, "replicates")
    if rows.ndim != 2:
        raise InvalidInput(f"replicates have the shape (runs, steps), not {rows.shape}: one run a row")
    return rows
