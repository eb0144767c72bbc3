"""A run asked again at counts of steps that a search comes up with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from riskcalc.curve import RiskCurve, Run
from riskcalc.equivalent import Equivalent


def curve_at(run: Run, counts: Iterable[float], *, method: Equivalent) -> RiskCurve:
    """The curve of the run at these counts, rounded to whole steps, the last of which ends it."""
    steps = tuple(sorted({round(count) for count in counts}))
    return method.curve(replace(run, steps=steps, horizon=max(1, steps[-1])))
