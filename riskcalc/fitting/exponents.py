"""Exponents of a curve, with honest uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from riskcalc.errors import Interrupted, InvalidInput, ToleranceNotMet
from riskcalc.fitting.decay import check_decay, check_visible
from riskcalc.fitting.estimate import curve_fit
from riskcalc.fitting.interval import Interval, Studentised, read_interval, worst_case_limits
from riskcalc.fitting.loss import Loss, SoftL1, read_loss
from riskcalc.fitting.one_run import ROUNDING, Residuals
from riskcalc.fitting.report import ExponentFit, Limits, Term
from riskcalc.fitting.table import Table, TableLike, read_table
from riskcalc.fitting.window import cut
from riskcalc.quantity import Number, NumberLike, Real, is_several, listed, number, whole

_MOST_TERMS = 2
_UNEXPLAINED = 3.0  # residuals over standard errors: more than these explain
_BESIDE_NO_FLOOR = {  # by whether the intervals come from runs, or from the residuals of one
    True: "the intervals do not allow for a small one",
    False: "the intervals of one run allow for one",
}


def fit_exponents(
    data: TableLike,
    *,
    replicates: ArrayLike | None = None,
    terms: NumberLike = 1,
    floor: NumberLike | None = None,
    window: Sequence[NumberLike] | None = None,
    expected: NumberLike | Sequence[NumberLike | None] | None = None,
    level: NumberLike = "0.95",
    interval: Interval | None = None,
    loss: Loss | None = None,
    resolution: NumberLike = "0.01",
) -> ExponentFit:
    """Fit power laws over a floor to a risk curve, and say how well their exponents are known.

    The interval is for the exponent of this window: what the same fit gives for the exact mean curve. How far that
    is from the exponent at infinite time no sample says; the drift, the change of the local exponent across the
    window, is the scale of it.

    Parameters
    ----------
    data : RiskCurve or pair of array_like
        A RiskCurve (its excess risk is fitted), or (steps, excess); excess of shape (runs, steps) are replicates.
    replicates : array_like or None, default None
        Whole runs behind the curve, shape (runs, steps), such as MonteCarlo(...).samples(run). The interval comes
        from resampling them whole: what the steps of one run share is kept. With a standard error alone it is the
        widest that any correlation between the steps allows. Of one run alone it comes from the residuals, whose
        correlation along the run is estimated; a computed curve has none, only a drift.
    terms : number, default 1
        1 or 2.
    floor : number or None, default None
        A number to hold it, "known" for what the curve itself approaches, "fitted"; by default known where the
        curve says it, else fitted.
    window : sequence of number or None, default None
        None for all steps, (low, high), or "auto": the widest without visible drift.
    expected : number or sequence of number or None or None, default None
        The derived exponent, such as "7/10" (two terms: a pair, slowest first).
    level : number, default "0.95"
        Of the intervals, between 0 and 1.
    interval : Interval or None, default None
        Studentised() by default; Percentile(), BCa().
    loss : Loss or None, default None
        SoftL1("0.1") by default; Huber(scale).
    resolution : number, default "0.01"
        The drift that window="auto" allows a curve without sampling error.

    Returns
    -------
    ExponentFit
        Exponents with intervals and drift, the floor, the window.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: log E = log(floor + sum_k c_k t^-s_k), one or two terms, robust loss of the log residual.

    Valid: a curve in which a decay is visible through its noise, and which falls.

    Source: D28; D60 for one run.

    Examples
    --------
    >>> steps = np.geomspace(1, 1e4, 40)
    >>> fit = fit_exponents((steps, 0.02 + steps**-0.7), expected="7/10")
    >>> round(fit.exponent, 6), round(fit.floor, 6)
    (0.7, 0.02)
    """
    count = whole(terms, "terms", least=1)
    if count > _MOST_TERMS:
        raise InvalidInput(f"terms must be 1 or 2, not {terms}: curves do not determine more")
    confidence = float(number(level, "level"))
    if not 0.5 <= confidence < 1:
        raise InvalidInput(f"level must be at least 0.5 and less than 1, not {level}")
    hopes = _expected(expected, count)
    whole_table = read_table(data, replicates=replicates)
    held, source = _floor(whole_table, floor)
    loss = read_loss(loss, default=SoftL1())
    interval = read_interval(interval, default=Studentised())
    allowed = float(number(resolution, "resolution"))
    if allowed < 0:
        raise InvalidInput(f"resolution is the largest drift allowed and cannot be negative, as {resolution} is")
    table, chosen = cut(whole_table, window, terms=count, floor=held, loss=loss, resolution=allowed)
    if held is not None and held >= table.excess.max():
        raise InvalidInput(
            f"nothing decays above the floor {held:.6g}: the excess is at most {table.excess.max():.6g} here; "
            "give a lower floor, or have it fitted"
        )
    try:
        fit = curve_fit(table.steps, table.excess, terms=count, floor=held, loss=loss)
    except (InvalidInput, ToleranceNotMet):
        check_visible(table)  # which says more, where there is nothing to be fitted
        raise
    hidden = held is None and not fit.floor_is_visible()
    if hidden:
        # At the boundary of what a floor can be, no derivative and no bootstrap describes it.
        held, source = 0.0, f"fitted: none is visible, so 0 is held; {_BESIDE_NO_FLOOR[table.sampled]}"
        fit = curve_fit(table.steps, table.excess, terms=count, floor=held, loss=loss)
    judged = Residuals(fit=fit, excess=table.excess, hidden=hidden)
    check_decay(table, judged)
    found, slopes = (values[0] for values in fit.influence(table.excess[None]))
    if not np.isfinite(found).all():
        raise ToleranceNotMet("the drift in this window cannot be found: fit fewer terms, or widen the window")
    stopped = False
    try:
        limits, words = _limits(judged, slopes, table, level=confidence, interval=interval)
    except KeyboardInterrupt:
        limits, words, stopped = None, "none: stopped while the curve was resampled", True
    numerical = np.zeros(len(found)) if table.error is None else np.abs(slopes * table.excess).sum(axis=1) * table.error
    by_name = {name: _Found(found[place], limits, place, numerical[place]) for place, name in enumerate(fit.names)}
    answer = ExponentFit(
        terms=tuple(_term(by_name, place + 1, hopes[place]) for place in range(count)),
        floor=float(np.exp(fit.start[-1])),
        floor_interval=by_name["floor"].powers if held is None else None,
        floor_source=source,
        window=chosen,
        level=confidence,
        uncertainty=words,
        loss=loss.describe(),
        spread=judged.spread,
        data=table,
        whole=whole_table,
        parameters=fit.start,
    )
    if stopped:
        raise Interrupted("interrupted: the fit is finished, its intervals are not", partial=answer)
    return answer


class _Found:
    """One statistic with its limits."""

    def __init__(self, value: float, limits: Real | None, place: int, numerical: float) -> None:
        self.value, self.numerical = float(value), float(numerical)
        self.limits: Limits | None = None if limits is None else (float(limits[0, place]), float(limits[1, place]))

    @property
    def powers(self) -> Limits | None:
        """The limits of a logarithm as those of the number."""
        with np.errstate(over="ignore"):
            return None if self.limits is None else (float(np.exp(self.limits[0])), float(np.exp(self.limits[1])))


def _term(found: dict[str, _Found], place: int, expected: Number | None) -> Term:
    exponent, drift, coefficient = (found[f"{name}{place}"] for name in ("exponent", "drift", "coefficient"))
    return Term(
        exponent=exponent.value,
        interval=exponent.limits,
        coefficient=float(np.exp(coefficient.value)),
        coefficient_interval=coefficient.powers,
        drift=drift.value,
        drift_interval=drift.limits,
        numerical=exponent.numerical,
        expected=expected,
    )


def _limits(
    judged: Residuals, slopes: Real, table: Table, *, level: float, interval: Interval
) -> tuple[Real | None, str]:
    fit = judged.fit
    if table.replicates is not None:
        limits = interval.limits(fit, table.replicates, level=level)
        return limits, f"{interval.describe()} ({len(table.replicates)} replicates)"
    if table.standard_error is not None:
        limits = worst_case_limits(fit, table.excess, table.standard_error, level=level, runs=table.runs)
        words = "from standard errors alone: the widest that any correlation between steps allows"
        ratio = judged.spread / max(float(np.sqrt(np.mean((table.standard_error / table.excess) ** 2))), 1e-300)
        if ratio > _UNEXPLAINED:
            words += f"; the residuals are {ratio:.3g} times as large, which the law misses or those errors leave out"
        return limits, words
    if table.computed:
        return None, "none: the curve is not sampled, its resolution is the drift"
    if judged.spread <= ROUNDING:
        return None, "none: the curve is followed to rounding, so no noise is seen; its resolution is the drift"
    limits, noise = judged.limits(slopes, level)
    return limits, judged.describe(noise)


def _floor(table: Table, floor: NumberLike | None) -> tuple[float | None, str]:
    if floor is None:
        floor = "fitted" if table.floor is None else "known"
    if isinstance(floor, str) and floor == "fitted":
        return None, "fitted"
    if isinstance(floor, str) and floor == "known":
        if table.floor is None:
            raise InvalidInput("this table does not say its floor: give a number (0 for none), or have it fitted")
        return table.floor, f"held: {table.floor_source}"
    level = float(number(floor, "floor"))
    if level < 0:
        raise InvalidInput(f"the floor cannot be negative, as {floor} is")
    return level, "held: as asked"


def _expected(expected: object, count: int) -> list[Number | None]:
    given = list(listed(expected, "expected", "one exponent a term")) if is_several(expected) else [expected]
    if len(given) > count:
        raise InvalidInput(f"{len(given)} expected exponents for {count} terms: give at most one for each")
    given += [None] * (count - len(given))
    return [None if one is None else number(one, "expected") for one in given]
