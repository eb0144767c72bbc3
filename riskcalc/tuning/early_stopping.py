"""`early_stopping`: after how many steps gradient descent on a data set should end, beside the ridge that is best."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskcalc.curve import RiskCurve, Run
from riskcalc.equivalent import Equivalent
from riskcalc.equivalent.reuse.setting import setting_of
from riskcalc.least_squares import tuned_ridge
from riskcalc.optimiser import Optimiser
from riskcalc.order import FullBatch
from riskcalc.problem import Problem
from riskcalc.quantity import NumberLike, held, number, of_type
from riskcalc.schedule import Constant
from riskcalc.tuning.counted import curve_at
from riskcalc.tuning.only_sgd import require_sgd

_SETTLED = 1e3  # gamma k times the floor u, where nothing of the noise-free fit is left to come
_A_DECADE = 8
_POINTS = 24  # of one zoom
_ZOOMS = 3
_LONGEST = 10**17
_TOLERANCE, _TIGHT = 1e-7, 1e-9  # of the coarse grid, which only brackets, and of the answer


@dataclass(frozen=True, kw_only=True)
class EarlyStopping:
    """The best number of full-batch steps.

    steps: None where the risk falls to the end: then descent need not stop; 0 where it should not begin. curve: at the
    best steps. excess, error: there, with its stated relative error. settled: the excess without stopping.
    ridge, ridge_excess: the best ridge on the same features and samples; inf where it leaves the model at zero.
    """

    steps: int | None
    excess: float
    error: float
    settled: float
    ridge: float
    ridge_excess: float
    curve: RiskCurve


def early_stopping(
    problem: Problem,
    *,
    model_size: NumberLike,
    samples: NumberLike,
    step_size: NumberLike,
    optimiser: Optimiser | str | None = None,
) -> EarlyStopping:
    """The number of gradient-descent steps after which the expected risk is smallest, and the best ridge beside it.

    Parameters
    ----------
    problem : Problem
        What is learnt: a Problem, of one output.
    model_size : number
        M, the number of features.
    samples : number
        N, the size of the data set.
    step_size : number
        The step size gamma, constant; exact where it is text, such as "3/10".
    optimiser : Optimiser or str or None, default None
        SGD(), which it is for; any other is refused.

    Returns
    -------
    EarlyStopping
        `steps` and `excess` at the best stop, and the best ridge with its excess.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.
    UnstableRun
        If the run grows without bound at this step size.
    ToleranceNotMet
        If no computation states an error within the tolerance.

    Notes
    -----
    Formula: min over k of the excess of FullBatch(samples=N) at constant step size: about eight counts a decade,
    then the valley of the best one, three times ever finer, and a parabola in log k.

    Valid: the equivalent, a stable step size; up to 1e17 steps. One valley is assumed.

    Source: D56; law k* ~ N^{a/b}: D57.

    Examples
    --------
    >>> from riskcalc import PowerLaw, PowerLawSignal, Problem
    >>> problem = Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="3/2"), noise=1)
    >>> found = early_stopping(problem, model_size=300, samples=100, step_size="3/10")
    >>> found.steps, f"{found.excess:.4f} {found.ridge_excess:.4f}"
    (671, '0.6460 0.6274')
    """
    of_type(problem, Problem, "problem", "a Problem(...)")
    require_sgd(
        optimiser,
        of="early_stopping",
        because="with a data set the equivalent is for the last iterate of SGD(); MonteCarlo() follows every optimiser",
    )
    run = Run(
        problem, model_size=model_size, schedule=Constant(step_size), steps=[1], data=FullBatch(samples=samples)
    )
    size, count = float(Constant(step_size).step_size), number(samples, "samples")
    floor = setting_of(run, count).marks.floor
    last = min(_LONGEST, math.ceil(_SETTLED / (size * floor)))
    grid = _answered(
        run, np.append(0, np.geomspace(1, last, 2 + _A_DECADE * math.ceil(math.log10(last)))), tolerance=_TOLERANCE
    )
    best = int(np.argmin(grid.excess))
    settled = float(grid.excess[-1])
    falls = best == len(grid.steps) - 1 or grid.excess[best] >= settled
    steps = None if falls else 0 if best == 0 else _best_steps(run, grid, best)
    # late steps are known to fewer digits, and a contour that serves them is not wanted for the best ones
    wanted, known = (steps, _TIGHT) if steps is not None else (last, _TOLERANCE)
    curve = _answered(run, np.array([wanted]), tolerance=known)
    tuned = tuned_ridge(problem, model_size=model_size, samples=count)
    ridge, ridge_excess = tuned.ridge, tuned.excess
    if grid.excess[0] < ridge_excess:
        ridge, ridge_excess = math.inf, float(grid.excess[0])
    return EarlyStopping(
        steps=steps,
        excess=float(curve.excess[0]),
        error=held(curve.error, "the error"),
        settled=settled,
        ridge=ridge,
        ridge_excess=ridge_excess,
        curve=curve,
    )


def _answered(run: Run, counts: Any, *, tolerance: float = _TIGHT) -> RiskCurve:
    return curve_at(run, counts.tolist(), method=Equivalent(tolerance=tolerance))


def _best_steps(run: Run, curve: RiskCurve, best: int) -> int:
    """In the valley round one of the recorded steps."""
    for _ in range(_ZOOMS):
        low, high = (max(1, curve.steps[max(0, min(place, len(curve.steps) - 1))]) for place in (best - 1, best + 1))
        curve = _answered(run, np.geomspace(low, high, _POINTS))
        best = int(np.argmin(curve.excess))
        if high - low < _POINTS:
            return curve.steps[best]
    inside = slice(max(0, best - 2), best + 3)
    x, y = np.log(np.array(curve.steps[inside], dtype=float)), curve.excess[inside]
    bend, slope, _ = np.polyfit(x - x.mean(), y / y.min() - 1, 2)
    if bend <= 0:
        return curve.steps[best]
    return round(math.exp(min(x[-1], max(x[0], x.mean() - slope / (2 * bend)))))
