"""How much larger what an inverse transform adds up is than what it returns, in runs without a drive.

Formula: at the end of T steps of a stage that began with x_n on the modes, the transform adds up x_n/(p + p_n - nu) at
|p| of the order of 1/T, of which modes that have not died out (p_n T < 80) keep the size x_n min(T, 1/(p_n - nu)); what
it returns is T times sum x_n exp(-(p_n - nu) T). The quotient multiplies its roundings: a slow mode that begins with
little is all that is left at last. Feedback, which a run without a drive has little of, is left out. Source: D37.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from riskcalc.dynamics.dead_modes import DEAD
from riskcalc.quantity import Real
from riskcalc.schedule import Stage
from riskcalc.spectral.modes import Modes

_MOST = 1e12  # beyond it nothing is known anyway


def magnified(modes: Modes, stages: Sequence[Stage], step: float, *, batch_size: int) -> float:
    """The quotient at this step, for the stage it lies in; at least 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.abs(modes.signal)).astype(np.float64)
        for stage in stages:
            duration = min(step, stage.stop) - stage.start
            if duration <= 0:
                break
            loss = modes.decrement(stage.step_size, batch_size)
            rates = np.abs(loss).astype(np.float64)
            if step > stage.stop:
                logs = logs + duration * np.log(np.abs(1 - loss)).astype(np.float64)
                continue
            return _quotient(logs, rates, duration)
    return 1.0


def _quotient(logs: Real, rates: Real, duration: float) -> float:
    beyond = rates - rates.min(initial=np.inf)
    alive = (rates * duration < DEAD) & np.isfinite(logs)
    if not alive.any():
        return 1.0
    added = _log_sum(logs[alive] - np.log(np.maximum(beyond[alive], 1 / duration)))
    returned = _log_sum(logs[alive] - beyond[alive] * duration) + np.log(duration)
    return float(np.exp(np.clip(added - returned, 0.0, np.log(_MOST))))


def _log_sum(logs: Real) -> float:
    most = float(logs.max())
    return most + float(np.log(np.sum(np.exp(logs - most))))
