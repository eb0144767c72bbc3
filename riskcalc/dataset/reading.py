"""A data set from a file or from scikit-learn: features and labels, not yet checked further."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput, MissingDependency
from riskcalc.quantity import file_path, optional

BUNDLED = ("breast_cancer", "diabetes", "digits", "iris", "linnerud", "wine")  # ship with scikit-learn
_FEATURES = ("X", "features", "data", "x")
_LABELS = ("y", "labels", "target", "Y")
_LARGEST = 1_000_000_000  # bytes
_PREFIX = "sklearn:"


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedData:
    """name: where it comes from. features: shape (n, columns). labels: shape (n,) or (n, P), numbers or text."""

    name: str
    features: NDArray[Any]
    labels: NDArray[Any]


def load_data(source: str | Path, *, features: str | None = None, label: str | None = None) -> LoadedData:
    """Read a data set.

    source: "sklearn:NAME", one of the sets that ship with scikit-learn (nothing is downloaded); a file that ends in
        .npz, arrays by name; any other file: CSV whose first line names the columns.
    features: the array of an .npz, by default X, features or data; features of more than two axes (images) are
        flattened. Of a CSV the columns, separated by commas; by default all but the label.
    label: the array of an .npz, by default y, labels or target; the column of a CSV, by default the last.

    >>> load_data("sklearn:diabetes").features.shape
    (442, 10)
    """
    place, text = file_path(source, "source"), str(source)
    for name, given in (("features", features), ("label", label)):
        optional(given, str, name, "text, the name of an array or a column")
    if text.startswith(_PREFIX):
        if features is not None or label is not None:
            raise InvalidInput("a bundled data set has its own features and labels: leave their names out")
        return _bundled(text.removeprefix(_PREFIX))
    try:
        if place.stat().st_size > _LARGEST:
            raise InvalidInput(f"{text} is larger than {_LARGEST // 10**6} MB: give a sample of its rows")
        if place.suffix.lower() == ".npz":
            return _archive(place, features, label)
        lines = place.read_text(encoding="utf-8-sig")
    except (OSError, ValueError, EOFError, KeyError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput(f"cannot read {text}: {error}") from None
    try:
        return _table(lines, text, features, label)
    except InvalidInput as error:
        raise InvalidInput(f"{text}: {error}") from None


def _bundled(name: str) -> LoadedData:
    if name not in BUNDLED:
        raise InvalidInput(f"no data set {name!r} ships with scikit-learn: there are {', '.join(BUNDLED)}")
    try:
        from sklearn import datasets
    except ImportError:
        raise MissingDependency("bundled data sets need scikit-learn: pip install scikit-learn") from None
    found = getattr(datasets, f"load_{name}")()
    return LoadedData(name=f"{_PREFIX}{name}", features=np.asarray(found.data), labels=np.asarray(found.target))


def _archive(place: Path, features: str | None, label: str | None) -> LoadedData:
    import zipfile

    try:
        with np.load(place, allow_pickle=False) as archive:
            names = list(archive.files)
            matrix = archive[_chosen(names, features, _FEATURES, "features")]
            targets = archive[_chosen(names, label, _LABELS, "labels")]
    except zipfile.BadZipFile as error:
        raise InvalidInput(f"cannot read {place}: {error}") from None
    if matrix.ndim > 2:
        matrix = matrix.reshape(len(matrix), -1)
    return LoadedData(name=place.name, features=matrix, labels=targets)


def _chosen(names: list[str], asked: str | None, usual: tuple[str, ...], what: str) -> str:
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


def _table(text: str, name: str, features: str | None, label: str | None) -> LoadedData:
    try:
        rows = [row for row in csv.reader(text.splitlines(), strict=True) if row]
    except csv.Error as error:
        raise InvalidInput(f"not CSV ({error})") from None
    if len(rows) < 2:
        raise InvalidInput("a line of column names and at least one row of data are needed")
    header = [cell.strip() for cell in rows[0]]
    if len(set(header)) < len(header) or len(header) < 2 or all(map(_is_number, header)):
        raise InvalidInput("the first line must name two or more columns, all different")
    ragged = next((place for place, row in enumerate(rows) if len(row) != len(header)), None)
    if ragged is not None:
        raise InvalidInput(f"row {ragged} has {len(rows[ragged])} values for {len(header)} columns")
    target = header[-1] if label is None else label
    wanted = [part.strip() for part in features.split(",")] if features is not None else None
    columns = [column for column in header if column != target] if wanted is None else wanted
    for column in (target, *columns):
        if column not in header:
            raise InvalidInput(f"there is no column {column!r}: the columns are {_listed(header)}")
    if target in columns:
        raise InvalidInput(f"the label {target!r} cannot be a feature too")
    table = np.array(rows[1:], dtype=np.str_)
    matrix = np.column_stack([_column(table[:, header.index(column)], column) for column in columns])
    targets = table[:, header.index(target)]
    return LoadedData(name=Path(name).name, features=matrix, labels=_labels(targets, target))


def _column(cells: NDArray[np.str_], name: str) -> NDArray[np.float64]:
    try:
        return cells.astype(np.float64)
    except ValueError:
        place = next(place for place, cell in enumerate(cells) if not _is_number(cell))
        raise InvalidInput(
            f"column {name!r} holds {str(cells[place])!r} in row {place + 1}, which is not a number: leave the column "
            "out, or encode it"
        ) from None


def _labels(cells: NDArray[np.str_], name: str) -> NDArray[Any]:
    """Numbers where any cell is one, and then all must be; text, the names of classes, where none is."""
    return _column(cells, name) if any(map(_is_number, cells)) else np.char.strip(cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) + (f", ... ({len(names)})" if len(names) > 12 else "")
