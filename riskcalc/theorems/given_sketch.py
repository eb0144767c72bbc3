"""Theorem 6.1 of Lin et al.: the excess over the best sketched model, between bounds in the sketched spectrum."""

from __future__ import annotations

import numpy as np

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch
from riskcalc.quantity import Real, number, real_array, whole
from riskcalc.schedule import Schedule, checked_schedule, listed_sizes
from riskcalc.theorems.setting import last_iterate
from riskcalc.theorems.statement import Kind, Statement

_LONGEST = 10_000_000  # steps gone through one by one
_GAUSSIAN_MOMENT = 3.0  # alpha: E <u, x>^4 <= alpha (E <u, x>^2)^2


def bias(positions: Real, signal: Real, schedule: Schedule, *, horizon: int) -> float:
    """Their Bias: what gradient descent without noise leaves of the signal.

    Parameters
    ----------
    positions : array
        L_i, shape (M,).
    signal : array
        L_i theta*_i^2, shape (M,).
    schedule : Schedule
        Step sizes.
    horizon : int
        N, the number of steps.

    Returns
    -------
    float
        In the unit of the signal.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: sum_i l_i theta*_i^2 prod_t (1 - gamma_t l_i)^2. The exact bias has 1 - 2 gamma l + 2 gamma^2 l^2 in
    place of the square, and feedback.

    Valid: positions and signal of one length; any schedule.

    Source: Lin et al. (arXiv 2406.08466), section 4 and theorem 6.1.

    Examples
    --------
    >>> import numpy as np
    >>> from riskcalc import Constant
    >>> round(bias(np.array([1.0]), np.array([2.0]), Constant("1/2"), horizon=1), 12)
    0.5
    """
    positions, signal = _checked(positions, "positions"), _checked(signal, "signal")
    if positions.shape != signal.shape:
        raise InvalidInput(f"positions and signal must have one shape, not {positions.shape} and {signal.shape}")
    checked_schedule(schedule)
    horizon = whole(horizon, "horizon", least=1)
    stages = schedule.stages(horizon=horizon)
    if stages is None and horizon > _LONGEST:
        raise InvalidInput(f"this schedule is followed step by step: at most {_LONGEST:.0e} steps, not {horizon:.6g}")
    if schedule.peak(horizon=horizon) * positions.max() > 2:
        raise InvalidInput(
            f"step size {schedule.peak(horizon=horizon):.6g} is unstable in the direction of {positions.max():.6g}: "
            "gamma l must be at most 2; use a smaller step"
        )
    if stages is None:
        sizes = listed_sizes(schedule, 0, horizon, horizon=horizon)
        left = sum(_log_factor(size * positions) for size in sizes)
    else:
        left = sum((it.stop - it.start) * _log_factor(it.step_size * positions) for it in stages)
    return float(np.sum(signal * np.exp(2 * np.asarray(left))))


def variance(positions: Real, *, time: float, effective_samples: float) -> float:
    """Their Var, an effective dimension over N_eff. A definition: the exact variance is a multiple of it.

    Parameters
    ----------
    positions : array
        L_i, shape (M,).
    time : float
        N_eff gamma, positive.
    effective_samples : float
        N_eff, positive.

    Returns
    -------
    float
        Without a unit: times sigma2 it is a risk.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: (#{l_i >= 1/time} + time^2 sum_{l_i < 1/time} l_i^2)/N_eff with time = N_eff gamma.

    Valid: positions not negative.

    Source: Lin et al. (arXiv 2406.08466), section 4.

    Examples
    --------
    >>> variance(np.array([1.0, 0.1, 0.01]), time=20.0, effective_samples=100.0)
    0.0204
    """
    positions, time = _checked(positions, "positions"), float(number(time, "time"))
    samples = float(number(effective_samples, "effective_samples"))
    if min(time, samples) <= 0:
        raise InvalidInput(f"time and effective_samples must be positive, not {time} and {effective_samples}")
    learnt = positions >= 1 / time
    return float((np.count_nonzero(learnt) + np.sum((time * positions[~learnt]) ** 2)) / samples)


def theorem_61(run: Run, *, sketch_seed: int = 0) -> tuple[Statement, Statement]:
    """The excess over the best sketched model (bias + variance) from below and from above.

    Parameters
    ----------
    run : Run
        At its last step, under the halving schedule with batch size 1.
    sketch_seed : int, default 0
        Of the sketch, as on the road Exact(seed=...).

    Returns
    -------
    tuple of Statement
        From below and from above.

    Raises
    ------
    InvalidInput
        If an argument is not of its kind or not in its range; the message names it and says what to give.

    Notes
    -----
    Formula: Bias + sigma2 Var from below, Bias + (alpha |w|_H^2 + sigma2) Var from above, alpha = 3 for Gaussian
    data.

    Valid: finite dimension, halving schedule, batch size 1, end of the run, gamma < 1/(alpha tr S H S^T).

    Source: Lin et al. (arXiv 2406.08466), theorem 6.1.

    Examples
    --------
    >>> from riskcalc import Geometric, PowerLaw, PowerLawSignal, Problem, Run
    >>> problem = Problem(spectrum=PowerLaw(a=2, dimension=40), signal=PowerLawSignal(b=2), noise=1)
    >>> run = Run(problem, model_size=10, schedule=Geometric("1/10"), steps=[1024])
    >>> below, above = theorem_61(run)
    >>> sum(below.terms.values()) < sum(above.terms.values())
    True
    """
    setting, seed = last_iterate(run), whole(sketch_seed, "sketch_seed")
    if run.problem.dimension is None:
        raise InvalidInput("theorem 6.1 is about one drawn sketch: give the problem a finite dimension")
    size = whole(run.model_size, "model_size", least=1)
    sketch = gaussian_sketch(model_size=size, dimension=run.problem.dimension, seed=seed)
    modes = sketch_modes(run.problem, sketch)
    largest = 1 / (_GAUSSIAN_MOMENT * float(modes.position.sum()))
    if setting.step_size > largest:
        raise InvalidInput(
            f"theorem 6.1 needs gamma <= 1/(3 c tr S H S^T) with a constant c >= 1 it does not give, so at most "
            f"{largest:.4g}, not {setting.step_size:.4g}: use a smaller step"
        )
    slow = bias(modes.position, modes.signal, run.schedule, horizon=run.horizon)
    noisy = variance(modes.position, time=setting.time, effective_samples=setting.effective_samples)
    level = _GAUSSIAN_MOMENT * float(run.problem.signal_power().sum())
    provided = ("gamma <= 1/(c alpha tr S H S^T) with a constant c that the paper does not give",)
    below, above = (
        Statement(theorem="6.1", kind=kind, terms={"bias": slow, "variance": drive * noisy}, provided=provided)
        for kind, drive in ((Kind.LOWER, setting.noise), (Kind.UPPER, level + setting.noise))
    )
    return below, above


def _log_factor(reach: Real) -> Real:
    """log |1 - gamma l|; -inf where one step removes all."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.abs(1 - reach)))


def _checked(values: object, name: str) -> Real:
    array = real_array(values, name, needed="a vector of real numbers")
    if array.ndim != 1 or array.size == 0 or not (np.isfinite(array) & (array >= 0)).all():
        raise InvalidInput(f"{name} must be a nonempty vector of finite numbers that are not negative")
    return array
