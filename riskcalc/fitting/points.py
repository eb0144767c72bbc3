"""Loss tables: sizes, samples and final losses of many runs, from a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from riskcalc.errors import InvalidInput
from riskcalc.files import TextTable, listed_names, naming, plain_name, read_encoded, table_in
from riskcalc.files.logs import COMPUTE, EXCESS, HELD_OUT, LOSSES, SAMPLES, SIZES
from riskcalc.quantity import Real, optional

_ONE_OF_SEVERAL = ("experiment", "dataset", "source")  # columns that tell collections apart
_FLOPS = 6.0  # C = 6 N D, where a table gives the budget in place of the samples


@dataclass(frozen=True, kw_only=True, eq=False)
class LossPoints:
    """sizes, samples, losses: shape (points,). columns: which were used, in words."""

    sizes: Real
    samples: Real
    losses: Real
    columns: str


def load_points(path: str | Path, *, where: str | None = None) -> LossPoints:
    r"""Read a loss table.

    Columns N (`params`, `model_size`, ...), D (`tokens`, ...) or C = 6 N D (`compute`, `flops`), and `loss`; M and
    N of this package's own problems are read as sizes and samples. Any dialect that curves have.

    Parameters
    ----------
    path : str or Path
        The file: text with separators, JSON or JSON lines.
    where : str or None, default None
        "COLUMN=VALUE" takes these rows alone, as of one experiment in a collection of several.

    Returns
    -------
    LossPoints
        `sizes`, `samples` and `losses`, shape (points,).

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
    with naming("the loss table", path):
        text, encoding = read_encoded(path)
        table = table_in(text, encoding=encoding)
        found = None if table is None else points_in(table, where=where)
        if found is None:
            raise InvalidInput("the columns N, D and loss are needed (or N, compute and loss)")
        return found


def points_in(table: TextTable, *, where: str | None = None) -> LossPoints | None:
    """The points in a table; None where its columns are others."""
    if where is not None:
        table = _only(table, where)
    size, sample, compute = (table.called(words) for words in (SIZES, SAMPLES, COMPUTE))
    own = table.called(("m",))
    if own is not None and sample is None and table.called(("n",)) is not None:
        size, sample = own, table.called(("n",))
    loss = table.called((*LOSSES, *EXCESS, *HELD_OUT))
    if size is None or loss is None or (sample is None and compute is None):
        return None
    along = sample if sample is not None else compute
    kept = table.filled(size, str(along), loss)
    sizes, losses, other = kept.numbers(size), kept.numbers(loss), kept.numbers(str(along))
    words = f"{loss} by {size} and {along}"
    if sample is None:
        if not ((sizes > 0) & (other > 0)).all():
            raise InvalidInput(f"{size} and {along} must be positive: the samples are {along}/(6 {size})")
        other, words = other / (_FLOPS * sizes), f"{words}, D = {along}/(6 {size})"
    told = (words, *(() if where is None else (f"rows with {where}",)), *_several(kept), *table.told)
    return LossPoints(sizes=sizes, samples=other, losses=losses, columns="; ".join(told))


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
