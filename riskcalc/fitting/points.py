"""Loss tables: sizes, samples and final losses of many runs, from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.files import TextTable, listed_names, naming, plain_name, read_encoded, table_in, unit_of
from riskcalc.files.logs import COMPUTE, EXCESS, HELD_OUT, LOSSES, SAMPLES, SIZES
from riskcalc.fitting.columns import families_of
from riskcalc.quantity import Real, optional

_ONE_OF_SEVERAL = ("experiment", "dataset", "source")  # columns that tell collections apart
_OPERATIONS = ("flop", "flo", "operation", "param", "parameter", "total")  # units that change no number
_FLOPS = 6.0  # C = 6 N D, where a table gives the budget in place of the samples


@dataclass(frozen=True, kw_only=True, eq=False)
class LossPoints:
    """sizes, samples: shape (points,). losses: the same, or (replicates, points). columns: which were used, in words.

    groups: the run of each point, where the points of one run are no independent ones.
    """

    sizes: Real
    samples: Real
    losses: Real
    columns: str
    groups: tuple[str, ...] | None = None


def load_points(path: str | Path, *, where: str | None = None, groups: str | None = None) -> LossPoints:
    r"""Read a loss table.

    Columns N (`params`, `model_size`, ...), D (`tokens`, ...) or C = 6 N D (`compute`, `flops`), and `loss`, or its
    replicates `loss1, loss2, ...`; M and N of this package's own problems are read as sizes and samples. Any dialect
    that curves have.

    Parameters
    ----------
    path : str or Path
        The file: text with separators, JSON or JSON lines.
    where : str or None, default None
        "COLUMN=VALUE" takes these rows alone, as of one experiment in a collection of several.
    groups : str or None, default None
        The column that names the run of each row, where a run has several: `fit_scaling_law` resamples whole runs.

    Returns
    -------
    LossPoints
        `sizes`, `samples` and `losses`, shape (points,), and `groups`.

    Raises
    ------
    InvalidInput
        If the file is not there, too large, damaged, or not what it should hold; the message says where and what.

    Notes
    -----
    Valid: positive numbers; any two of N, D and C.

    Source: Hoffmann et al. (arXiv 2203.15556), for C = 6 N D.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "losses.csv"
    >>> _ = path.write_text("N,D,loss\n10,100,2.5\n20,100,2.25\n")
    >>> load_points(path).sizes
    array([10., 20.])
    """
    optional(where, str, "where", "COLUMN=VALUE")
    optional(groups, str, "groups", "the name of a column")
    with naming("the loss table", path):
        text, encoding = read_encoded(path)
        table = table_in(text, encoding=encoding)
        found = None if table is None else points_in(table, where=where, groups=groups)
        if found is None:
            there = "" if table is None else f"; the columns are {listed_names(table.names)}"
            raise InvalidInput(f"the columns N, D and loss are needed (or N, compute and loss){there}")
        return found


def points_in(table: TextTable, *, where: str | None = None, groups: str | None = None) -> LossPoints | None:
    """The points in a table; None where its columns are others."""
    if where is not None:
        table = _only(table, where)
    size, sample, compute = (table.called(words) for words in (SIZES, SAMPLES, COMPUTE))
    own = table.called(("m",))
    if own is not None and sample is None and table.called(("n",)) is not None:
        size, sample = own, table.called(("n",))
    losses = _losses(table)
    along = sample if sample is not None else compute
    if size is None or along is None or not losses:
        return None
    kept = table.filled(size, along, *losses, *(() if groups is None else (groups,)))
    sizes, other = kept.numbers(size), kept.numbers(along)
    values = np.array([kept.numbers(loss) for loss in losses])
    one = len(losses) == 1
    words = f"{losses[0] if one else f'{len(losses)} replicates ({listed_names(losses)})'} by {size} and {along}"
    if sample is None:
        other, words = _samples(sizes, other, size, along), f"{words}, D = {along}/(6 {size})"
    aside = [name for name in table.names if name not in (size, along, groups, *losses)]
    told = (
        words,
        *(() if groups is None else (f"runs by {groups}",)),
        *(() if where is None else (f"rows with {where}",)),
        *((f"set aside: {listed_names(aside)}",) if aside else ()),
        *_several(kept),
        *table.told,
    )
    return LossPoints(
        sizes=sizes,
        samples=other,
        losses=values[0] if one else values,
        columns="; ".join(told),
        groups=None if groups is None else tuple(kept.texts(groups)),
    )


def _losses(table: TextTable) -> tuple[str, ...]:
    """The column of losses, else those of its replicates; none where there is neither."""
    loss = table.called((*LOSSES, *EXCESS, *HELD_OUT))
    if loss is not None:
        return (loss,)
    replicates = [family for family in families_of(table.names) if len(family) > 1]
    return replicates[0] if len(replicates) == 1 else ()


def _samples(sizes: Real, compute: Real, size: str, along: str) -> Real:
    """D = C/(6 N), which says at once where C is in another unit."""
    if not ((sizes > 0) & (compute > 0)).all():
        raise InvalidInput(f"{size} and {along} must be positive: the samples are {along}/(6 {size})")
    for name in (size, along):
        unit = unit_of(name)
        if unit is not None and plain_name(unit) not in _OPERATIONS:
            raise InvalidInput(
                f"{name} is in {unit}, and D = {along}/(6 {size}) takes plain numbers and floating-point operations: "
                "convert the column (1 PF-day is 8.64e19), and leave the unit out of its name"
            )
    found = np.asarray(compute / (_FLOPS * sizes))
    if found.min() < 1:
        place = int(np.argmin(found))
        raise InvalidInput(
            f"{along} = {compute[place]:.3g} at {size} = {sizes[place]:.3g} means D = {along}/(6 {size}) = "
            f"{found[place]:.2g}, less than one sample: give {along} in floating-point operations (1 PF-day is "
            "8.64e19), or a column of samples"
        )
    return found


def _only(table: TextTable, where: str) -> TextTable:
    column, sign, value = (part.strip() for part in where.partition("="))
    if not (column and sign and value):
        raise InvalidInput(f"where reads COLUMN=VALUE, such as experiment=first, not {where!r}")
    found = table.having(column, value)
    if not found.rows:
        values = listed_names(sorted(set(table.texts(column))))
        raise InvalidInput(f"no row has {value!r} in column {column}: there are {values}")
    return found


def _several(table: TextTable) -> tuple[str, ...]:
    """A collection of experiments is one surface only if they were alike."""
    for name in table.names:
        values = sorted(set(table.texts(name))) if plain_name(name) in _ONE_OF_SEVERAL else []
        if len(values) > 1:
            return (f"rows of several {name}s together ({listed_names(values)}): {name}={values[0]} takes one (where)",)
    return ()
