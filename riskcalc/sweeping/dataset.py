"""A sweep as an xarray Dataset: one dimension for each list that was given, and one for the recorded steps."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from riskcalc.curve.containers import CONVENTIONS, LONG_NAMES
from riskcalc.errors import MissingDependency
from riskcalc.files import installed_version, write_bytes
from riskcalc.quantity import Array, Real, held
from riskcalc.sweeping.answer import SINGLE, Answer
from riskcalc.sweeping.axis import Axis
from riskcalc.sweeping.grid import Grid
from riskcalc.sweeping.question import version

if TYPE_CHECKING:
    import xarray

WAITING = "not computed"  # the reason of a point that was not reached
_SAID = {
    "irreducible": "label noise, which no model predicts",
    "approximation": "excess risk of the best model of this size",
    "error": "bound of the relative error of the excess in evaluating what is claimed",
    "claim": "what the numbers are",
    "warrant": "how well they are known to be that",
    "reason": "why there is no answer; empty where there is one",
    "seed": "seed of the samples of a point",
}
_AXES = {
    "model_size": "number of features M",
    "step_size": "step size; where it decays, the largest one",
    "schedule": "how the step size moves, as the command line spells it",
    "optimiser": "what a step does, as the command line spells it",
    "batch_size": "samples a step B",
    "noise": "variance of the label noise",
}


def check_xarray() -> None:
    """Refuse a sweep that could not become a Dataset, before anything is computed."""
    try:
        import xarray  # noqa: F401
    except ImportError:
        raise MissingDependency('a sweep needs xarray: pip install "riskcalc-sgd[data]"') from None


class Collected:
    """The numbers of a grid as they come, by point; nan and a reason where there are none."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.series: dict[str, Real] = {}
        self.single = {name: np.full(grid.size, np.nan) for name in SINGLE}
        self.texts: dict[str, list[str]] = {
            "claim": [""] * grid.size,
            "warrant": [""] * grid.size,
            "reason": [WAITING] * grid.size,
        }
        self.seeds: Array | None = None
        self.finished = 0

    def enter(self, point: int, answer: Answer) -> None:
        """Write down the answer to a point."""
        for name, values in answer.series.items():
            if name not in self.series:
                self.series[name] = np.full((self.grid.size, len(self.grid.steps)), np.nan)
            self.series[name][point] = values
        for name, value in answer.single.items():
            self.single[name][point] = value
        for name, text in self.texts.items():
            text[point] = getattr(answer, name)
        if answer.seed is not None:
            if self.seeds is None:
                self.seeds = np.full(self.grid.size, -1, dtype=np.int64)
            self.seeds[point] = answer.seed
        self.finished += 1

    def dataset(self) -> xarray.Dataset:
        """What is there so far.

        Dimensions: the axes for which a list was given, then `step`. risk, excess, bias, variance and what else there
        is a step; irreducible, approximation, error, claim, warrant, reason (and seed) a point.
        """
        import xarray

        listed = [axis for axis in self.grid.axes if axis.listed]
        names, shape = [axis.name for axis in listed], [len(axis) for axis in listed]

        def laid(values: Any, *more: int) -> Array:
            return np.array(values).reshape((*shape, *more))

        variables: dict[str, Any] = {}
        for name, values in self._all_series().items():
            told = {"units": "1", "long_name": LONG_NAMES[name]}
            variables[name] = ([*names, "step"], laid(values, len(self.grid.steps)), told)
        for name, single in self.single.items():
            variables[name] = (names, laid(single), {"units": "1", "long_name": _SAID[name]})
        for name, texts in self.texts.items():
            variables[name] = (names, laid(np.array(texts, dtype=np.str_)), {"long_name": _SAID[name]})
        if self.seeds is not None:
            variables["seed"] = (names, laid(self.seeds), {"long_name": _SAID["seed"]})
        return xarray.Dataset(variables, coords=_coordinates(self.grid), attrs=_attributes(self.grid))

    def _all_series(self) -> dict[str, Real]:
        blank = np.full((self.grid.size, len(self.grid.steps)), np.nan)
        risk = self.single["irreducible"][:, None] + self.series.get("excess", blank)
        found = {"risk": risk, **self.series}
        return {name: found[name] for name in LONG_NAMES if name in found}


def write_dataset(dataset: xarray.Dataset, path: str | Path) -> None:
    """The Dataset as a netCDF file, whole or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "sweep.nc"
        dataset.to_netcdf(written, engine="h5netcdf")
        write_bytes(path, written.read_bytes(), what="the sweep")


def _coordinates(grid: Grid) -> dict[str, Any]:
    counts = np.array(grid.steps, dtype=np.int64)
    made: dict[str, Any] = {"step": ("step", counts, {"units": "1", "long_name": "number of SGD steps done"})}
    for axis in grid.axes:
        made[axis.name] = _coordinate(axis, axis.coordinate)
    if grid.axis("step_size") is None:
        made["step_size"] = _own_step_sizes(grid)
    return made


def _coordinate(axis: Axis, values: Sequence[Any]) -> Any:
    told = {"long_name": _AXES[axis.name]}
    return ([axis.name], np.array(values), told) if axis.listed else ((), np.array(values[0]), told)


def _own_step_sizes(grid: Grid) -> Any:
    """Along the schedules, where each has its own."""
    (schedules,) = (axis for axis in grid.axes if axis.name == "schedule")
    sizes = np.array([float(getattr(one, "step_size", np.nan)) for one in schedules.values])
    told = {"long_name": _AXES["step_size"]}
    return (["schedule"], sizes, told) if schedules.listed else ((), sizes[0], told)


def _attributes(grid: Grid) -> dict[str, Any]:
    """What is the same everywhere; `axes` holds the numbers exactly as they were given."""
    problem = held(grid.axis("noise"), "the axis noise").values[0].describe()
    problem.pop("noise")  # a coordinate
    return {
        "Conventions": CONVENTIONS,
        "title": "Expected risk of one-pass SGD on sketched regression, over a grid",
        "source": f"riskcalc {installed_version()}",
        "riskcalc_version": installed_version(),
        "computed_with": version(),
        "problem": json.dumps(problem),
        "axes": json.dumps({axis.name: list(axis.labels) for axis in grid.axes}),
        "horizon": str(grid.horizon),
        "averaging": json.dumps(grid.averaging.describe()),
        "data": json.dumps(grid.data.describe()),
        "method": " ".join(repr(grid.method).split()),
    }
