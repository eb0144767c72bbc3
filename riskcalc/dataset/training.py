"""How SGD is run on the rows of a data set: settings that are read once and handed on as one value."""

from __future__ import annotations

from dataclasses import dataclass

from riskcalc.curve.steps import StepsLike, read_steps
from riskcalc.quantity import Number, NumberLike, whole
from riskcalc.schedule.schedule import positive_step_size


@dataclass(frozen=True, kw_only=True)
class Training:
    """model_size and steps: None leaves them to the data set. sketches, runs of each: how many are averaged."""

    model_size: int | None
    step_size: Number
    batch_size: int
    steps: tuple[int, ...] | None
    sketches: int
    runs: int


def training(
    *,
    model_size: NumberLike | None,
    step_size: NumberLike,
    batch_size: NumberLike,
    steps: StepsLike | None,
    sketches: NumberLike,
    runs: NumberLike,
) -> Training:
    """The settings, from what a user gives."""
    return Training(
        sketches=whole(sketches, "sketches", least=2),
        runs=whole(runs, "runs", least=1),
        model_size=None if model_size is None else whole(model_size, "model_size", least=1),
        step_size=positive_step_size(step_size),
        batch_size=whole(batch_size, "batch_size", least=1),
        steps=None if steps is None else read_steps(steps).recorded(),
    )
