"""Loss curves under learning-rate schedules, fitted by the theory's kernels, and what they say of other schedules."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from riskcalc.errors import InvalidInput
from riskcalc.fitting.curve_laws import CurveLaw, TheoryLaw
from riskcalc.fitting.curves_fit import CurvesFit, scaled
from riskcalc.fitting.loss_curves import LossCurve
from riskcalc.quantity import NumberLike, Real, flag, listed, number

_HUBER = 1e-3
_REWEIGHTED = 4
_DECAY = 0.8  # of the largest step size: a run must fall below it for the noise to be seen
_MOST_RECORDS = 100  # of a curve that are used
_BUMP = 1e-4


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
    Formula: L = L_inf + S sum_j j^-b e^(-2 T/j^a) + n V, T = tau sum g, V the noise that the step size feeds and
    its decay takes away. Huber loss of log L at 1e-3; L_inf, S, n >= 0 by least squares inside, a, tau (b) outside.

    Valid: one model size, one batch size; step sizes small enough for gradient flow (the noise is an effective
    one).

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
    return fitted(law, read, level=confidence)


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
    """The best fit of a law, from its starts."""
    from scipy.optimize import minimize

    unit = max(float(curve.pieces.sizes.max()) for curve in curves)
    thinned = [_thinned(scaled(curve, unit)) for curve in curves]
    losses = np.concatenate([curve.losses for curve in thinned])

    def design(shape: Real) -> Real:
        return np.vstack([law.design(curve.pieces, curve.steps, shape) for curve in thinned])

    def cost(shape: Real) -> float:
        if np.abs(shape).max() > 30:
            return np.inf
        columns = design(shape)
        if not np.isfinite(columns).all():
            return np.inf
        return _solved(columns, losses)[1]

    coarse = {"xatol": 0.05, "fatol": 1e-7, "maxiter": 60}
    tried = [minimize(cost, start, method="Nelder-Mead", options=coarse) for start in law.starts]
    best = min(tried, key=lambda found: float(found.fun))
    options = {"xatol": 1e-3, "fatol": 1e-11, "maxiter": 4000}
    shape = np.asarray(minimize(cost, best.x, method="Nelder-Mead", options=options).x)
    coefficients = _solved(design(shape), losses)[0]
    predicted = design(shape) @ coefficients
    jacobian = _jacobian(design, shape, coefficients) / predicted[:, None]
    return CurvesFit(
        law=law,
        curves=curves,
        unit=unit,
        shape=shape,
        coefficients=coefficients,
        jacobian=jacobian,
        residuals=np.log(losses) - np.log(predicted),
        level=level,
    )


def _solved(columns: Real, losses: Real) -> tuple[Real, float]:
    """Coefficients >= 0, and the Huber cost of the relative residuals.

    They are reweighted a few times; relative and logarithmic residuals differ by their squares.
    """
    from scipy.optimize import nnls

    scale = np.abs(columns).max(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    relative = columns / (scale * losses[:, None])
    weights = np.ones(losses.size)
    for _ in range(_REWEIGHTED):
        root = np.sqrt(weights)
        found, _ = nnls(relative * root[:, None], root)
        left = np.abs(1 - relative @ found)
        weights = _HUBER / np.maximum(left, _HUBER)
    cost = np.where(left <= _HUBER, left**2 / 2, _HUBER * (left - _HUBER / 2)).sum()
    return found / scale, float(cost)


def _jacobian(design: Callable[[Real], Real], shape: Real, coefficients: Real) -> Real:
    """Derivatives of the loss by the coefficients, then by the shape."""
    rows = []
    for place in range(shape.size):
        moved = np.zeros(shape.size)
        moved[place] = _BUMP
        up, down = (design(shape + sign * moved) @ coefficients for sign in (1, -1))
        rows.append((up - down) / (2 * _BUMP))
    return np.column_stack([design(shape), *rows])


def _thinned(curve: LossCurve) -> LossCurve:
    if curve.steps.size <= _MOST_RECORDS:
        return curve
    kept = np.unique(np.linspace(0, curve.steps.size - 1, _MOST_RECORDS).round().astype(int))
    return LossCurve(name=curve.name, steps=curve.steps[kept], losses=curve.losses[kept], pieces=curve.pieces)
