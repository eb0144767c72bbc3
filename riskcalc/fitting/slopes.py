"""Local exponents: the logarithmic derivative of the decaying part over a stated width."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.fitting.table import TableLike, read_table
from riskcalc.quantity import NumberLike, Real, number

_FEWEST_POINTS = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class LocalExponents:
    """exponents: -d log(E - floor)/d log t at `steps`, each a least-squares slope over `decades` around it.

    standard_error: from the replicates, whole; None where there are none. The floor counts as known.
    """

    steps: Real
    exponents: Real
    standard_error: Real | None
    decades: float
    floor: float


def read_width(decades: NumberLike) -> float:
    """The stretch of log10 t behind a slope; it is positive."""
    width = float(number(decades, "decades"))
    if width <= 0:
        raise InvalidInput(f"decades must be positive, not {decades}")
    return width


def local_exponents(
    data: TableLike, *, floor: NumberLike = "known", decades: NumberLike = "1/2", replicates: ArrayLike | None = None
) -> LocalExponents:
    """The local exponent along a curve.

    Points at or below the floor have no logarithm; a slope ends where they begin.

    Parameters
    ----------
    data : RiskCurve or pair of array_like
        As for `fit_exponents`.
    floor : number, default "known"
        "known" (of a RiskCurve) or a number.
    decades : number, default "1/2"
        Width of the stretch of log t behind each slope; steps closer than half of it to either end have none.
    replicates : array_like or None, default None
        As for `fit_exponents`.

    Returns
    -------
    LocalExponents
        Steps and exponents, shape (slopes,), with standard errors where there are replicates.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Valid: decades > 0; a positive curve above the floor.

    Source: D28.

    Examples
    --------
    >>> steps = np.geomspace(1, 1000, 31)
    >>> found = local_exponents((steps, 3 * steps**-0.7), floor=0)
    >>> float(found.exponents[0].round(12)), float(found.steps[0].round(3))
    (0.7, 1.995)
    """
    table = read_table(data, replicates=replicates)
    if isinstance(floor, str) and floor == "known":
        if table.floor is None:
            raise InvalidInput("this table does not say its floor: give floor= a number (0 for none)")
        level = table.floor
    else:
        level = float(number(floor, "floor"))
    width = read_width(decades)
    x, above = np.log10(table.steps), table.excess - level
    inside = (x - x[0] >= width / 2 - 1e-9) & (x[-1] - x >= width / 2 - 1e-9)
    places, exponents, errors = [], [], []
    for place in np.flatnonzero(inside):
        near = np.abs(x - x[place]) <= width / 2 + 1e-9
        if near.sum() < _FEWEST_POINTS or (above[near] <= 0).any():
            continue
        offset = np.log(table.steps[near]) - np.log(table.steps[near]).mean()
        weights = -offset / (offset @ offset)
        places.append(place)
        exponents.append(weights @ np.log(above[near]))
        if table.replicates is not None:
            influence = table.replicates[:, near] @ (weights / above[near])
            errors.append(influence.std(ddof=1) / np.sqrt(len(influence)))
    if not places:
        raise InvalidInput(
            f"no step has {_FEWEST_POINTS} points above the floor within {width:g} decades around it: use more "
            "decades, record more steps, or give a lower floor"
        )
    return LocalExponents(
        steps=table.steps[places],
        exponents=np.array(exponents),
        standard_error=None if table.replicates is None else np.array(errors),
        decades=width,
        floor=level,
    )
