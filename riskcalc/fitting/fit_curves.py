"""Loss curves under learning-rate schedules, fitted by the theory's kernels, and what they say of other schedules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.fitting.curve_laws import CurveLaw
from riskcalc.fitting.curves_fit import CURVE_LOSS, CurvesFit, scaled
from riskcalc.fitting.joint_model import JointModel
from riskcalc.fitting.loss import Huber
from riskcalc.fitting.loss_curves import LossCurve
from riskcalc.fitting.robust import robust_fit
from riskcalc.fitting.run_times import RunTimes
from riskcalc.fitting.theory_law import TheoryLaw
from riskcalc.quantity import NumberLike, Real, flag, listed, number

_DECAY = 0.8  # of the largest step size: a run must fall below it for the noise to be seen
_MOST_RECORDS = 100  # of a curve that are used
_FEW_RECORDS = 20  # by which starts are compared
_MARKS = 32  # of each kind, between which a schedule is in pieces besides the records
_FINALISTS, _LAST, _ON_THE_WAY = 5, 2, 15  # how many of them go on, then again, and how far
_WIDE = Huber(0.1)  # least squares but for what is far off: its minimum is found from afar
_ITERATIONS = 100
_CORRECTIONS = 2  # for what pieces leave out
_BESIDE = np.array([-4.0, -2.0, 2.0, 4.0])  # along the valley of fits, where all records may like better
_FAINT = 1e-4  # a part that a start leaves out comes in at this share, so that it can grow


def fit_curves(curves: Sequence[LossCurve], *, tied: bool = True, level: NumberLike = "0.95") -> CurvesFit:
    """Fit loss curves of one model under several schedules.

    Parameters
    ----------
    curves : sequence of LossCurve
        What `loss_curve` and `load_curve` give; at least one whose step size falls. Of a long one 100 records are
        used.
    tied : bool, default True
        b = a. The source exponent s = (b - 1)/a, the floor, the noise and predictions do not need b apart from a: a
        and b lie in a valley of fits as good, and are given only as where the fit stands in it.
    level : number, default "0.95"
        Of the intervals, between 0 and 1.

    Returns
    -------
    CurvesFit
        Estimates, the floor, the source exponent, and `predict` for other schedules.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: L = L_inf + sum_j x_j, x_j <- (1 - 2y + (1 + 1/B) y^2) x_j + (y^2/B) L in a step, y = tau g j^-a, from
    x_j = S j^-b on. Huber loss of log L at 1e-3; L_inf, S, tau, 1/B > 0.

    Valid: one model size, one batch size; losses that fall.

    Source: D63.

    Examples
    --------
    >>> import numpy as np
    >>> from riskcalc import Cosine, loss_curve
    >>> steps = np.arange(500, 10_001, 500)
    >>> curves = [loss_curve(steps, 2 + 3 * (0.1 + steps) ** -0.3, Cosine("1/10"), name="one")]
    >>> fit = fit_curves(curves)
    >>> bool(abs(fit.predicted(curves[0]).loss[-1] / curves[0].losses[-1] - 1) < 0.05)
    True
    """
    read = read_curves(curves)
    law = TheoryLaw(tied=flag(tied, "tied"))
    confidence = float(number(level, "level"))
    if not 0.5 <= confidence < 1:
        raise InvalidInput(f"level must be at least 0.5 and less than 1, not {level}")
    check_decay_of_steps(read)
    found = fitted(law, read, level=confidence)
    share = law.share(found.shape)
    if not share < 1:
        raise InvalidInput(
            f"the fit has a step size feed {share:.3g} of the loss, and from 1 on a loss grows without end: these "
            "curves rise; give curves of a training that learns, from after its warm-up on"
        )
    return found


def read_curves(curves: object) -> tuple[LossCurve, ...]:
    """The curves, at least one."""
    found = [curves] if isinstance(curves, LossCurve) else list(listed(curves, "curves", "loss curves"))
    wrong = [type(one).__name__ for one in found if not isinstance(one, LossCurve)]
    if wrong or not found:
        raise InvalidInput(f"curves are made by loss_curve or load_curve, not {wrong[0] if wrong else 'none'}")
    return tuple(found)


def check_decay_of_steps(curves: Sequence[LossCurve]) -> None:
    """Without a decay of the step size, noise and floor are one constant."""
    largest = max(float(curve.pieces.sizes.max()) for curve in curves)
    least = min(float(curve.recorded_sizes.min()) / largest for curve in curves)
    if least > _DECAY:
        raise InvalidInput(
            f"no step size falls below {100 * _DECAY:.0f} % of the largest one (the least is {100 * least:.0f} %): "
            "what noise the step size feeds cannot be told from the floor; give one run whose step size decays"
        )


def fitted(law: CurveLaw, curves: tuple[LossCurve, ...], *, level: float) -> CurvesFit:
    """The best fit of a law, begun from its best fit of a few records, and from others along the valley there.

    What longer pieces of the schedule leave out is taken from the records.
    """
    unit = max(float(curve.pieces.sizes.max()) for curve in curves)
    runs, losses = _used(curves, unit, _MOST_RECORDS)
    start = _start(law, *_used(curves, unit, _FEW_RECORDS))
    model = JointModel(law=law, runs=runs, columns=start.size - law.starts(1.0).shape[1])
    data, free = np.log(losses), range(start.size)
    parameters = _lowest(model, data, np.vstack([start, law.beside(start, _BESIDE)]), free, iterations=_ON_THE_WAY)
    parameters = _lowest(model, data, parameters[:_LAST], free)[0]
    hidden = model.hidden(parameters)
    if hidden:  # what is not there is approached for ever
        start = parameters.copy()
        start[hidden] = -np.inf
        rest = tuple(place for place in free if place not in hidden)
        parameters = _lowest(model, data, start[None], rest)[0]
    fine = replace(model, runs=_whole(curves, unit, runs))
    rest = tuple(place for place in free if np.isfinite(parameters[place]))
    for _ in range(_CORRECTIONS):
        left_out = fine.values(parameters[None])[0] - model.values(parameters[None])[0]
        data = np.log(losses) - left_out
        parameters = _lowest(model, data, parameters[None], rest, iterations=_ON_THE_WAY)[0]
    return CurvesFit(
        law=law,
        curves=curves,
        unit=unit,
        shape=parameters[model.columns :],
        coefficients=np.exp(parameters[: model.columns]),
        model=model,
        residuals=data - model.values(parameters[None])[0],
        left_out=float(np.sqrt(np.mean(np.square(left_out)))),
        begins=tuple(np.cumsum([0, *(run.steps.size for run in runs[:-1])]).tolist()),
        level=level,
    )


def _used(curves: Sequence[LossCurve], unit: float, most: int) -> tuple[list[RunTimes], Real]:
    """At most so many records of each curve, and their losses, one run after another."""
    thinned = [_thinned(scaled(curve, unit), most) for curve in curves]
    runs = [RunTimes(pieces=curve.pieces, steps=curve.steps) for curve in thinned]
    return runs, np.concatenate([curve.losses for curve in thinned])


def _whole(curves: Sequence[LossCurve], unit: float, runs: Sequence[RunTimes]) -> list[RunTimes]:
    """The same records, with every piece that is known of their schedules."""
    pieces = (scaled(curve, unit).pieces for curve in curves)
    return [RunTimes(pieces=every, steps=run.steps) for every, run in zip(pieces, runs, strict=True)]


def _start(law: CurveLaw, runs: Sequence[RunTimes], losses: Real) -> Real:
    """Where a fit begins: of the law's starts, with the best coefficients >= 0 for each, what a few records like best.

    The most promising go on to their minimum. Parameters as `JointModel` has them.
    """
    tried = []
    shapes = law.starts(max(float(run.total[-1]) for run in runs))
    with np.errstate(all="ignore"):  # a start may be far off
        designs = law.design(runs, shapes)
    for shape, columns in zip(shapes, designs, strict=True):
        if np.isfinite(columns).all():
            found, cost = _solved(columns, losses)
            faint = _FAINT / np.abs(columns).max(axis=0)
            tried.append((cost, np.concatenate([np.log(np.maximum(found, faint)), shape])))
    tried.sort(key=lambda pair: pair[0])
    starts = np.array([start for _, start in tried[:_FINALISTS]])
    model = JointModel(law=law, runs=runs, columns=columns.shape[1])
    free = range(starts.shape[1])
    starts = _lowest(model, np.log(losses), starts, free, loss=_WIDE, iterations=_ON_THE_WAY)[:_LAST]
    return np.asarray(_lowest(model, np.log(losses), starts, free, iterations=_ON_THE_WAY)[0])


def _lowest(
    model: JointModel,
    data: Real,
    starts: Real,
    free: Sequence[int],
    *,
    loss: Huber = CURVE_LOSS,
    iterations: int = _ITERATIONS,
) -> Real:
    """Where the starts lead to, the best first."""
    ends = robust_fit(
        model, np.repeat(data[None], len(starts), axis=0), starts, free=free, loss=loss, iterations=iterations
    )
    return np.asarray(ends.parameters[np.argsort(ends.cost)])


def _solved(columns: Real, losses: Real) -> tuple[Real, float]:
    """Coefficients >= 0 by least squares of the relative residuals, and their mean size."""
    from scipy.optimize import nnls

    scale = np.maximum(np.abs(columns).max(axis=0), np.finfo(np.float64).tiny)
    relative = columns / (scale * losses[:, None])
    found, _ = nnls(relative, np.ones(losses.size))
    return found / scale, float(np.abs(1 - relative @ found).mean())


def _thinned(curve: LossCurve, most: int) -> LossCurve:
    """At most so many of its records, in pieces that end at them and at some more edges."""
    kept = np.unique(np.linspace(0, curve.steps.size - 1, min(most, curve.steps.size)).round().astype(int))
    steps = curve.steps[kept]
    pieces = curve.pieces.joined(np.union1d(steps, curve.pieces.marks(min(most, _MARKS))))
    return replace(curve, steps=steps, losses=curve.losses[kept], pieces=pieces)
