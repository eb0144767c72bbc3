"""Rows ready for a kernel: standardised features, centred labels, class labels as one-against-the-rest codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from riskcalc.errors import InvalidInput
from riskcalc.quantity import Array, NumberLike, Real, chosen, flag, optional, real_array, shown, whole

MOST_ROWS = 2000  # by default: a decomposition of a matrix of this size takes some seconds
FEWEST_ROWS = 20  # below, nothing can be said about decay
_MOST_CLASSES = 20
_ENCODED = "real numbers (leave out or encode what is not)"
_CONSTANT = 1e-12  # relative spread of a column that is rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """A data set as the analysis uses it.

    name: of the data. features: shape (n, columns). labels: shape (n, P), each column centred, their variances adding
    up to 1. outputs: what each column of the labels is. total_rows: how many there were. notes: what was done, in
    words.
    """

    name: str
    features: Real
    labels: Real
    outputs: tuple[str, ...]
    total_rows: int
    notes: tuple[str, ...]


def prepared(
    features: ArrayLike,
    labels: ArrayLike,
    *,
    name: str = "data",
    task: str = "auto",
    positive: str | None = None,
    standardise: bool = True,
    rows: NumberLike = MOST_ROWS,
    seed: NumberLike = 0,
) -> Rows:
    """Check a data set and make it ready.

    features: shape (n, columns), finite numbers. labels: shape (n,) or (n, P).
    task: "regression"; "classes", one output for each class, 1 for its rows and 0 for the others (two classes: one
        output); "auto": classes where a single column of labels is text or holds at most 20 whole numbers, each of
        them twice or more.
    positive: the one class to be told from the rest. standardise: every column to mean 0 and variance 1, constant
        ones left out; otherwise the columns are only centred.
    rows: at most so many, drawn without replacement by `seed` where there are more.

    >>> found = prepared(np.arange(60.0).reshape(20, 3), ["a", "b"] * 10)
    >>> found.outputs, float(found.labels.var(axis=0).sum())
    (('b against the rest',), 1.0)
    """
    chosen(task, "task", ("auto", "regression", "classes"))
    optional(positive, str, "positive", "the name of a class, as text")
    scaled = flag(standardise, "standardise")
    matrix, targets = real_array(features, "features", needed=_ENCODED), _labels(labels)
    _check_shapes(matrix, targets)
    most, total = whole(rows, "rows", least=FEWEST_ROWS), len(matrix)
    notes = []
    if total > most:
        drawn = np.sort(np.random.default_rng(whole(seed, "seed")).choice(total, most, replace=False))
        matrix, targets = matrix[drawn], targets[drawn]
        notes.append(f"{most} of {total} rows, drawn without replacement, seed {seed}")
    if _are_classes(targets, task, positive):
        codes, outputs = _one_against_the_rest(targets, positive)
    else:
        codes = real_array(targets, "labels", needed=_ENCODED).reshape(len(matrix), -1)
        outputs = ("label",) if codes.shape[1] == 1 else tuple(f"label {place + 1}" for place in range(codes.shape[1]))
    _check_finite(matrix, codes)
    matrix, words = _standardised(matrix, scaled)
    codes = codes - codes.mean(axis=0)
    spread = float(np.sqrt(np.mean(codes**2, axis=0).sum()))
    return Rows(
        name=name,
        features=matrix,
        labels=codes / spread,
        outputs=outputs,
        total_rows=total,
        notes=(*notes, words, "labels centred and scaled to total variance 1"),
    )


def _check_shapes(matrix: Real, targets: Array) -> None:
    if matrix.ndim != 2 or matrix.shape[1] == 0:
        raise InvalidInput(f"features must have shape (rows, columns), not {matrix.shape}")
    if targets.ndim not in (1, 2) or targets.size == 0 or len(targets) != len(matrix):
        raise InvalidInput(
            f"labels must have one row for each of the {len(matrix)} rows of features, but their shape is "
            f"{targets.shape}"
        )
    if len(matrix) < FEWEST_ROWS:
        raise InvalidInput(f"{len(matrix)} rows are too few to see a decay: at least {FEWEST_ROWS} are needed")


def _are_classes(targets: Array, task: str, positive: str | None) -> bool:
    if task == "classes" or positive is not None:
        if task == "regression":
            raise InvalidInput("a class to tell from the rest makes this no regression: leave one of them out")
        if targets.ndim == 2 and targets.shape[1] > 1:
            raise InvalidInput(f"classes are one column of labels, not {targets.shape[1]}: name the column")
        return True
    if task == "regression" or (targets.ndim == 2 and targets.shape[1] > 1):
        return False
    values, counts = np.unique(_names(targets), return_counts=True)
    few = len(values) <= _MOST_CLASSES and bool((counts > 1).all())
    if targets.dtype.kind in "iub":
        return few
    if targets.dtype.kind == "f":
        plain = targets[np.isfinite(targets)]
        return few and plain.size == targets.size and bool((plain == np.round(plain)).all())
    return few and not _all_numbers(targets)


def _one_against_the_rest(targets: Array, positive: str | None) -> tuple[Real, tuple[str, ...]]:
    names = _names(targets)
    if targets.dtype.kind == "f" and not np.isfinite(targets).all():
        raise InvalidInput("class labels must be finite: remove or repair the rows whose label is not")
    values = np.unique(names)
    if targets.dtype.kind in "iubf":
        values = np.array(sorted(values, key=float))
    if len(values) < 2:
        raise InvalidInput(f"all labels are {values[0]}: there is nothing to learn from a constant target")
    if positive is not None:
        if positive not in values:
            listed = ", ".join(values[:_MOST_CLASSES])
            raise InvalidInput(f"no row has the class {positive!r}: the classes are {listed}")
        chosen = [positive]
    elif len(values) > _MOST_CLASSES:
        raise InvalidInput(f"{len(values)} classes are more than {_MOST_CLASSES}: choose one, or ask for a regression")
    else:
        chosen = list(values[1:]) if len(values) == 2 else list(values)
    codes = np.column_stack([(names == value).astype(np.float64) for value in chosen])
    return codes, tuple(f"{value} against the rest" for value in chosen)


def _names(targets: Array) -> NDArray[np.str_]:
    flat = targets.ravel()
    if flat.dtype.kind == "f" and np.isfinite(flat).all() and (flat == np.round(flat)).all():
        flat = flat.astype(np.int64) if np.abs(flat.astype(np.float64)).max() < 2**53 else flat
    return flat.astype(str)


def _all_numbers(targets: Array) -> bool:
    try:
        targets.astype(np.float64)
    except (TypeError, ValueError):
        return False
    return True


def _labels(labels: ArrayLike) -> Array:
    """Numbers or names, not yet told apart."""
    try:
        return np.asarray(labels)
    except ValueError:  # rows of different lengths
        raise InvalidInput(f"labels must be a vector or a matrix, not {shown(labels)}") from None


def _check_finite(matrix: Real, codes: Real) -> None:
    broken = np.flatnonzero(~(np.isfinite(matrix).all(axis=1) & np.isfinite(codes).all(axis=1)))
    if broken.size:
        raise InvalidInput(
            f"features and labels must be finite, but {broken.size} rows are not, the first one row {broken[0]} "
            "(counted from 0): remove or repair them"
        )
    if max(float(np.abs(matrix).max()), float(np.abs(codes).max())) > 1e100:
        raise InvalidInput("a feature or label exceeds 1e100 in size: rescale the data")
    constant = np.flatnonzero(np.ptp(codes, axis=0) <= _CONSTANT * np.abs(codes).max(axis=0))
    if constant.size:
        raise InvalidInput(
            f"all labels are {codes[0, constant[0]]:g}: there is nothing to learn from a constant target"
        )


def _standardised(matrix: Real, standardise: bool) -> tuple[Real, str]:
    centred = matrix - matrix.mean(axis=0)
    spread = np.sqrt(np.mean(centred**2, axis=0))
    varying = spread > _CONSTANT * np.abs(matrix).max(axis=0)
    if not varying.any():
        raise InvalidInput("the features are constant over the rows: there is nothing to learn from")
    left_out = int((~varying).sum())
    words = "columns " + ("standardised to mean 0 and variance 1" if standardise else "centred")
    if left_out:
        words += f", {left_out} constant one{'s' * (left_out > 1)} left out"
    kept = centred[:, varying]
    return (kept / spread[varying] if standardise else kept), words
