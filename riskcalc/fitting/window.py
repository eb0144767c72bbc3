"""The window of a fit: asked for, everything, or the largest in which no drift is seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskcalc.errors import InvalidInput, ToleranceNotMet
from riskcalc.fitting.estimate import CurveFit, curve_fit
from riskcalc.fitting.interval import standard_errors
from riskcalc.fitting.loss import Loss
from riskcalc.fitting.table import Table
from riskcalc.quantity import Real, listed, number, shown

_EDGES = 12  # candidates for either end of a window
_LEVEL = 0.95
_LARGEST = 1e200  # and its inverse the smallest, so that products stay in range
SHORTEST = 1.0  # decades: the smallest window that is chosen by itself


@dataclass(frozen=True, kw_only=True)
class Window:
    """first, last: the steps at its ends. points: recorded steps inside. chosen: how, in words."""

    first: float
    last: float
    points: int
    chosen: str

    @property
    def decades(self) -> float:
        return float(np.log10(self.last / self.first))


def cut(
    table: Table, window: object, *, terms: int, floor: float | None, loss: Loss, resolution: float
) -> tuple[Table, Window]:
    """The part of the table to be fitted, and what was chosen.

    window: None for all steps; (low, high); or "auto", the widest window, at least a decade, in which the drift of
    the slowest term is within its uncertainty: its 95 % Student interval holds 0, or, for curves without sampling
    error, |drift| <= resolution. What a noisy curve hides no rule finds: "no drift seen" is not "no drift".
    """
    parameters = 2 * terms + (floor is None)
    fewest = parameters + 2
    if window is None:
        part, chosen = table, "all recorded steps"
    elif isinstance(window, str) and window == "auto":
        part, chosen = _widest_without_drift(
            table, fewest=fewest, terms=terms, floor=floor, loss=loss, allowed=resolution
        )
    else:
        low, high = _ends(window)
        part, chosen = table.between(low, high), f"asked for: {low:.6g} to {high:.6g}"
    if len(part.steps) < fewest:
        raise InvalidInput(
            f"{len(part.steps)} recorded steps lie in the window, but a fit of {parameters} parameters needs at least "
            f"{fewest}: widen the window or record more steps"
        )
    _check_positive(part)
    first, last = float(part.steps[0]), float(part.steps[-1])
    return part, Window(first=first, last=last, points=len(part.steps), chosen=chosen)


def _widest_without_drift(
    table: Table, *, fewest: int, terms: int, floor: float | None, loss: Loss, allowed: float
) -> tuple[Table, str]:
    x = np.log10(table.steps)
    edges = np.unique(np.searchsorted(x, np.linspace(x[0], x[-1], _EDGES + 1) - 1e-9).clip(0, len(x) - 1))
    candidates = [(x[last] - x[first], last, first) for first in edges for last in edges if last > first]
    for width, last, first in sorted(candidates, reverse=True):
        if width < SHORTEST - 1e-9:
            break
        part = table.between(table.steps[first], table.steps[last])
        if len(part.steps) < fewest + 2 or not _fits(part.excess):
            continue
        try:
            fit = curve_fit(part.steps, part.excess, terms=terms, floor=floor, loss=loss)
        except (InvalidInput, ToleranceNotMet):
            continue
        if _drift_is_small(fit, part, allowed):
            rule = "its drift is within its 95 % uncertainty" if part.sampled else f"|drift| <= {allowed:g}"
            if not (part.sampled or part.computed):
                rule += " or two standard errors of independent noise"
            return part, f"chosen automatically, the widest in which {rule}"
    raise ToleranceNotMet(
        f"no window of a decade or more is without drift (of {len(candidates)} tried): give a window, raise the "
        "resolution, or fit two terms"
    )


def _drift_is_small(fit: CurveFit, part: Table, allowed: float) -> bool:
    from scipy.stats import t

    found, slopes = fit.influence(part.excess[None])
    place = fit.names.index("drift1")
    drift = float(found[0, place])
    if part.replicates is not None:
        error = float(standard_errors(slopes, part.replicates)[0, place])
        bound = error * t.ppf((1 + _LEVEL) / 2, len(part.replicates) - 1)
    elif part.standard_error is not None:
        bound = 1.96 * float((np.abs(slopes[0, place]) * part.standard_error).sum())
    elif part.computed:
        bound = allowed
    else:
        # Neighbours tell the noise of a record apart from what the model misses.
        second = np.diff(np.log(part.excess) - fit.model.values(fit.start[None])[0], n=2)
        noise = float(np.sqrt(np.mean(second**2) / 6))
        bound = max(allowed, 2 * noise * float(np.linalg.norm(slopes[0, place] * part.excess)))
    return bool(abs(drift) <= bound)


def _ends(window: object) -> tuple[float, float]:
    pair = listed(window, "window", "None, 'auto' or a pair (low, high)")
    if len(pair) != 2:
        raise InvalidInput(f"window must be None, 'auto' or a pair (low, high), not {shown(window)}")
    low, high = (float(number(end, "window")) for end in pair)
    if not 0 < low < high:
        raise InvalidInput(f"a window needs 0 < low < high, not {low:g} to {high:g}")
    return low, high


def _fits(values: Real) -> bool:
    return bool(((values >= 1 / _LARGEST) & (values <= _LARGEST)).all())


def _check_positive(part: Table) -> None:
    values = part.excess
    if not _fits(values):
        place = int(np.argmax(~((values >= 1 / _LARGEST) & (values <= _LARGEST))))
        raise InvalidInput(
            f"the excess is {values[place]:.6g} at step {part.steps[place]:.6g}, but a power law is positive (here "
            f"also between {1 / _LARGEST:.0e} and {_LARGEST:.0e}): cut the window before it, or "
            "give a curve that is so large or small throughout in another unit"
        )
