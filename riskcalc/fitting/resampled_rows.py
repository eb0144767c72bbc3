"""The spread of a fitted law over its rows, resampled one by one or in whole groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import InvalidInput
from riskcalc.fitting.forms import FLOOR, Form
from riskcalc.fitting.loss import Loss
from riskcalc.fitting.robust import robust_fit
from riskcalc.quantity import Array, Real

UNSEEN = 1e-6  # share of the loss of a constant that is not there
_FEWEST_GROUPS = 8
_FAINT = -6.0  # log of the share of the smallest loss at which a floor of 0 is let in again


def groups_of(groups: ArrayLike | None, rows: Real) -> Array:
    """The group of each row, counted from 0; every row its own where none are given, with what repeats it.

    rows: the numbers of each, shape (rows, columns). A row that is there twice was measured once.
    """
    count = len(rows)
    if groups is None:
        return _numbered(rows)
    try:
        names = np.asarray(groups)
    except ValueError:
        raise InvalidInput("groups name the run of each row: one number or word a row") from None
    if names.shape != (count,):
        raise InvalidInput(f"groups name the run of each of the {count} rows, but their shape is {names.shape}")
    found = _numbered(names.astype(str)[:, None])
    if found.max() + 1 < _FEWEST_GROUPS:
        raise InvalidInput(
            f"{found.max() + 1} groups are too few to be resampled: give at least {_FEWEST_GROUPS}, or none"
        )
    return found


def _numbered(rows: Array) -> Array:
    """Which of the different rows each is, in the order in which they come: so names have no part in a resample."""
    _, first, place = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[place.reshape(len(rows))])


def let_in(start: Real, free: Sequence[int], logarithms: Real) -> Real:
    """The start of a resample: a floor that was not seen comes in small, so that it can grow."""
    hidden = np.isneginf(start) & np.isin(np.arange(start.size), free)
    return np.where(hidden, logarithms.min() + _FAINT, start)


def without_faint_floors(parameters: Real, logarithms: Real) -> Real:
    """Constants that no loss shows as none: a floor that is not there is approached, and never met."""
    found = np.array(parameters)
    found[found[:, FLOOR] < logarithms.min() + np.log(UNSEEN), FLOOR] = -np.inf
    return found


def bias_corrected(draws: Real, estimate: Real, level: float, *, units: int) -> Real:
    """Limits from resamples, shape (2, ...); draws: of each quantity, shape (resamples, ...), nan in none of them.

    units: how many rows, groups or replicates were resampled.
    Formula: the quantiles Phi(2 z0 -+ r) of the draws, z0 the normal quantile of the share of them below the estimate,
        ties by half; r = t (n/(n - 1))^(1/2), t the Student quantile for n units: percentiles, moved by twice what the
        estimate is off the median of its resamples, and expanded by what resamples of n are too narrow.
    Source: D62; Efron (1987), bias-corrected percentiles; Hesterberg (2015), expanded ones.
    """
    from scipy.special import ndtr, ndtri
    from scipy.stats import t

    below = (draws < estimate).mean(axis=0) + (draws == estimate).mean(axis=0) / 2
    edge = 0.5 / len(draws)
    centre = 2 * ndtri(np.clip(below, edge, 1 - edge))
    reach = t.ppf((1 + level) / 2, units - 1) * np.sqrt(units / (units - 1))
    ordered = np.sort(draws, axis=0)
    places = [np.ceil(ndtr(centre + side * reach) * len(draws)).astype(int) - 1 for side in (-1, 1)]
    ends = [np.take_along_axis(ordered, place.clip(0, len(draws) - 1)[None], axis=0)[0] for place in places]
    return np.array(ends)


def resampled(
    form: Form,
    logarithms: Real,
    start: Real,
    *,
    free: tuple[int, ...],
    loss: Loss,
    groups: Array,
    resamples: int,
    seed: int,
) -> Real:
    """Parameters of fits to rows drawn with replacement.

    Shape (resamples, parameters); rows of fits that did not converge are left out.
    Source: D62.
    """
    count = int(groups.max()) + 1
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), resamples)
    weights = drawn[:, groups].astype(np.float64)
    begin = np.repeat(let_in(start, free, logarithms)[None], resamples, axis=0)
    data = np.repeat(logarithms[None], resamples, axis=0)
    found = robust_fit(form, data, begin, free=free, loss=loss, weights=weights)
    return np.asarray(found.parameters[found.converged])
