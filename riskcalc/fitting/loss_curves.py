"""Loss curves of training runs with their learning rates: what curves under schedules are fitted to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.files import TextTable, listed_names, naming, read_columns
from riskcalc.files.logs import HELD_OUT, LOSSES, STEP_SIZES, STEPS
from riskcalc.quantity import NumberLike, Real, file_path, real_array, shown, whole
from riskcalc.schedule import Schedule, checked_schedule

_PIECES = 192  # about so many pieces of constant step size a run is told in
_ENDING = 64  # and so many ever closer to either end
_RATES = "step sizes (lr)"
_FEWEST = 12  # records of a curve
_LONGEST = 10**8


@dataclass(frozen=True, kw_only=True, eq=False)
class Pieces:
    """A schedule in pieces of constant step size: edges, the steps at which they begin, and the last; sizes of each."""

    edges: Real
    sizes: Real

    def joined(self, edges: Real) -> Pieces:
        """The same with only these of its edges and its ends: what lies between them is one piece, of the same sum."""
        kept = np.union1d(edges, self.edges[[0, -1]])
        total = np.concatenate([[0.0], np.cumsum(np.diff(self.edges) * self.sizes)])
        return Pieces(edges=kept, sizes=np.diff(total[np.searchsorted(self.edges, kept)]) / np.diff(kept))

    def marks(self, count: int) -> Real:
        """Of its edges so many evenly, closer to either end, and such that step sizes move alike between them."""
        last, moved = self.edges[-1], np.concatenate([[0.0], np.cumsum(np.abs(np.diff(self.sizes)))])
        ends = np.geomspace(1.0, last, count)
        moving = np.interp(np.linspace(0, moved[-1], count), moved, self.edges[:-1])
        wanted = np.concatenate([np.linspace(0, last, count), ends, last - ends, moving])
        return self.edges[np.searchsorted(self.edges, wanted)]


@dataclass(frozen=True, kw_only=True, eq=False)
class LossCurve:
    """steps, losses: of the records. pieces: the step size from step 0 to the last record. name: for reports."""

    name: str
    steps: Real
    losses: Real
    pieces: Pieces

    @property
    def recorded_sizes(self) -> Real:
        """The step size of the piece that ends at each record."""
        return self.pieces.sizes[np.searchsorted(self.pieces.edges, self.steps) - 1]


def loss_curve(
    steps: ArrayLike,
    losses: ArrayLike,
    schedule: Schedule | ArrayLike,
    *,
    warmup: NumberLike = 0,
    name: str = "curve",
) -> LossCurve:
    """A loss curve and its schedule.

    Parameters
    ----------
    steps : array_like
        Steps done at the records, ascending, shape (n,).
    losses : array_like
        At the records, shape (n,).
    schedule : Schedule or array_like
        A Schedule, run to the last record; or the step size at each record: between two it is taken to move
        linearly, before the first to be that of the first.
    warmup : number, default 0
        Steps of a linear warm-up from zero before the first record.
    name : str, default "curve"
        What a table and a picture call it.

    Returns
    -------
    LossCurve
        Steps and losses, shape (n,), and the schedule.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: steps ascending, losses positive, as many of each.

    Source: D63.

    Examples
    --------
    >>> curve = loss_curve(range(100, 2100, 100), np.linspace(4, 3, 20), np.linspace(1, 0, 20))
    >>> curve.steps.size, float(curve.pieces.sizes[0])
    (20, 1.0)
    """
    at, values = real_array(steps, "steps"), real_array(losses, "losses")
    rise = whole(warmup, "warmup")
    if not isinstance(name, str):
        raise InvalidInput(f"name must be text, not {shown(name)}")
    if at.ndim != 1 or values.shape != at.shape:
        raise InvalidInput(f"steps and losses of one shape (n,) are needed, not {at.shape} and {values.shape}")
    if at.size < _FEWEST:
        raise InvalidInput(f"{name} has {at.size} records, and at least {_FEWEST} are needed")
    ascending = np.isfinite(at).all() and (np.diff(at) > 0).all() and at[0] > 0 and at[-1] <= _LONGEST
    if not ascending or (at % 1).any():
        wrong = int(np.argmax(~np.isfinite(at) | (np.diff(at, prepend=0.0) <= 0) | (at > _LONGEST) | (at % 1 != 0)))
        raise InvalidInput(
            f"the steps of {name} must be whole and ascend from 1 on, to at most {_LONGEST:.0e}, each once, but record "
            f"{wrong + 1} is of step {at[wrong]:g}: sort them, and leave step 0 out"
        )
    lost = ~(np.isfinite(values) & (values > 0))
    if lost.any():
        wrong = int(np.argmax(lost))
        raise InvalidInput(
            f"the losses of {name} must be positive and finite, but {values[wrong]:g} stands at step {at[wrong]:g}: "
            "leave such records out"
        )
    if isinstance(schedule, Schedule):
        return LossCurve(name=name, steps=at, losses=values, pieces=pieces_of(schedule, at))
    return LossCurve(name=name, steps=at, losses=values, pieces=_between(at, schedule, rise, name))


def pieces_of(schedule: Schedule, steps: Real) -> Pieces:
    """A schedule run to the last of the steps, in pieces that end at every one of them."""
    horizon = int(steps[-1])
    asked = checked_schedule(schedule)
    edges = _edges(steps)
    sizes = np.asarray(asked.step_sizes(0, horizon, horizon=horizon), dtype=np.float64)
    summed = np.concatenate([[0.0], np.cumsum(sizes)])[edges.astype(np.int64)]
    return Pieces(edges=edges, sizes=np.diff(summed) / np.diff(edges))


def load_curve(path: str | Path, *, warmup: NumberLike = 0) -> LossCurve:
    r"""Read a loss curve: columns of steps, of losses and of step sizes (`lr`, `learning_rate`), in any table.

    Parameters
    ----------
    path : str or Path
        The file: text with separators, JSON or JSON lines.
    warmup : number, default 0
        Steps of a linear warm-up before the first record.

    Returns
    -------
    LossCurve
        Steps and losses, shape (n,), and the schedule.

    Raises
    ------
    InvalidInput
        If the file is not there, too large, damaged, or not what it should hold; the message says where and what.

    Notes
    -----
    Valid: steps ascending, losses and step sizes positive.

    Source: D63.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "log.csv"
    >>> rows = [f"{step},{3 + 1 / step},{0.1}" for step in range(100, 2100, 100)]
    >>> _ = path.write_text("step,loss,lr\n" + "\n".join(rows))
    >>> load_curve(path).steps.size
    20
    """
    place = file_path(path, "path")
    with naming("the loss curve", path):
        table = read_columns(place)
        step, loss, size = (
            _column(table, words, what)
            for words, what in ((STEPS, "steps"), ((*LOSSES, *HELD_OUT), "losses"), (STEP_SIZES, _RATES))
        )
        kept = table.filled(step, loss, size)
        columns = (kept.numbers(name) for name in (step, loss, size))
        return loss_curve(*columns, warmup=warmup, name=place.stem)


def load_curves(folder: str | Path, *, pattern: str = "*.csv", warmup: NumberLike = 0) -> dict[str, LossCurve]:
    r"""The loss curves of a folder by the names of their files, such as a public collection that the user has.

    Parameters
    ----------
    folder : str or Path
        Where the files are.
    pattern : str, default "*.csv"
        Which files, as a shell would; every one of them has to be a loss curve.
    warmup : number, default 0
        As for `load_curve`.

    Returns
    -------
    dict of LossCurve
        By the names of the files, without their endings.

    Raises
    ------
    InvalidInput
        If the file is not there, too large, damaged, or not what it should hold; the message says where and what.

    Notes
    -----
    Valid: at least one file of the pattern.

    Source: D63.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> rows = [f"{step},{3 + 1 / step},{0.1}" for step in range(100, 2100, 100)]
    >>> _ = (folder / "constant.csv").write_text("step,loss,lr\n" + "\n".join(rows))
    >>> list(load_curves(folder))
    ['constant']
    """
    place = file_path(folder, "folder")
    if not isinstance(pattern, str) or not pattern or "/" in pattern:
        raise InvalidInput(f"pattern names files of the folder, such as 25_*.csv, not {shown(pattern)}")
    if not place.is_dir():
        raise InvalidInput(f"there is no folder {place}")
    files = sorted(place.glob(pattern))
    if not files:
        raise InvalidInput(f"no file of {place} is called {pattern}")
    return {file.stem: load_curve(file, warmup=warmup) for file in files}


def _column(table: TextTable, words: tuple[str, ...], what: str) -> str:
    found = table.called(words) if words[0] == LOSSES[0] else table.the_one_called(words)
    if found is None:
        usual = ", ".join(words[:3])
        raise InvalidInput(f"no column of {what}: call it {usual}; the columns are {listed_names(table.names)}")
    return found


def _edges(steps: Real) -> Real:
    """Evenly, at every record, and ever closer to the ends: fast modes fall at first, and follow what is done last."""
    last = float(steps[-1])
    near = np.geomspace(1.0, last, _ENDING)
    parts = [np.linspace(0, last, _PIECES + 1), near, last - near, steps]
    return np.unique(np.floor(np.concatenate(parts)))


def _between(steps: Real, given: object, warmup: int, name: str) -> Pieces:
    sizes = real_array(given, "schedule", needed="a schedule, or the step size at each record")
    if sizes.shape != steps.shape or not np.isfinite(sizes).all() or (sizes < 0).any() or sizes.max() <= 0:
        raise InvalidInput(f"the step sizes of {name} must be one at each record, finite, not negative, not all zero")
    if warmup >= steps[0] and warmup > 0:
        raise InvalidInput(f"a warm-up of {warmup} steps is over after the first record of {name}, step {steps[0]:g}")
    edges = np.unique(np.concatenate([_edges(steps), [float(warmup)]]))
    middles = (edges[1:] + edges[:-1]) / 2
    found = np.interp(middles, steps, sizes)
    return Pieces(edges=edges, sizes=np.where(middles < warmup, sizes[0] * middles / max(warmup, 1), found))
