"""Problems from files: measured eigenvalues of a covariance, and the target in its eigenbasis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from riskcalc.errors import InvalidInput
from riskcalc.files import naming, read_archive, read_array, read_columns
from riskcalc.problem.problem import Problem
from riskcalc.problem.signal import ExplicitSignal, GaussianPrior, PowerLawSignal, Signal
from riskcalc.problem.spectrum import ExplicitSpectrum
from riskcalc.problem.vectors import finite_vector
from riskcalc.quantity import NumberLike, Real, file_path, optional

Columns = dict[str, Real]


def load_problem(path: str | Path, *, noise: NumberLike = 0, signal: Signal | None = None) -> Problem:
    r"""Read an explicit problem from a file.

    The ending decides how it is read: .npz holds arrays `eigenvalues` and either `target` (w_j) or `signal_power`
    (lambda_j w_j^2); .npy one array of shape (v, 2), columns eigenvalue and target coefficient; .csv a header and
    rows, columns `eigenvalue` and either `target` or `signal_power`, where other columns, and lines that begin with
    #, are skipped.

    Parameters
    ----------
    path : str or Path
        The file, .npz, .npy or .csv.
    noise : number, default 0
        Variance of the label noise, >= 0; the file does not say it.
    signal : Signal or None, default None
        Another one than that of the file, which then need not have any; a power law counts its directions j from the
        largest eigenvalue, wherever that stands in the file.

    Returns
    -------
    Problem
        With an ExplicitSpectrum of shape (v,) and an ExplicitSignal of the same shape.

    Raises
    ------
    InvalidInput
        If the file is not there, too large, damaged, or not what it should hold; the message says where and what.

    Notes
    -----
    Formula: signal power p_j gives w_j = sqrt(p_j/lambda_j), the sign being of no account for the risk.

    Valid: finite numbers, eigenvalues not negative, as many target values; p_j > 0 needs lambda_j > 0.

    Source: D01, whose modes these numbers are.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "problem.csv"
    >>> _ = path.write_text("eigenvalue,target\n1,0.5\n0.25,2\n")
    >>> load_problem(path, noise="1/10").eigenvalues()
    array([1.  , 0.25])
    """
    place = file_path(path, "path")
    optional(signal, PowerLawSignal | GaussianPrior | ExplicitSignal, "signal", "PowerLawSignal(...) or another signal")
    readers = {".npz": _from_npz, ".npy": _from_npy, ".csv": _from_csv}
    reader = readers.get(place.suffix.lower())
    if reader is None:
        raise InvalidInput(f"cannot read a problem from {path}: the file must end in .npz, .npy or .csv")
    with naming("a problem from", path):
        columns = reader(place)
        spectrum = _spectrum(columns) if signal is None else _largest_first(_spectrum(columns))
        own = _signal(columns, spectrum) if signal is None else signal
    return Problem(spectrum=spectrum, signal=own, noise=noise)


def _from_npz(place: Path) -> Columns:
    def wanted(names: tuple[str, ...]) -> Sequence[str]:
        return [name for name in ("eigenvalues", "target", "signal_power") if name in names]

    return {name: _real(array, name) for name, array in read_archive(place, wanted=wanted).items()}


def _from_npy(place: Path) -> Columns:
    array = read_array(place)
    table = _real(array, "the array")
    if table.ndim == 1:
        return {"eigenvalues": table}
    if table.ndim != 2 or table.shape[1] != 2:
        raise InvalidInput(f"the array has shape {table.shape}, but (v, 2) is needed: eigenvalue and target")
    return {"eigenvalues": table[:, 0], "target": table[:, 1]}


def _from_csv(place: Path) -> Columns:
    table = read_columns(place)
    called = {word: table.called([word]) for word in ("eigenvalue", "target", "signal_power")}
    wanted = {word: name for word, name in called.items() if name is not None}
    if "eigenvalue" not in wanted:
        raise InvalidInput(
            "the header must name the columns eigenvalue,target or eigenvalue,signal_power, "
            f"but it is {','.join(table.names)[:80]!r}"
        )
    return {"eigenvalues" if word == "eigenvalue" else word: table.numbers(name) for word, name in wanted.items()}


def _real(array: NDArray[np.generic], name: str) -> Real:
    if array.dtype.kind not in "fiu":
        raise InvalidInput(f"{name} must hold real numbers, not {array.dtype}")
    return array.astype(np.float64)


def _spectrum(columns: Columns) -> ExplicitSpectrum:
    if "eigenvalues" not in columns:
        found = ", ".join(columns) or "neither"
        raise InvalidInput(f"eigenvalues and one of target, signal_power are needed, but it holds {found}")
    return ExplicitSpectrum(columns["eigenvalues"])


def _largest_first(spectrum: ExplicitSpectrum) -> ExplicitSpectrum:
    return ExplicitSpectrum(np.sort(spectrum.values)[::-1])


def _signal(columns: Columns, spectrum: ExplicitSpectrum) -> ExplicitSignal:
    given = [name for name in ("target", "signal_power") if name in columns]
    if not given:
        raise InvalidInput(
            f"eigenvalues and one of target, signal_power are needed, but it holds {', '.join(columns)}: add a target, "
            "or give a signal of your own, of power j^-b"
        )
    if len(given) == 2:
        raise InvalidInput("it holds both target and signal_power: keep the one to be used")
    values = finite_vector(columns[given[0]], given[0])
    if values.size != spectrum.dimension:
        raise InvalidInput(
            f"{spectrum.dimension} eigenvalues, but {values.size} entries of {given[0]}: as many are needed"
        )
    if given[0] == "signal_power":
        values = _coefficients(spectrum.values, values)
    return ExplicitSignal(values)


def _coefficients(eigenvalues: Real, power: Real) -> Real:
    """w_j = sqrt(p_j/lambda_j), zero where p_j is zero."""
    if power.min() < 0:
        raise InvalidInput(f"signal_power is lambda_j w_j^2 and cannot be negative, but one is {power.min()}")
    carried = power > 0
    lost = np.flatnonzero(carried & (eigenvalues == 0))
    if lost.size:
        raise InvalidInput(
            f"entry {int(lost[0])} has signal power {power[lost[0]]} but eigenvalue 0, so that no feature "
            "carries this signal: count it as noise instead"
        )
    coefficients = np.zeros_like(power)
    # two roots: the quotient of extreme values could overflow where its root does not
    coefficients[carried] = np.sqrt(power[carried]) / np.sqrt(eigenvalues[carried])
    return coefficients
