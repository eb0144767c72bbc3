"""The one verb: a data set in, its exponents, phase and curves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Context
from pathlib import Path

from numpy.typing import ArrayLike

from riskcalc.curve.steps import StepsLike
from riskcalc.dataset.curves import data_curves
from riskcalc.dataset.eigen import decompose
from riskcalc.dataset.exponents import data_exponents
from riskcalc.dataset.kernels import DataKernel, read_kernel
from riskcalc.dataset.noise import label_noise
from riskcalc.dataset.phase import data_phase
from riskcalc.dataset.reading import LoadedData, load_data
from riskcalc.dataset.report import DataReport
from riskcalc.dataset.rows import MOST_ROWS, prepared
from riskcalc.dataset.training import training
from riskcalc.errors import Interrupted, InvalidInput, UnstableRun
from riskcalc.quantity import NumberLike, number, whole

_MOST_RESAMPLES = 10_000


def analyse_data(
    data: str | Path | LoadedData | tuple[ArrayLike, ArrayLike],
    *,
    kernel: DataKernel | str | None = None,
    task: str = "auto",
    positive: str | None = None,
    standardise: bool = True,
    rows: NumberLike = MOST_ROWS,
    window: Sequence[NumberLike] | None = None,
    level: NumberLike = "0.95",
    resamples: NumberLike = 100,
    model_size: NumberLike | None = None,
    step_size: NumberLike = "1/4",
    batch_size: NumberLike = 1,
    steps: StepsLike | None = None,
    sketches: NumberLike = 8,
    runs: NumberLike = 16,
    seed: NumberLike = 0,
) -> DataReport:
    """Measure the spectrum and signal of a data set, fit their exponents, and put SGD on its rows beside the theory.

    The population of the curves is the rows themselves: a sample is one of them at random, so nothing about the
    measured problem is estimated and the gap between SGD and the exact road is due to the law of the data alone.
    The exponents speak of the law behind the rows: the label noise is taken off the signal, and the intervals are
    over rows. Ctrl-C during SGD raises errors.Interrupted, whose `partial` is the report without the curves.

    Parameters
    ----------
    data : str or Path or LoadedData or tuple[array_like, array_like]
        What `load_data` reads ("sklearn:digits", a file), what it returns, or (features, labels).
    kernel : DataKernel or str or None, default None
        Linear(), Rbf(), Laplace(), ArcCosine() of `riskcalc.dataset`, or in words, "rbf", "laplace:2"; its features
        are sketched. Linear() by default.
    task : str, default "auto"
        What the labels are: numbers, classes, or found out; see `riskcalc.dataset.prepared`.
    positive : str or None, default None
        Which class counts as +1, of two.
    standardise : bool, default True
        Whether columns are scaled to unit variance.
    rows : number, default 2000
        Most rows that are used, drawn with the seed.
    window : sequence of number or None, default None
        Directions (low, high) in which power laws are fitted; by default those that n rows resolve.
    level : number, default "0.95"
        Of the intervals, between 0 and 1.
    resamples : number, default 100
        Samples of the rows with replacement, for the intervals.
    model_size : number or None, default None
        M of SGD, by default 32 features or half of all directions.
    step_size : number, default "1/4"
        Gamma of SGD; the kernel is scaled to trace 1.
    batch_size : number, default 1
        B of SGD.
    steps : number or sequence of numbers or None, default None
        Of SGD, by default as many as rows.
    sketches : number, default 8
        Sketches that are averaged.
    runs : number, default 16
        Runs of SGD for each sketch.
    seed : number, default 0
        Of the sketches, the runs and the resampled rows.

    Returns
    -------
    DataReport
        Spectrum and signal with their fitted exponents and intervals, the phases that these allow, and the curves.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If SGD on the rows grows without bound at the step size; `partial` is the report without its curves, and
        `largest` the largest step size that is stable on all sketches.
    MissingDependency
        If the package that is needed is not installed.

    Notes
    -----
    Valid: at least 20 rows of finite numbers, labels that vary.

    Source: D36; D01 and D02 for the curves.

    Examples
    --------
    >>> report = analyse_data("sklearn:diabetes", sketches=2, runs=2, steps=[0, 100])
    >>> report.eigen.dimension, report.phase is None or report.phase.allowed != ()
    (10, True)
    """
    chosen = read_kernel(kernel)
    confidence = float(number(level, "level"))
    if not 0.5 <= confidence < 1:
        raise InvalidInput(f"level must be at least 0.5 and less than 1, not {level}")
    many, start = whole(resamples, "resamples", least=20), whole(seed, "seed")
    if many > _MOST_RESAMPLES:
        raise InvalidInput(f"resamples={many} is more than {_MOST_RESAMPLES}: ask for fewer")
    sgd = training(
        model_size=model_size,
        step_size=step_size,
        batch_size=batch_size,
        steps=steps,
        sketches=sketches,
        runs=runs,
    )
    loaded = _loaded(data)
    ready = prepared(
        loaded.features,
        loaded.labels,
        name=loaded.name,
        task=task,
        positive=positive,
        standardise=standardise,
        rows=rows,
        seed=start,
    )
    ready = replace(ready, notes=(*loaded.notes, *ready.notes))
    settled = chosen.settled(ready.features)
    eigen = decompose(settled, ready)
    noise = label_noise(eigen)
    fits = data_exponents(eigen, noise, window=window, level=confidence, resamples=many, seed=start)
    found = DataReport(
        rows=ready,
        kernel=settled.describe(),
        eigen=eigen,
        noise=noise,
        fits=fits,
        phase=None if fits.spectrum is None or fits.signal is None else data_phase(fits.spectrum, fits.signal),
        curves=None,
    )
    try:
        return replace(found, curves=data_curves(eigen, noise, fits, sgd, seed=start))
    except UnstableRun as unstable:
        limit = ""
        if unstable.largest is not None:
            limit = f", the largest that is stable on all being {_below(unstable.largest)}"
        raise UnstableRun(
            f"SGD on the rows is unstable at step_size {float(sgd.step_size):.6g} on sketches that were drawn{limit}: "
            "give a smaller one (spectrum and exponents are finished; in Python they are the error's `partial`)",
            largest=unstable.largest,
            partial=found,
        ) from unstable
    except KeyboardInterrupt:
        said = "interrupted: spectrum and exponents are finished, SGD on the rows is not"
        raise Interrupted(said, partial=found) from None


def _below(value: float) -> str:
    """Six digits, rounded down: a step size that is printed as stable is."""
    return f"{float(Context(prec=6, rounding=ROUND_DOWN).create_decimal(value)):.6g}"


def _loaded(data: object) -> LoadedData:
    if isinstance(data, LoadedData):
        return data
    if isinstance(data, str | Path):
        return load_data(data)
    if isinstance(data, tuple | list) and len(data) == 2:
        return LoadedData(name="data", features=data[0], labels=data[1])  # read by `prepared`
    raise InvalidInput("data must be a file, 'sklearn:NAME', or a pair (features, labels)")
