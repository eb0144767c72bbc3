"""The grid of a sweep: a frozen value whose points are runs."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

import numpy as np

from riskcalc.answer import read_method
from riskcalc.curve import Averaging, Method, Run
from riskcalc.curve.averaging_words import read_averaging
from riskcalc.curve.run import read_horizon
from riskcalc.curve.steps import AskedSteps, StepsLike, read_steps
from riskcalc.errors import InvalidInput
from riskcalc.optimiser import SGD, Optimiser, read_optimiser
from riskcalc.order import Order, read_order
from riskcalc.problem import MultipleOutputs, Problem, Regression
from riskcalc.problem.multiple_outputs import with_noise
from riskcalc.quantity import Number, NumberLike, NumbersLike, held, number, of_type, shown, whole
from riskcalc.schedule import Schedule, corners, read_schedule, read_unsized, rescaled
from riskcalc.schedule.schedule import positive_step_size
from riskcalc.sweeping.axis import Axis, number_axis, optimiser_axis, schedule_axis
from riskcalc.sweeping.question import digest, told

AXES = ("model_size", "step_size", "schedule", "optimiser", "batch_size", "noise")
MOST_POINTS = 10**7
_COMBINED = ("step_size", "schedule")


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Every combination of what is varied, with what is the same everywhere.

    axes: in the order of AXES, which is that of the points, the last one fastest; points of one model size stand
    together, for they share what is known of it. A grid without the axis step_size has schedules with their own.
    schedules: by step size and schedule.
    """

    axes: tuple[Axis, ...]
    schedules: tuple[tuple[Schedule, ...], ...]
    steps: tuple[int, ...]
    horizon: int
    averaging: Averaging
    data: Order
    method: Method

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along each axis."""
        return tuple(len(axis) for axis in self.axes)

    @property
    def size(self) -> int:
        """The number of points."""
        return int(np.prod(self.shape, dtype=object))

    def run(self, point: int) -> Run:
        """The run of a point. Raises InvalidInput where there is no such run."""
        place = self._place(point)
        return Run(
            self._values("noise")[place["noise"]],
            model_size=self._values("model_size")[place["model_size"]],
            schedule=self.schedules[place.get("step_size", 0)][place["schedule"]],
            steps=self.steps,
            batch_size=self._values("batch_size")[place["batch_size"]],
            horizon=self.horizon,
            averaging=self.averaging,
            data=self.data,
            optimiser=self._values("optimiser")[place["optimiser"]],
        )

    def key(self, point: int) -> bytes:
        """What identifies the question of a point, whatever grid it stands in: its run and method, told in full.

        Raises InvalidInput where something in it cannot be told.
        """
        place = self._place(point)
        schedule = self._told_schedules[place.get("step_size", 0)][place["schedule"]]
        others = (self._told[name][place[name]] for name in ("noise", "model_size", "optimiser", "batch_size"))
        return digest(*self._same, schedule, *others)

    def axis(self, name: str) -> Axis | None:
        """The axis of this name, if the grid has one."""
        return next((axis for axis in self.axes if axis.name == name), None)

    def _place(self, point: int) -> dict[str, int]:
        places = np.unravel_index(point, self.shape)
        return {axis.name: int(place) for axis, place in zip(self.axes, places, strict=True)}

    def _values(self, name: str) -> tuple[Any, ...]:
        return held(self.axis(name), f"the axis {name}").values

    @cached_property
    def _told_schedules(self) -> list[list[str]]:
        return [[told(schedule) for schedule in row] for row in self.schedules]

    @cached_property
    def _told(self) -> dict[str, list[str]]:
        return {axis.name: [told(value) for value in axis.values] for axis in self.axes if axis.name not in _COMBINED}

    @cached_property
    def _same(self) -> list[str]:
        return [told(part) for part in (self.steps, self.horizon, self.averaging, self.data, self.method)]


def grid(
    problem: Regression,
    *,
    model_size: NumbersLike,
    schedule: Schedule | str | Iterable[Schedule | str] = "constant",
    steps: StepsLike,
    step_size: NumbersLike | None = None,
    optimiser: Optimiser | str | Iterable[Optimiser | str] | None = None,
    batch_size: NumbersLike = 1,
    noise: NumbersLike | None = None,
    horizon: NumberLike | None = None,
    averaging: Averaging | str | None = None,
    data: Order | str | None = None,
    method: Method | str | None = None,
) -> Grid:
    """The grid, from what a user writes: of all that can be varied a value, or a list of values.

    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b=3))
    >>> made = grid(problem, model_size=[10, 100], schedule=["constant", "cosine"], step_size="3/10", steps=[1000])
    >>> made.size, made.run(3).schedule
    (4, Cosine(step_size=Fraction(3, 10), floor=Fraction(0, 1)))
    """
    asked = of_type(problem, Problem | MultipleOutputs, "problem", "a Problem(...) or MultipleOutputs(...)")
    wanted = read_steps(steps)
    sizes = None if step_size is None else number_axis("step_size", step_size, positive_step_size)
    schedules = schedule_axis(schedule, partial(_schedule, sized=sizes is not None))
    length, every = read_horizon(horizon, last=wanted.last), _sized(schedules.values, sizes)
    given: dict[str, Axis | None] = {
        "model_size": number_axis("model_size", model_size, _model_size),
        "step_size": sizes,
        "schedule": schedules,
        "optimiser": optimiser_axis(SGD() if optimiser is None else optimiser, read_optimiser),
        "batch_size": number_axis("batch_size", batch_size, _batch_size),
        "noise": _noises(asked, noise),
    }
    made = Grid(
        axes=tuple(axis for axis in (given[name] for name in AXES) if axis is not None),
        schedules=every,
        steps=_recorded(wanted, every[0], horizon=length),
        horizon=length,
        averaging=read_averaging(averaging),
        data=read_order(data),
        method=read_method(method),
    )
    if made.size > MOST_POINTS:
        raise InvalidInput(f"the grid has {made.size:,} points, at most {MOST_POINTS:,} are taken: cut it into several")
    return made


def _recorded(wanted: AskedSteps, schedules: tuple[Schedule, ...], *, horizon: int) -> tuple[int, ...]:
    """The steps of every curve: where one of the schedules bends, all are looked at."""
    found: set[int] = set(wanted.recorded())
    for schedule in schedules:
        with suppress(InvalidInput):  # a schedule that cannot run for so long is refused at its points
            found.update(wanted.recorded(corners(schedule, horizon=horizon)))
    return tuple(sorted(found))


def _noises(problem: Regression, noise: object) -> Axis:
    """The problem at every noise; as it is where none is given."""
    axis = number_axis("noise", problem.noise if noise is None else noise)
    problems = (problem,) if noise is None else tuple(with_noise(problem, value) for value in axis.values)
    return replace(axis, values=problems)


def _schedule(given: object, *, sized: bool) -> Schedule:
    """The axis of step sizes, where there is one, gives each its own."""
    return read_unsized(given) if sized else read_schedule(given)


def _sized(schedules: tuple[Schedule, ...], sizes: Axis | None) -> tuple[tuple[Schedule, ...], ...]:
    """Every schedule at every step size."""
    if sizes is None:
        return (schedules,)
    return tuple(tuple(rescaled(one, size) for one in schedules) for size in sizes.values)


def _model_size(given: object) -> Number:
    """Whether a problem has so many eigenvalues is a question of the point, not of the grid."""
    size = number(given, "model_size")
    if size < 1:
        raise InvalidInput(f"model_size must be at least 1, not {shown(given)}")
    return size


def _batch_size(given: object) -> Number:
    return Fraction(whole(given, "batch_size", least=1))
