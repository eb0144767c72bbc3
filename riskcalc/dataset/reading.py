"""A data set from a file or from scikit-learn: features and labels, not yet checked further."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from riskcalc.errors import InvalidInput, MissingDependency
from riskcalc.files import TextTable, is_number, naming, read_archive, read_columns
from riskcalc.quantity import Array, Real, file_path, nearest, optional

BUNDLED = ("breast_cancer", "diabetes", "digits", "iris", "linnerud", "wine")  # ship with scikit-learn
_FEATURES = ("X", "features", "data", "x")
_LABELS = ("y", "labels", "target", "Y")
_PREFIX = "sklearn:"


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedData:
    """name: where it comes from. features: shape (n, columns). labels: shape (n,) or (n, P), numbers or text.

    notes: how it was read, in words.
    """

    name: str
    features: Array
    labels: Array
    notes: tuple[str, ...] = ()


def load_data(source: str | Path, *, features: str | None = None, label: str | None = None) -> LoadedData:
    """Read a data set.

    A table may have any dialect or be JSON, and its numbering of the rows (a column without a name, or called
    index, that counts them) is no feature unless it is asked for; the notes say so.

    Parameters
    ----------
    source : str or Path
        "sklearn:NAME", one of the sets that ship with scikit-learn (nothing is downloaded); a file that ends in
        .npz, arrays by name; any other file: CSV whose first line names the columns. At most 1 GB of arrays, once
        unpacked, or 200 MB of text.
    features : str or None, default None
        The array of an .npz, by default X, features or data; features of more than two axes (images) are flattened.
        Of a CSV the columns, separated by commas; by default all but the label.
    label : str or None, default None
        The array of an .npz, by default y, labels or target; the column of a CSV, by default the last.

    Returns
    -------
    LoadedData
        `features`, shape (n, columns), `labels`, shape (n,), and notes of what was set aside.

    Raises
    ------
    InvalidInput
        If the file is not there, too large, damaged, or not what it should hold; the message says where and what.
    MissingDependency
        If scikit-learn is asked for and not installed.

    Notes
    -----
    Valid: a table of finite numbers, at least two rows.

    Source: the files of the user; the sets of scikit-learn.

    Examples
    --------
    >>> load_data("sklearn:diabetes").features.shape
    (442, 10)
    """
    text = str(file_path(source, "source"))
    for name, given in (("features", features), ("label", label)):
        optional(given, str, name, "text, the name of an array or a column")
    if text.startswith(_PREFIX):
        if features is not None or label is not None:
            raise InvalidInput("a bundled data set has its own features and labels: leave their names out")
        return _bundled(text.removeprefix(_PREFIX))
    if text in BUNDLED and not Path(text).exists():
        raise InvalidInput(f"there is no file {text}: the set that ships with scikit-learn is {_PREFIX}{text}")
    with naming("the data set", text):
        place = Path(text)
        if place.suffix.lower() == ".npz":
            return _archive(place, features, label)
        return _columns(read_columns(place, comment=None), place.name, features, label)


def _bundled(name: str) -> LoadedData:
    if name not in BUNDLED:
        meant = nearest(name, BUNDLED)
        raise InvalidInput(f"no data set {name!r} ships with scikit-learn{meant}: there are {', '.join(BUNDLED)}")
    try:
        from sklearn import datasets
    except ImportError:
        raise MissingDependency("bundled data sets need scikit-learn: pip install scikit-learn") from None
    found = getattr(datasets, f"load_{name}")()
    return LoadedData(name=f"{_PREFIX}{name}", features=np.asarray(found.data), labels=np.asarray(found.target))


def _archive(place: Path, features: str | None, label: str | None) -> LoadedData:
    def wanted(names: tuple[str, ...]) -> tuple[str, str]:
        return _chosen(names, features, _FEATURES, "features"), _chosen(names, label, _LABELS, "labels")

    arrays = read_archive(place, wanted=wanted)
    matrix, targets = (arrays[name] for name in wanted(tuple(arrays)))
    if matrix.ndim > 2:
        matrix = matrix.reshape(len(matrix), math.prod(matrix.shape[1:]))
    return LoadedData(name=place.name, features=matrix, labels=targets)


def _chosen(names: tuple[str, ...], asked: str | None, usual: tuple[str, ...], what: str) -> str:
    if asked is not None:
        if asked not in names:
            raise InvalidInput(
                f"there is no array {asked!r} for the {what}: the file holds {', '.join(names) or 'none'}"
            )
        return asked
    found = next((name for name in usual if name in names), None)
    if found is None:
        raise InvalidInput(
            f"no array is called {', '.join(usual)}, so say which one holds the {what}: the file holds "
            f"{', '.join(names) or 'none'}"
        )
    return found


def _columns(table: TextTable, name: str, features: str | None, label: str | None) -> LoadedData:
    if len(table.names) < 2:
        raise InvalidInput(f"a data set has two or more columns, but the header names {table.names[0]!r} alone")
    target = table.names[-1] if label is None else label
    wanted = [part.strip() for part in features.split(",")] if features is not None else None
    counting = _counting(table, target) if wanted is None else ()
    columns = [name for name in table.names if name not in (target, *counting)] if wanted is None else wanted
    cells = {column: table.texts(column) for column in (target, *columns)}  # refuses what is no column
    if target in columns:
        raise InvalidInput(f"the label {target!r} cannot be a feature too")
    matrix = np.column_stack([_feature(table, column) for column in columns])
    notes = [*table.told, *(f"column {name!r} numbers the rows: left out" for name in counting)]
    return LoadedData(name=name, features=matrix, labels=_labels(table, cells[target], target), notes=tuple(notes))


def _counting(table: TextTable, target: str) -> tuple[str, ...]:
    """Columns that count the rows by ones, whatever they are called: an index, or numbers of what was recorded.

    Features that do so can be named. One feature has to be left.
    """
    found = [name for name in table.names if name != target and _counts(table.texts(name))]
    return tuple(found) if len(found) < len(table.names) - 1 else ()


def _counts(cells: list[str]) -> bool:
    if not all(map(is_number, cells)):
        return False
    return bool((np.diff([float(cell) for cell in cells]) == 1).all())


def _feature(table: TextTable, name: str) -> Real:
    try:
        return table.numbers(name)
    except InvalidInput as error:
        raise InvalidInput(f"{error}; leave the column out, or encode it") from None


def _labels(table: TextTable, cells: list[str], name: str) -> Array:
    """Numbers where any cell is one, and then all must be; text, the names of classes, where none is."""
    return table.numbers(name) if any(map(is_number, cells)) else np.array(cells, dtype=np.str_)
