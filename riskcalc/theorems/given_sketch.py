"""Theorem 6.1 of Lin et al.: the excess over the best sketched model, between bounds in the sketched spectrum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from riskcalc.curve import Run
from riskcalc.errors import InvalidInput
from riskcalc.exact.given_sketch import sketch_modes
from riskcalc.problem import gaussian_sketch
from riskcalc.quantity import whole
from riskcalc.schedule import Schedule
from riskcalc.theorems.setting import last_iterate
from riskcalc.theorems.statement import Kind, Statement

Real = NDArray[np.float64]

_GAUSSIAN_MOMENT = 3.0  # alpha: E <u, x>^4 <= alpha (E <u, x>^2)^2


def bias(positions: Real, signal: Real, schedule: Schedule, *, horizon: int) -> float:
    """Their Bias: what gradient descent without noise leaves of the signal.

    Formula: sum_i l_i theta*_i^2 prod_t (1 - gamma_t l_i)^2. The exact bias has 1 - 2 gamma l + 2 gamma^2 l^2 in
    place of the square, and feedback.
    positions: l_i, shape (M,). signal: l_i theta*_i^2, shape (M,).
    Source: Lin et al. (arXiv 2406.08466), section 4 and theorem 6.1.
    """
    stages = schedule.stages(horizon=horizon)
    if stages is None:
        sizes = schedule.step_sizes(0, horizon, horizon=horizon)
        left = sum(np.log(np.abs(1 - size * positions)) for size in sizes)
    else:
        left = sum((it.stop - it.start) * np.log(np.abs(1 - it.step_size * positions)) for it in stages)
    return float(np.sum(signal * np.exp(2 * np.asarray(left))))


def variance(positions: Real, *, time: float, effective_samples: float) -> float:
    """Their Var, an effective dimension over N_eff. A definition: the exact variance is a multiple of it.

    Formula: (#{l_i >= 1/time} + time^2 sum_{l_i < 1/time} l_i^2)/N_eff with time = N_eff gamma.
    positions: l_i, shape (M,).
    Source: Lin et al. (arXiv 2406.08466), section 4.

    >>> variance(np.array([1.0, 0.1, 0.01]), time=20.0, effective_samples=100.0)
    0.0204
    """
    learnt = positions >= 1 / time
    return float((np.count_nonzero(learnt) + np.sum((time * positions[~learnt]) ** 2)) / effective_samples)


def theorem_61(run: Run, *, sketch_seed: int = 0) -> tuple[Statement, Statement]:
    """The excess over the best sketched model (bias + variance) from below and from above.

    Formula: Bias + sigma2 Var from below, Bias + (alpha |w|_H^2 + sigma2) Var from above, alpha = 3 for Gaussian data.
    Valid: finite dimension, halving schedule, batch size 1, end of the run, gamma < 1/(alpha tr S H S^T).
    sketch_seed: of the sketch, as on the road Exact(seed=...).
    Source: Lin et al. (arXiv 2406.08466), theorem 6.1.
    """
    setting = last_iterate(run)
    if run.problem.dimension is None:
        raise InvalidInput("theorem 6.1 is about one drawn sketch: give the problem a finite dimension")
    size = whole(run.model_size, "model_size", least=1)
    sketch = gaussian_sketch(model_size=size, dimension=run.problem.dimension, seed=sketch_seed)
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
